package io.sandbox.recorder.source;

import com.sun.jna.Memory;
import java.util.OptionalLong;

/** The kernel's own count of audit records that it had to drop (audit.h, struct audit_status). */
final class AuditStatus {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_AUDIT = 9;
    private static final short AUDIT_GET = 1000;
    private static final short NLM_F_REQUEST = 1;
    private static final int HEADER = 16;

    /** After the header: mask, enabled, failure, pid, rate_limit, backlog_limit, then lost. */
    private static final int LOST = HEADER + 24;

    private AuditStatus() {}

    /**
     * Records that the audit core has dropped since boot, machine-wide (it wraps at 32 bits). Empty
     * where CAP_AUDIT_CONTROL is missing.
     */
    static OptionalLong queryLost() {
        int fd = LibC.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_AUDIT);
        if (fd < 0) {
            return OptionalLong.empty();
        }
        try (Memory message = new Memory(256)) {
            message.clear();
            message.setInt(0, HEADER);
            message.setShort(4, AUDIT_GET);
            message.setShort(6, NLM_F_REQUEST);
            if (LibC.send(fd, message, HEADER, 0) != HEADER) {
                return OptionalLong.empty();
            }
            return parseLost(message, LibC.recv(fd, message, (int) message.size(), 0));
        } finally {
            LibC.close(fd);
        }
    }

    /** A refusal comes back as another type of message (NLMSG_ERROR). */
    private static OptionalLong parseLost(Memory reply, int length) {
        if (length < LOST + 4 || reply.getShort(4) != AUDIT_GET) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Integer.toUnsignedLong(reply.getInt(LOST)));
    }
}
