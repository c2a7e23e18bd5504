// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.LineBlocks;
import io.sandbox.enforcer.launch.file.RegularFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads a file that others write to, from its beginning and without an end. It waits for more, goes
 * on with the next file of the name after a rotation, and starts again after a truncation. It does
 * not notice a truncation if the file has grown past the read position before the next look.
 */
final class FollowedFile implements LineBlocks.Source, Closeable {
    private static final long WAIT_MILLIS = 100;

    private final Path path;
    private FileChannel channel;
    private Object identity;
    private boolean lastWasFeed = true;

    /** Throws {@link IOException} if the file cannot be read now. */
    FollowedFile(Path path) throws IOException {
        this.path = path;
        channel = FileChannel.open(path);
        // The identity of the file that has the name, which later looks compare: so a rotation
        // between the two lines is noticed.
        identity = identityOf(path);
    }

    /**
     * Goes on with the file that has the name now. The user has not named this file, so it must be
     * a regular one: others could wait or have effects when opened.
     *
     * @throws NoSuchFileException if there is no regular file of that name
     */
    private void openNext() throws IOException {
        FileChannel next;
        try (RegularFile file = RegularFile.open(path)) {
            next = FileChannel.open(file.path());
        }
        channel.close();
        channel = next;
        identity = identityOf(path);
    }

    private static Object identityOf(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Override
    public int read(byte[] buf, int off, int len) throws IOException {
        ByteBuffer target = ByteBuffer.wrap(buf, off, len);
        while (true) {
            int count = channel.read(target);
            if (count > 0) {
                lastWasFeed = buf[off + count - 1] == '\n';
                return count;
            }
            if (begunAnew() && !lastWasFeed) {
                // Half a line of the old file must not run into the first of the new one.
                buf[off] = '\n';
                lastWasFeed = true;
                return 1;
            }
        }
    }

    /** Whether a new beginning is to be read, after a rotation; waits a while if not. */
    private boolean begunAnew() throws IOException {
        if (channel.size() < channel.position()) {
            channel.position(0);
            return true;
        }
        try {
            if (!identityOf(path).equals(identity)) {
                if (channel.size() > channel.position()) {
                    // The rest was written between our last read and the rotation.
                    return false;
                }
                openNext();
                return true;
            }
        } catch (NoSuchFileException e) {
            // The rotation is between its two steps, or the name belongs to no regular file.
        }
        sleep();
        return false;
    }

    private static void sleep() {
        try {
            Thread.sleep(WAIT_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
