// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs the real {@code sandbox learn}. */
public final class Learn {
    private Learn() {}

    /** The command with these arguments. */
    public static Child command(String... arguments) {
        return command(List.of(arguments));
    }

    public static Child command(List<String> arguments) {
        return Child.of(words(arguments));
    }

    public static List<String> words(List<String> arguments) {
        return verb("learn", arguments);
    }

    /** A verb that records, with these arguments. */
    public static List<String> verb(String verb, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(Dist.command("sandbox").toString());
        words.add(verb);
        words.addAll(arguments);
        return words;
    }

    /** The calls learned from a program, and the result of its run with its own streams. */
    public record Learned(Set<String> calls, Finished run) {}

    /** Words before a command that make it run as the user nobody. */
    public static List<String> nobody() {
        return List.of(
                LiveKernel.requireProgram("setpriv").toString(),
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--inh-caps=-all",
                "--bounding-set=-all");
    }

    /**
     * Learns a program that runs in {@code folder}; the recording must be complete and say nothing
     * else.
     *
     * @param prefix words before our command, such as {@link #nobody}
     */
    public static Learned program(
            List<String> prefix,
            List<String> options,
            List<String> program,
            Map<String, String> environment,
            Path folder)
            throws IOException, InterruptedException {
        Path lists = Files.createTempDirectory("sandbox-it");
        open(lists);
        Path list = lists.resolve("list");
        try {
            List<String> arguments = new ArrayList<>(prefix);
            arguments.addAll(words(List.of()));
            arguments.addAll(options);
            arguments.addAll(List.of("-q", "-o", list.toString(), "--"));
            arguments.addAll(program);
            Finished run = Child.of(arguments).with(environment).in(folder).run();
            assertEquals(List.of(), run.messages(), "messages of sandbox learn");
            return new Learned(SyscallNames.parse(Files.readString(list)), run);
        } finally {
            Files.deleteIfExists(list);
            Files.deleteIfExists(lists);
        }
    }

    /** Opens the folder for other users. */
    public static void open(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
}
