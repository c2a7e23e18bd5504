// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.enforcer.launch.SourceException;
import java.nio.ByteBuffer;

/** A socket in the audit group for readers. For one thread. */
interface AuditMessages {
    /** For poll(2). */
    int descriptor();

    /** See {@code LibC.recvmmsg}. */
    int receive(ByteBuffer slots, int slotSize, ByteBuffer heads);

    /**
     * How many messages the socket has dropped since it was made; wraps at 32 bits.
     *
     * @throws SourceException if the kernel does not report it
     */
    long queryDrops();

    void close();
}
