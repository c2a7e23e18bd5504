// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import io.sandbox.enforcer.launch.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that gets its content all at once or not at all, safe also for root in a folder of another
 * user, who can replace anything there at any time. Nothing is done by a name that could have come
 * to mean something else: the folder and the new file are held by their descriptors, the new file
 * cannot have been there before, and it gets the other's name by rename(2), which touches no file
 * that a link leads to. What is replaced keeps its owner, group and permissions. Its other hard
 * links keep the old content.
 *
 * <p>A pipe, a device or an open file (such as {@code /dev/stdout}) cannot be replaced: it is
 * written to.
 *
 * <p>For one thread; the end of the process, such as by Ctrl-C, may come at any time.
 */
public final class ResultFile implements AutoCloseable {
    private static final int NEW_FILE = 0666;
    private static final int NOBODY_ELSE = 0600;

    /** Somebody who makes files as fast as we do gets no further. */
    private static final int TRIES = 100;

    /** Of the 255 bytes that a name may have, some are for what we put around it. */
    private static final int NAME_LIMIT = 200;

    private static final int CHUNK = 1 << 16;

    /**
     * Of two that become one file, one would be lost. Device, folder and name, as text: the hash of
     * a record takes Java 10 ms the first time.
     */
    private static final Set<String> DESTINATIONS = ConcurrentHashMap.newKeySet();

    private final FilePlace place;

    /** Null if it is written to directly. */
    private String destination;

    /** Where the content is until it is all there; null if there is none, or no more. */
    private String temporary;

    private int fd = -1;

    private ResultFile(FilePlace place) {
        this.place = place;
    }

    /**
     * Finds out whether it can be written, but changes nothing yet.
     *
     * @throws IOException if it cannot
     */
    public static ResultFile open(Path file) throws IOException {
        ResultFile result = new ResultFile(FilePlace.find(file));
        try {
            result.prepare();
            return result;
        } catch (IOException | RuntimeException e) {
            result.close();
            throw e;
        }
    }

    private void prepare() throws IOException {
        Optional<FileStatus> there = place.status();
        if (there.isPresent() && there.get().isLink()) {
            // It is behind what was written to it before, by the program or the shell.
            int flags = OpenFolder.O_WRONLY | OpenFolder.O_APPEND;
            fd = place.folder().openBehind(place.name(), flags);
            return;
        }
        if (there.isPresent()) {
            place.requireNotForeign(there.get());
            if (!there.get().isRegular()) {
                openDirectly(there.get());
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
        // A signal ends us without closing anything.
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread() {
                            @Override
                            public void run() {
                                close();
                            }
                        });
        createTemporary(there.isPresent() ? NOBODY_ELSE : NEW_FILE);
        if (there.isPresent()) {
            keepOwner(there.get());
        }
    }

    private void openDirectly(FileStatus there) throws IOException {
        fd = place.folder().openFile(place.name(), OpenFolder.O_WRONLY);
        if (!OpenFolder.statusOf(fd).isSameFile(there)) {
            throw replaced();
        }
    }

    private synchronized void createTemporary(int mode) throws IOException {
        String name = place.name();
        String start = "." + name.substring(0, Math.min(name.length(), NAME_LIMIT)) + ".";
        long number = System.nanoTime() ^ ProcessHandle.current().pid() << Integer.SIZE;
        for (int i = 0; i < TRIES; i++) {
            String candidate = start + Long.toHexString(number + i);
            Optional<Integer> created = place.folder().create(candidate, mode);
            if (created.isPresent()) {
                fd = created.get();
                temporary = candidate;
                return;
            }
        }
        throw OpenFolder.failure(LibC.EEXIST);
    }

    /** Root must not take a file away from whom it belongs to. */
    private void keepOwner(FileStatus from) throws IOException {
        FileStatus now = OpenFolder.statusOf(fd);
        if (from.owner() != now.owner() || from.group() != now.group()) {
            OpenFolder.require(LibC.fchown(fd, from.owner(), from.group()));
        }
        if (from.permissions() != now.permissions()) {
            OpenFolder.require(LibC.fchmod(fd, from.permissions()));
        }
    }

    /**
     * All of it, once.
     *
     * @throws IOException if that fails; a file that was to be replaced is then as it was
     */
    public void write(byte[] content) throws IOException {
        if (destination == null) {
            writeAll(content);
        } else {
            replace(content);
        }
    }

    /**
     * All of it, once, if it still has the content that the new one was made from. Otherwise a
     * change would be lost, or, where a link led elsewhere meanwhile, what was read would be shown
     * to somebody who could not read it.
     *
     * @throws IOException if that fails; it is then as it was
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
        if (synced != -LibC.EINVAL) { // which is: not with this kind of file system
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

    /** Leaves nothing behind of what was not written. */
    @Override
    public synchronized void close() {
        if (destination != null) {
            DESTINATIONS.remove(destination);
        }
        removeTemporary();
        if (fd >= 0) {
            LibC.close(fd);
            fd = -1;
        }
        place.close();
    }

    /** Not what somebody else has put in its place. */
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
            // Who has the folder has made it so, or it is gone; nothing of ours is left to do.
        }
        temporary = null;
    }
}
