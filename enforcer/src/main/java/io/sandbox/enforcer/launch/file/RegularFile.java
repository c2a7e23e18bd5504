// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import io.sandbox.enforcer.launch.LibC;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file that somebody else controls, which is known to be a regular one before it is opened: to
 * open a device can do something already, as it does with {@code /dev/watchdog}, and to open a pipe
 * can take for ever. A link that leads to a regular file is followed.
 */
public final class RegularFile implements AutoCloseable {
    private final int fd;

    private RegularFile(int fd) {
        this.fd = fd;
    }

    /**
     * @throws NoSuchFileException if there is none, or something else
     */
    public static RegularFile open(Path file) throws IOException {
        int flags = OpenFolder.O_PATH | OpenFolder.O_CLOEXEC;
        int result = LibC.open(file.toString(), flags);
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

    /** A name of this very file, as long as it is not closed. */
    public Path path() {
        return Path.of("/proc/self/fd/" + fd);
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
