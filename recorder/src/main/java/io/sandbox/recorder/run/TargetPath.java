// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Where a path of another thread leads. Links are followed as for that thread: from its root, with
 * its own /proc/self, and so also to its own descriptors.
 */
final class TargetPath {
    private static final Path ROOT = Path.of("/");
    private static final Path PROC = Path.of("/proc");

    /** As in the kernel (path_resolution(7)). */
    private static final int MAX_LINKS = 40;

    private final Path process;
    private final Path thread;
    private final Deque<String> left = new ArrayDeque<>();
    private int links;

    /** As the thread names it, and how we reach it, without links that we would have to follow. */
    private Path name;

    private Path place;

    private TargetPath(int process, int thread) {
        this.process = PROC.resolve(Integer.toString(process));
        this.thread = this.process.resolve("task/" + thread);
    }

    /** What a path leads to, whether it is there, or could be made there. */
    record Found(String name, boolean exists) {}

    /**
     * Looks at each part of the path. A file system may be slow to answer, or wait for the target.
     *
     * @param folder where a relative path begins, as a name in /proc/PID
     * @return empty if the folder is missing too
     */
    static Optional<Found> find(int process, int thread, String folder, String path)
            throws IOException {
        return new TargetPath(process, thread).find(folder, Path.of(path));
    }

    private Optional<Found> find(String folder, Path path) throws IOException {
        if (path.isAbsolute()) {
            beginAtRoot();
        } else {
            enter(thread.resolve(folder));
        }
        addFirst(path);
        while (!left.isEmpty()) {
            step(left.removeFirst());
        }
        boolean exists = Files.exists(place, LinkOption.NOFOLLOW_LINKS);
        return exists || Files.isDirectory(place.getParent())
                ? Optional.of(new Found(name.toString(), exists))
                : Optional.empty();
    }

    private void beginAtRoot() {
        name = ROOT;
        place = thread.resolve("root");
    }

    private void addFirst(Path path) {
        List<String> parts = new ArrayList<>();
        path.forEach(part -> parts.add(part.toString()));
        Collections.reverse(parts);
        parts.forEach(left::addFirst);
    }

    private void step(String part) throws IOException {
        if (part.equals("..")) {
            if (!name.equals(ROOT)) {
                name = name.resolveSibling("");
                place = place.resolve(part);
            }
        } else if (!part.isEmpty() && !part.equals(".")) {
            Path there = place.resolve(part);
            Path named = name.resolve(part);
            if (named.equals(PROC.resolve("self"))) {
                name = process;
                place = process;
            } else if (named.equals(PROC.resolve("thread-self"))) {
                name = thread;
                place = thread;
            } else if (!Files.isSymbolicLink(there)) {
                name = named;
                place = there;
            } else if (named.startsWith(PROC) && named.getNameCount() > 2) {
                enter(there);
            } else {
                follow(Files.readSymbolicLink(there));
            }
        }
    }

    /** A link of /proc leads to the file itself, and what it says is only a name (proc(5)). */
    private void enter(Path link) throws IOException {
        Path said = Files.readSymbolicLink(link);
        Path root = Files.readSymbolicLink(thread.resolve("root"));
        name = said.startsWith(root) ? ROOT.resolve(root.relativize(said)) : said;
        place = link;
    }

    private void follow(Path to) throws IOException {
        links++;
        if (links > MAX_LINKS) {
            throw new IOException("too many links");
        }
        if (to.isAbsolute()) {
            beginAtRoot();
        }
        addFirst(to);
    }
}
