// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs the real {@code sandbox learn}. */
public final class Learn {
    private Learn() {}

    /** The command with the words of this line: see {@link Words}. */
    public static Child command(String line, Object... values) {
        return Child.of("sandbox learn " + line, values);
    }

    public static Child command(List<String> arguments) {
        return command("%s", arguments);
    }

    public static List<String> words(String line, Object... values) {
        return Words.of("sandbox learn " + line, values);
    }

    /** The calls learned from a program, and the result of its run with its own streams. */
    public record Learned(Set<String> calls, Finished run) {}

    /** Words before a command that make it run as the user nobody. */
    public static List<String> nobody() {
        return Words.of("%s --inh-caps=-all --bounding-set=-all", asNobody());
    }

    /** The same, but a program gets the capabilities of its file. */
    public static List<String> asNobody() {
        String setpriv = LiveKernel.requireProgram("setpriv").toString();
        return Words.of("%s --reuid=65534 --regid=65534 --clear-groups", setpriv);
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
            Finished run =
                    Child.of("%s sandbox learn %s -q -o %s -- %s", prefix, options, list, program)
                            .with(environment)
                            .in(folder)
                            .run();
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
