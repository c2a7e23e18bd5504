// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.link;

import io.sandbox.reach.elf.ElfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The folder that a program has as its root directory: that of this machine, or one that holds
 * another system. There, names and links begin at the folder, and never lead out of it.
 */
public final class Root {
    /** The root directory of this machine. */
    public static final Root HERE = new Root(Optional.empty());

    /** The number of links that the kernel follows. */
    private static final int MOST_LINKS = 40;

    private final Optional<Path> folder;

    private Root(Optional<Path> folder) {
        this.folder = folder;
    }

    /** Throws {@link IOException} if there is no such folder. */
    public static Root of(Path folder) throws IOException {
        return new Root(Optional.of(folder.toRealPath()));
    }

    public boolean isHere() {
        return folder.isEmpty();
    }

    /**
     * Where a file is on this machine. Of another system, all links are followed, since this
     * machine would follow them to its own files.
     *
     * @param name of the file in the root
     */
    public Path file(Path name) {
        if (folder.isEmpty()) {
            return name;
        }
        Path top = folder.get();
        Deque<Path> open = new ArrayDeque<>();
        name.forEach(open::add);
        Path at = top;
        int links = 0;
        while (!open.isEmpty()) {
            String part = open.pop().toString();
            Path next = at.resolve(part);
            if (part.equals("..")) {
                at = at.equals(top) ? top : at.getParent();
            } else if (Files.isSymbolicLink(next)) {
                if (++links > MOST_LINKS) {
                    throw new ElfException(next + ": too many links");
                }
                Path target = target(next);
                at = target.isAbsolute() ? top : at;
                for (int i = target.getNameCount() - 1; i >= 0; i--) {
                    open.push(target.getName(i));
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                at = next;
            }
        }
        return at;
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            throw new ElfException(link + ": the link cannot be read");
        }
    }

    /** The name in the root of a file of this machine; empty if the file is elsewhere. */
    public Optional<Path> nameOf(Path file) {
        if (folder.isEmpty()) {
            return Optional.of(file);
        }
        Path path = file.toAbsolutePath().normalize();
        return path.startsWith(folder.get())
                ? Optional.of(Path.of("/").resolve(folder.get().relativize(path)))
                : Optional.empty();
    }
}
