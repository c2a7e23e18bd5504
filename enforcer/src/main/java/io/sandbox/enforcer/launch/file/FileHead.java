// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import io.sandbox.enforcer.launch.LibC;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads files up to a limit, since a file can be larger than any memory without taking any space.
 * {@link #read} is for a file that somebody else controls. It may be replaced by a pipe that nobody
 * writes to, or by a device, so only a regular file is opened, and reading does not wait.
 */
public final class FileHead {
    private static final int O_RDONLY_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
    private static final int CHUNK = 65536;

    /** Larger than any policy. */
    public static final int POLICY_LIMIT = 16 << 20;

    /** Larger than any recording, with all of its tests and places in code. */
    public static final int RECORDING_LIMIT = 1 << 30;

    private FileHead() {}

    /**
     * @param limit in bytes
     * @return the bytes, fewer than {@code limit} if there are no more; empty if unreadable
     */
    public static Optional<byte[]> read(Path file, int limit) {
        try (RegularFile regular = RegularFile.open(file)) {
            int fd = LibC.open(regular.path().toString(), O_RDONLY_NONBLOCK_CLOEXEC);
            if (fd < 0) {
                return Optional.empty();
            }
            try {
                return readAll(fd, limit);
            } finally {
                LibC.close(fd);
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * The whole content of a file that the user has named, which may be a pipe or a device.
     *
     * @param limit in bytes
     * @throws IOException if it cannot be read, or has more bytes
     */
    public static byte[] readWhole(Path file, int limit) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw OpenFolder.failure("too large, it has more than " + (limit >> 20) + " MB");
            }
            return bytes;
        }
    }

    /** Reads the first bytes of an open file, like {@link #read}. */
    static Optional<byte[]> readAll(int fd, int limit) {
        ByteBuffer chunk = ByteBuffer.allocateDirect(Math.min(limit, CHUNK));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int n = 1;
        while (n > 0 && bytes.size() < limit) {
            n = LibC.read(fd, chunk, Math.min(limit - bytes.size(), chunk.capacity()));
            if (n < 0) {
                return Optional.empty();
            }
            byte[] read = new byte[n];
            chunk.get(0, read);
            bytes.writeBytes(read);
        }
        return Optional.of(bytes.toByteArray());
    }
}
