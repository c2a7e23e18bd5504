// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import io.sandbox.reach.elf.ElfException;
import io.sandbox.reach.link.Root;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Files that begin with {@code #!}. The kernel starts an interpreter for them (execve(2)). */
final class Script {
    /** The kernel reads no more of the line (BINPRM_BUF_SIZE). */
    private static final int LONGEST_LINE = 256;

    private static final int MOST_LEVELS = 5;

    /**
     * A file and what interprets it, if it is a script. Only the last of them is a program: each
     * other one is a script that the next interprets.
     */
    static List<Path> chain(Path file, Root root) throws IOException {
        List<Path> chain = new ArrayList<>(List.of(file));
        while (chain.size() <= MOST_LEVELS) {
            Optional<Path> next = next(chain.get(chain.size() - 1), root);
            if (next.isEmpty()) {
                return chain;
            }
            chain.add(next.get());
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
        if (text.startsWith("\177ELF")) {
            return Optional.empty();
        }
        if (!text.startsWith("#!")) {
            throw new ElfException(
                    file
                            + ": neither a program nor a script with #! (if an interpreter"
                            + " such as python3 runs it: name that)");
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
