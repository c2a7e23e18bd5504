// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.SourceException;
import java.nio.ByteBuffer;

/** The messages of the kernel log; each read gives one. For one thread. */
interface KernelLog {
    /** For poll(2). */
    int descriptor();

    /**
     * Reads the next message to the buffer's beginning, without waiting.
     *
     * @return its length, or the negative errno: EAGAIN if there is none, EPIPE if some were
     *     overwritten before they were read
     */
    int read(ByteBuffer buffer, int size);

    void close();

    /** Reads {@code /dev/kmsg} from the end of the log on. */
    record OfKernel(int descriptor) implements KernelLog {
        private static final int O_RDONLY_NONBLOCK_CLOEXEC = 0x800 | 0x80000;

        /** Throws {@link SourceException} if we may not read it. */
        static OfKernel open() {
            int fd = LibC.open("/dev/kmsg", O_RDONLY_NONBLOCK_CLOEXEC);
            if (fd < 0) {
                throw SourceException.of(
                        "kmsg: /dev/kmsg", fd, "CAP_SYSLOG is needed; try as root");
            }
            LibC.seekToEnd(fd);
            return new OfKernel(fd);
        }

        @Override
        public int read(ByteBuffer buffer, int size) {
            return LibC.read(descriptor, buffer, size);
        }

        @Override
        public void close() {
            LibC.close(descriptor);
        }
    }
}
