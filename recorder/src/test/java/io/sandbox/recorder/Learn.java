package io.sandbox.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs the real {@code sandbox-learn}. */
final class Learn {
    private Learn() {}

    /** With these arguments, options of ours first. */
    static Child command(String... arguments) {
        return command(List.of(arguments));
    }

    static Child command(List<String> arguments) {
        return Child.of(words(arguments));
    }

    static List<String> words(List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(Dist.learn().toString());
        words.addAll(arguments);
        return words;
    }

    /**
     * What was learned of a program, and the run of the program itself, its own streams untouched.
     */
    record Learned(Set<String> calls, Finished run) {}

    /**
     * Learns a program that runs in {@code folder}; the recording must be complete and say nothing
     * else.
     */
    static Learned program(List<String> program, Map<String, String> environment, Path folder)
            throws IOException, InterruptedException {
        Path list = Files.createTempFile("sandbox-it", ".list");
        try {
            List<String> arguments = new ArrayList<>(List.of("-q", "-o", list.toString(), "--"));
            arguments.addAll(program);
            Finished run = command(arguments).with(environment).in(folder).run();
            assertEquals(List.of(), run.messages(), "messages of sandbox-learn");
            return new Learned(SyscallNames.parse(Files.readString(list)), run);
        } finally {
            Files.deleteIfExists(list);
        }
    }
}
