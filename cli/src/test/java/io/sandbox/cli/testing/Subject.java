// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A real program to learn. Each run gets a fresh folder with the same contents, so runs differ only
 * by chance.
 *
 * @param program the executable's name; it is looked for where the system keeps its own
 * @param arguments relative paths lead into the run's folder
 * @param unsteady calls that the same run makes or not, depending on which thread or process comes
 *     first; empty for a program that always makes the same
 */
public record Subject(String name, String program, List<String> arguments, Set<String> unsteady) {
    public static Subject of(String program, String... arguments) {
        return new Subject(program, program, List.of(arguments), Set.of());
    }

    public Subject named(String newName) {
        return new Subject(newName, program, arguments, unsteady);
    }

    public Subject unsteady(String... calls) {
        return new Subject(name, program, arguments, Set.of(calls));
    }

    /** How many runs are needed to see all calls of the program. */
    public int runs() {
        return unsteady.isEmpty() ? 1 : 4;
    }

    public List<String> command() {
        List<String> words =
                Words.of(
                        "%s %s",
                        program.startsWith("/") ? program : LiveKernel.requireProgram(program),
                        arguments);
        return words;
    }

    /** A run in a fresh folder. */
    public <T> T inFreshFolder(Run<T> run) throws Exception {
        Path folder = Files.createTempDirectory("sandbox-subject");
        try {
            prepare(folder);
            // bash asks for the folder's name only where PWD is wrong.
            String here = folder.toRealPath().toString();
            return run.in(folder, Map.of("HOME", here, "PWD", here, "LC_ALL", "C"));
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    public interface Run<T> {
        T in(Path folder, Map<String, String> environment) throws Exception;
    }

    private static void prepare(Path folder) throws IOException {
        Learn.open(folder);
        Path data = Files.createDirectory(folder.resolve("data"));
        write(data.resolve("words"), "pear\napple\nquince\nfig\n".repeat(50));
        write(data.resolve("numbers"), "10\n9\n8\n100\n1\n".repeat(50));
        Files.createSymbolicLink(data.resolve("link"), Path.of("words"));
        Files.setLastModifiedTime(data, FileTime.fromMillis(1_000_000_000_000L));
    }

    private static void write(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(UTF_8));
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
    }

    @Override
    public String toString() {
        return name;
    }
}
