package io.sandbox.recorder.source;

import com.sun.jna.Memory;

/**
 * The audit rules that keep records from being made (auditctl's exclude list). A canary cannot find
 * one that is about another executable or user, so they are looked at.
 */
final class ExcludeRules {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_AUDIT = 9;
    private static final int MSG_DONTWAIT = 0x40;
    private static final short NLM_F_REQUEST = 1;
    private static final short NLM_F_ACK = 4;
    private static final short NLMSG_ERROR = 2;
    private static final short AUDIT_LIST_RULES = 1013;
    private static final int HEADER = 16;

    // struct audit_rule_data (audit.h): flags, action, field_count, mask[64], fields[64],
    // values[64], fieldflags[64], each 32 bits.
    private static final int FLAGS = HEADER;
    private static final int FIELD_COUNT = HEADER + 8;
    private static final int FIELDS = HEADER + 12 + 256;
    private static final int VALUES = FIELDS + 256;
    private static final int FIELD_FLAGS = VALUES + 256;

    private static final int AUDIT_FILTER_EXCLUDE = 5;
    private static final int AUDIT_FILTER_PREPEND = 0x10;
    private static final int AUDIT_MSGTYPE = 12;
    private static final int AUDIT_EQUAL = 0x40000000;
    private static final int AUDIT_SECCOMP = 1326;

    private ExcludeRules() {}

    /**
     * How many rules may keep seccomp records of some process from being made; 0 too where
     * CAP_AUDIT_CONTROL is missing, since they cannot be read then.
     */
    static int queryCount() {
        int fd = LibC.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_AUDIT);
        if (fd < 0) {
            return 0;
        }
        try (Memory message = new Memory(16384)) {
            message.clear();
            message.setInt(0, HEADER);
            message.setShort(4, AUDIT_LIST_RULES);
            message.setShort(6, (short) (NLM_F_REQUEST | NLM_F_ACK));
            if (LibC.send(fd, message, HEADER, 0) != HEADER) {
                return 0;
            }
            return count(fd, message);
        } finally {
            LibC.close(fd);
        }
    }

    /** One message per rule; the kernel's thread sends them, and NLMSG_DONE after the last. */
    private static int count(int fd, Memory message) {
        Waiter waiter = new Waiter(fd);
        int count = 0;
        while (true) {
            int length = LibC.recv(fd, message, (int) message.size(), MSG_DONTWAIT);
            if (length == -LibC.EAGAIN) {
                waiter.await(1000);
                length = LibC.recv(fd, message, (int) message.size(), MSG_DONTWAIT);
            }
            short type = message.getShort(4);
            if (length < HEADER || isEnd(message, length, type)) {
                return count;
            }
            if (type == AUDIT_LIST_RULES && length > FIELD_FLAGS && mayExclude(message)) {
                count++;
            }
        }
    }

    private static boolean isEnd(Memory message, int length, short type) {
        boolean acknowledged =
                type == NLMSG_ERROR && length >= HEADER + 4 && message.getInt(HEADER) == 0;
        return !acknowledged && type != AUDIT_LIST_RULES;
    }

    private static boolean mayExclude(Memory rule) {
        if ((rule.getInt(FLAGS) & ~AUDIT_FILTER_PREPEND) != AUDIT_FILTER_EXCLUDE) {
            return false;
        }
        for (int i = 0; i < rule.getInt(FIELD_COUNT); i++) {
            boolean aboutAnotherType =
                    rule.getInt(FIELDS + 4L * i) == AUDIT_MSGTYPE
                            && rule.getInt(FIELD_FLAGS + 4L * i) == AUDIT_EQUAL
                            && rule.getInt(VALUES + 4L * i) != AUDIT_SECCOMP;
            if (aboutAnotherType) {
                return false;
            }
        }
        return true;
    }
}
