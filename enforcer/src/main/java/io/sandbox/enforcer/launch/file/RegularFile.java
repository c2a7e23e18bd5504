// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import io.sandbox.enforcer.launch.LibC;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Makes sure, before it is opened for reading, that a file that somebody else controls is a regular
 * one: opening a device can have an effect ({@code /dev/watchdog}), and opening a pipe can take for
 * ever. A link to a regular file is followed.
 */
public final class RegularFile implements AutoCloseable {
    private final int fd;

    private RegularFile(int fd) {
        this.fd = fd;
    }

    /** Throws {@link NoSuchFileException} if there is no file, or one that is not regular. */
    public static RegularFile open(Path file) throws IOException {
        int result = LibC.open(file.toString(), OpenFolder.O_PATH | OpenFolder.O_CLOEXEC);
        if (result == -LibC.ENOENT) {
            throw new NoSuchFileException(file.toString());
        }
        RegularFile opened = new RegularFile(OpenFolder.require(result));
        try {
            if (!OpenFolder.statusOf(opened.fd).isRegular()) {
                throw new NoSuchFileException(file.toString(), null, "not a regular file");
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /** A path to this file, valid until {@link #close}. */
    public Path path() {
        return Path.of("/proc/self/fd/" + fd);
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
