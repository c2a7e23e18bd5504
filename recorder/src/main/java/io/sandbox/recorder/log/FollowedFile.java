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
 * A file that others write to, from its beginning, without an end: waits for more, goes on with the
 * file that takes its name when it is rotated, and starts again when it is truncated. A file that
 * is truncated and has grown beyond where it was within one look cannot be told from one that grew.
 */
final class FollowedFile implements LineBlocks.Source, Closeable {
    private static final long WAIT_MILLIS = 100;

    private final Path path;
    private FileChannel channel;
    private Object identity;
    private boolean lastWasFeed = true;

    /**
     * @throws IOException when it cannot be read now
     */
    FollowedFile(Path path) throws IOException {
        this.path = path;
        channel = FileChannel.open(path);
        // Of the name, which is what is compared later; a change in between shows then.
        identity = identityOf(path);
    }

    /**
     * Goes on with the file that has the name now. Nobody is asked whether to open it, so it must
     * be a regular one.
     *
     * @throws NoSuchFileException if it is not
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

    /** Waits a while, and looks whether the file is still the same. */
    private boolean begunAnew() throws IOException {
        if (channel.size() < channel.position()) {
            channel.position(0);
            return true;
        }
        try {
            if (!identityOf(path).equals(identity)) {
                if (channel.size() > channel.position()) {
                    // Written between the last read and the rotation.
                    return false;
                }
                openNext();
                return true;
            }
        } catch (NoSuchFileException e) {
            // Between the two steps of a rotation, or it is no log that is there.
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
