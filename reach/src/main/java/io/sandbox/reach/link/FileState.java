// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Tells whether a file is as it was, without reading it. */
final class FileState {
    /** The kernel's time stamps are coarse: a later change could get the same one. */
    private static final Duration YOUNGEST = Duration.ofSeconds(2);

    // stat(2), inode(7)
    private static final int WRITABLE_BY_OTHERS = 022;
    private static final int STICKY = 01000;

    private static final Path STATUS = Path.of("/proc/self/status");

    private final Map<Path, Boolean> folders = new HashMap<>();
    private final int user;

    FileState() throws IOException {
        // The owner of /proc/self is root while a process is not dumpable (proc(5)).
        user =
                Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1).stream()
                        .filter(line -> line.startsWith("Uid:"))
                        .map(line -> Integer.parseUnsignedInt(line.split("\t")[2]))
                        .findFirst()
                        .orElseThrow();
    }

    /**
     * A name for the file and its present content. The kernel sets the time of the last change, and
     * nobody else can. But the owner of a file can change it unnoticed through a mapping, and
     * whoever can rename folders can put another file in its place.
     *
     * @param file without links
     * @return empty if anybody but this user and root could do so, or if it was changed just now
     */
    Optional<String> name(Path file) throws IOException {
        Map<String, Object> of = attributes(file);
        FileTime changed = (FileTime) of.get("ctime");
        FileTime modified = (FileTime) of.get("lastModifiedTime");
        Instant latest = Instant.now().minus(YOUNGEST);
        if (!isOurs(of) || !isSafe(file.getParent()) || changed.toInstant().isAfter(latest)) {
            return Optional.empty();
        }
        return Optional.of(
                String.format(
                        "%x-%x-%x-%x-%x",
                        (long) of.get("dev"),
                        (long) of.get("ino"),
                        (long) of.get("size"),
                        modified.to(TimeUnit.NANOSECONDS),
                        changed.to(TimeUnit.NANOSECONDS)));
    }

    /** Whether only this user and root can put files into a folder, whose path has no links. */
    boolean isSafe(Path folder) throws IOException {
        Boolean known = folders.get(folder);
        if (known == null) {
            Path parent = folder.getParent();
            Map<String, Object> of = attributes(folder);
            boolean sticky = ((int) of.get("mode") & STICKY) != 0;
            known = (isOurs(of) || isOwned(of) && sticky) && (parent == null || isSafe(parent));
            folders.put(folder, known);
        }
        return known;
    }

    private boolean isOurs(Map<String, Object> of) {
        return isOwned(of) && ((int) of.get("mode") & WRITABLE_BY_OTHERS) == 0;
    }

    private boolean isOwned(Map<String, Object> of) {
        int owner = (int) of.get("uid");
        return owner == 0 || owner == user;
    }

    private static Map<String, Object> attributes(Path file) throws IOException {
        return Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS);
    }
}
