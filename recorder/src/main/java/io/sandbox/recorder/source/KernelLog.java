// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

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
}
