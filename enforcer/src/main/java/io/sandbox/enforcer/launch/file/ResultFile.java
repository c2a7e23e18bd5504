// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import io.sandbox.enforcer.launch.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that gets its whole content or none. This is safe even for root in a folder of another
 * user, who can replace anything there at any time: we hold the folder and the new file by
 * descriptors, the new file cannot have existed before, and it gets its name by rename(2), which
 * does not follow links. The new file gets the old one's owner, group and permissions. Other hard
 * links of the old file keep the old content.
 *
 * <p>A pipe, a device or an open file (such as {@code /dev/stdout}) is not replaced but written to.
 *
 * <p>For one thread. The process may end at any time, such as by Ctrl-C.
 */
public final class ResultFile implements AutoCloseable {
    private static final int NEW_FILE = 0666;
    private static final int NOBODY_ELSE = 0600;

    /** The limit for the case that somebody else creates files of the same names. */
    private static final int TRIES = 100;

    /** A name may have 255 bytes, and we add some around it. */
    private static final int NAME_LIMIT = 200;

    private static final int CHUNK = 1 << 16;

    /**
     * The files being written, so that two results never become the same file. Device, folder and
     * name as text, since the hash of a Java record takes 10 ms the first time.
     */
    private static final Set<String> DESTINATIONS = ConcurrentHashMap.newKeySet();

    private final FilePlace place;

    /** Null if the file is written to directly. */
    private String destination;

    /** The name of the new file until it replaces the old one; null before and afterwards. */
    private String temporary;

    private int fd = -1;

    /** Null before there is a temporary file, and afterwards. */
    private Thread hook;

    private ResultFile(FilePlace place) {
        this.place = place;
    }

    /** Throws {@link IOException} if the file cannot be written, but changes nothing yet. */
    public static ResultFile open(Path file) throws IOException {
        return open(file, NEW_FILE, true);
    }

    /** For a shutdown hook, when no other can be added: if killed, a temporary file is left. */
    public static ResultFile openAtEnd(Path file) throws IOException {
        return open(file, NEW_FILE, false);
    }

    /** A file for us alone, over a regular one only: opening a pipe could take for ever. */
    public static ResultFile openPrivate(Path file) throws IOException {
        return open(file, NOBODY_ELSE, true);
    }

    /**
     * The whole content of a file of our own, such as {@link #openPrivate} makes; empty if there is
     * none. All is decided about its descriptor, so nobody can exchange it in between.
     *
     * @param limit in bytes
     * @throws IOException if it cannot be read, is larger, is no regular file, or belongs neither
     *     to this user nor to root
     */
    public static Optional<byte[]> readOwn(Path file, int limit) throws IOException {
        try (FilePlace place = FilePlace.find(file)) {
            if (place.status().isEmpty()) {
                return Optional.empty();
            }
            requireRegular(place.status().get());
            int fd = place.folder().openFile(place.name(), OpenFolder.O_NONBLOCK);
            try {
                FileStatus status = OpenFolder.statusOf(fd);
                requireRegular(status);
                place.requireOwn(status);
                byte[] content =
                        FileHead.readAll(fd, limit + 1)
                                .orElseThrow(() -> OpenFolder.failure("cannot be read"));
                if (content.length > limit) {
                    throw OpenFolder.failure("too large");
                }
                return Optional.of(content);
            } finally {
                LibC.close(fd);
            }
        }
    }

    /**
     * Makes a folder and those on the way to it that are missing.
     *
     * @throws IOException if that fails, or if a link of another user is on the way, as for a file
     */
    public static void makeFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        makeFolders(folder.toAbsolutePath().getParent());
        try (FilePlace place = FilePlace.find(folder)) {
            place.folder().makeFolder(place.name());
        }
    }

    /** Removes what a killed process left beside a file that it was writing. */
    public static void removeLeftovers(Path file) throws IOException {
        if (Files.isDirectory(file.toAbsolutePath().getParent())) {
            try (FilePlace place = FilePlace.find(file)) {
                int number = 0;
                while (place.folder().status(temporaryName(place, number)).isPresent()) {
                    removeLeftover(place, temporaryName(place, number));
                    number++;
                }
            }
        }
    }

    private static String temporaryName(FilePlace place, int number) {
        String name = place.name();
        return "." + name.substring(0, Math.min(name.length(), NAME_LIMIT)) + "." + number;
    }

    /** Whoever writes such a file has a lock on it. */
    private static boolean removeLeftover(FilePlace place, String name) throws IOException {
        Optional<FileStatus> there = place.folder().status(name);
        if (there.isEmpty()) {
            return true;
        }
        int owner = there.get().owner();
        boolean ours =
                owner == LibC.geteuid()
                        || place.status().filter(old -> old.owner() == owner).isPresent();
        if (!ours || !there.get().isRegular()) {
            return false;
        }
        int file = place.folder().openFile(name, OpenFolder.O_NONBLOCK);
        try {
            boolean left = place.folder().lock(file, name);
            if (left) {
                place.folder().remove(name);
            }
            return left;
        } finally {
            LibC.close(file);
        }
    }

    private static void requireRegular(FileStatus status) throws IOException {
        if (!status.isRegular()) {
            throw OpenFolder.failure("not a regular file");
        }
    }

    /** {@code hooked}: whether a shutdown hook removes the temporary file. */
    private static ResultFile open(Path file, int mode, boolean hooked) throws IOException {
        ResultFile result = new ResultFile(FilePlace.find(file));
        try {
            result.prepare(mode, hooked);
            return result;
        } catch (IOException | RuntimeException e) {
            result.close();
            throw e;
        }
    }

    private void prepare(int mode, boolean hooked) throws IOException {
        Optional<FileStatus> there = place.status();
        if (there.isPresent() && mode == NOBODY_ELSE) {
            requireRegular(there.get());
        }
        if (there.isPresent() && there.get().isLink()) {
            // Appends, since the program or the shell may have written to the open file before.
            fd = place.folder().openBehind(place.name(), OpenFolder.O_WRONLY | OpenFolder.O_APPEND);
            return;
        }
        if (there.isPresent()) {
            place.requireNotForeign(there.get());
            if (!there.get().isRegular()) {
                fd = place.folder().openFile(place.name(), OpenFolder.O_WRONLY);
                if (!OpenFolder.statusOf(fd).isSameFile(there.get())) {
                    throw replaced();
                }
                return;
            }
        }
        FileStatus folder = place.folder().status();
        String wanted =
                String.join(
                        "/",
                        Long.toString(folder.device()),
                        Long.toString(folder.inode()),
                        place.name());
        if (!DESTINATIONS.add(wanted)) {
            throw OpenFolder.failure("the same file is given twice");
        }
        destination = wanted;
        if (hooked) {
            addHook();
        }
        createTemporary(there.isPresent() ? NOBODY_ELSE : mode);
        if (there.isPresent()) {
            keepOwner(there.get());
        }
    }

    /** If a signal ends us, only this hook removes the temporary file. */
    private void addHook() {
        hook =
                new Thread() {
                    @Override
                    public void run() {
                        close();
                    }
                };
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private synchronized void createTemporary(int mode) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            String candidate = temporaryName(place, i);
            Optional<Integer> created = place.folder().create(candidate, mode);
            if (created.isEmpty() && removeLeftover(place, candidate)) {
                created = place.folder().create(candidate, mode);
            }
            if (created.isPresent() && place.folder().lock(created.get(), candidate)) {
                fd = created.get();
                temporary = candidate;
                return;
            }
            created.ifPresent(LibC::close);
        }
        throw OpenFolder.failure(LibC.EEXIST);
    }

    /** Otherwise root would take the file away from its owner. */
    private void keepOwner(FileStatus from) throws IOException {
        FileStatus now = OpenFolder.statusOf(fd);
        if (from.owner() != now.owner() || from.group() != now.group()) {
            OpenFolder.require(LibC.fchown(fd, from.owner(), from.group()));
        }
        if (from.permissions() != now.permissions()) {
            OpenFolder.require(LibC.fchmod(fd, from.permissions()));
        }
    }

    /** Writes the whole content, once. If that fails, the old file is unchanged. */
    public void write(byte[] content) throws IOException {
        if (destination == null) {
            writeAll(content);
        } else {
            replace(content);
        }
    }

    /**
     * Writes the whole content, if the file still has the content from which the new one was made.
     * Otherwise somebody's change would be lost; or, if a link leads elsewhere now, the old content
     * would be shown to somebody who may not read it. Call it once.
     *
     * @throws IOException if that fails; the old file is then unchanged
     */
    public synchronized void write(byte[] content, byte[] madeFrom) throws IOException {
        if (temporary != null && !hasContent(madeFrom)) {
            throw OpenFolder.failure("somebody else has changed it meanwhile");
        }
        write(content);
    }

    private boolean hasContent(byte[] expected) throws IOException {
        int file = place.folder().openFile(place.name(), OpenFolder.O_NONBLOCK);
        try {
            if (!OpenFolder.statusOf(file).isRegular()) {
                return false;
            }
            Optional<byte[]> content = FileHead.readAll(file, expected.length + 1);
            return content.isPresent() && Arrays.equals(content.get(), expected);
        } finally {
            LibC.close(file);
        }
    }

    private void writeAll(byte[] content) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(Math.min(content.length + 1, CHUNK));
        for (int start = 0; start < content.length; start += chunk.capacity()) {
            int size = Math.min(chunk.capacity(), content.length - start);
            chunk.put(0, content, start, size);
            int done = 0;
            while (done < size) {
                int written = LibC.write(fd, chunk, done, size - done);
                done += written == -LibC.EINTR ? 0 : OpenFolder.require(written);
            }
        }
    }

    private synchronized void replace(byte[] content) throws IOException {
        if (temporary == null) {
            throw OpenFolder.failure("interrupted");
        }
        writeAll(content);
        int synced = LibC.fsync(fd);
        if (synced != -LibC.EINVAL) { // EINVAL: this file system has no fsync
            OpenFolder.require(synced);
        }
        FileStatus ours = OpenFolder.statusOf(fd);
        rename();
        Optional<FileStatus> now = place.folder().status(place.name());
        if (now.isEmpty() || !now.get().isSameFile(ours)) {
            throw replaced();
        }
    }

    private void rename() throws IOException {
        OpenFolder folder = place.folder();
        for (int i = 0; i < TRIES; i++) {
            Optional<FileStatus> there = folder.status(place.name());
            if (there.isPresent()) {
                if (!there.get().isRegular()) {
                    throw replaced();
                }
                place.requireNotForeign(there.get());
                keepOwner(there.get());
                folder.replace(temporary, place.name());
            } else if (!folder.rename(temporary, place.name())) {
                continue;
            }
            temporary = null;
            return;
        }
        throw replaced();
    }

    private static IOException replaced() {
        return OpenFolder.failure("somebody else has put another file there meanwhile");
    }

    /** Removes the new file if it was not completed. */
    @Override
    public synchronized void close() {
        if (destination != null) {
            DESTINATIONS.remove(destination);
        }
        removeTemporary();
        forgetHook();
        if (fd >= 0) {
            LibC.close(fd);
            fd = -1;
        }
        place.close();
    }

    /** A command that writes again and again would otherwise collect them. */
    private void forgetHook() {
        if (hook != null && Thread.currentThread() != hook) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // It is running, or about to.
            }
        }
        hook = null;
    }

    /** Removes only our own file, not one that somebody else put in its place. */
    private void removeTemporary() {
        if (temporary == null) {
            return;
        }
        try {
            Optional<FileStatus> there = place.folder().status(temporary);
            if (there.isPresent() && there.get().isSameFile(OpenFolder.statusOf(fd))) {
                place.folder().remove(temporary);
            }
        } catch (IOException e) {
            // The folder's owner prevented it, or the file is gone: nothing is left to do.
        }
        temporary = null;
    }
}
