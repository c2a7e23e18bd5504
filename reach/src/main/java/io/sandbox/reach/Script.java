// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import io.sandbox.reach.elf.ElfException;
import io.sandbox.reach.link.Root;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files that begin with {@code #!}. The kernel starts an interpreter for them (execve(2)). */
final class Script {
    /** The kernel reads no more of the line (BINPRM_BUF_SIZE). */
    private static final int LONGEST_LINE = 256;

    private static final int MOST_LEVELS = 4;

    private Script() {}

    /** The program that interprets a script; empty if the file is none. */
    static Optional<Path> interpreter(Path file, Root root) throws IOException {
        Optional<Path> found = Optional.empty();
        for (int level = 0; level <= MOST_LEVELS; level++) {
            Optional<Path> next = next(found.orElse(file), root);
            if (next.isEmpty()) {
                return found;
            }
            found = next;
        }
        throw new ElfException(file + ": its interpreters are scripts without end");
    }

    private static Optional<Path> next(Path file, Root root) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(LONGEST_LINE);
        }
        String text = new String(start, StandardCharsets.UTF_8);
        if (!text.startsWith("#!")) {
            return Optional.empty();
        }
        String[] words = text.substring(2).lines().findFirst().orElse("").trim().split("[ \t]+");
        if (words[0].endsWith("/env") && words.length > 1) {
            return Optional.of(
                    inPath(file, root, words[words[1].equals("-S") && words.length > 2 ? 2 : 1]));
        }
        if (words[0].isEmpty()) {
            throw new ElfException(file + ": a script that names no interpreter");
        }
        return Optional.of(root.file(Path.of(words[0])));
    }

    /** env(1) looks for the interpreter in PATH. */
    private static Path inPath(Path file, Root root, String name) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path path = root.file(Path.of(folder, name));
            if (!folder.isEmpty() && Files.isExecutable(path)) {
                return path;
            }
        }
        throw new ElfException(file + ": its interpreter " + name + " is not in PATH");
    }
}
