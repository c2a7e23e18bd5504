// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.SourceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The netlink socket of {@link AuditNetlinkSource}. */
final class AuditSocket implements AuditMessages {
    private static final int SOL_SOCKET = 1;
    private static final int SO_MEMINFO = 55;

    /** Index of the drop count in the array of 32-bit words that SO_MEMINFO gives (sock_diag.h). */
    private static final int SK_MEMINFO_DROPS = 8;

    /** The message for a kernel without audit sockets (audit_init of kernel/audit.c). */
    static final String NO_AUDIT =
            "the kernel was started with audit=0, or is built without audit: it makes no records";

    private final int fd;

    AuditSocket(int fd) {
        this.fd = fd;
    }

    @Override
    public int descriptor() {
        return fd;
    }

    @Override
    public int receive(ByteBuffer slots, int slotSize, ByteBuffer heads) {
        return LibC.recvmmsg(fd, slots, slotSize, heads);
    }

    @Override
    public long queryDrops() {
        ByteBuffer words =
                ByteBuffer.allocateDirect(Integer.BYTES * (SK_MEMINFO_DROPS + 1))
                        .order(ByteOrder.nativeOrder());
        int result = LibC.getsockopt(fd, SOL_SOCKET, SO_MEMINFO, words);
        if (result < 0) {
            throw SourceException.of("audit", result, "the socket's drop count needs Linux 4.12");
        }
        return Integer.toUnsignedLong(words.getInt(Integer.BYTES * SK_MEMINFO_DROPS));
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
