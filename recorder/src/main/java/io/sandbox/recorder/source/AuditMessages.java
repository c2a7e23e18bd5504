// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.enforcer.launch.SourceException;
import java.nio.ByteBuffer;

/** A socket in the audit group that is meant for readers. For one thread. */
interface AuditMessages {
    /** For poll(2). */
    int descriptor();

    /** As {@code LibC.recvmmsg}. */
    int receive(ByteBuffer slots, int slotSize, ByteBuffer heads);

    /**
     * How many messages the socket has dropped since it was made; wraps at 32 bits.
     *
     * @throws SourceException when the kernel does not tell
     */
    long queryDrops();

    void close();
}
