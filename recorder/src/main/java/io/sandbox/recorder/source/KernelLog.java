// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import java.nio.ByteBuffer;

/** The messages of the kernel log, one at each read. For one thread. */
interface KernelLog {
    /** For poll(2). */
    int descriptor();

    /**
     * The next message, into the buffer's beginning, without waiting.
     *
     * @return its length, or the negative errno: EAGAIN if there is none, EPIPE if some were
     *     overwritten before they were read
     */
    int read(ByteBuffer buffer, int size);

    void close();
}
