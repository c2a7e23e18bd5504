// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/** The audit rules that prevent records (exclude list), which a canary may not show. */
final class ExcludeRules {
    private static final short NLMSG_ERROR = 2;
    private static final short AUDIT_LIST_RULES = 1013;
    private static final int HEADER = AuditRequest.HEADER;

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

    /**
     * How many rules may prevent seccomp records of some process. Also 0 without CAP_AUDIT_CONTROL,
     * since we cannot read the rules then. Empty if the kernel's answer broke off.
     */
    static OptionalInt queryCount() {
        Optional<AuditRequest> sent =
                AuditRequest.send(
                        AUDIT_LIST_RULES, AuditRequest.NLM_F_REQUEST | AuditRequest.NLM_F_ACK);
        if (sent.isEmpty()) {
            return OptionalInt.of(0);
        }
        try (AuditRequest request = sent.get()) {
            return count(request);
        }
    }

    /** The kernel sends one message for each rule, and NLMSG_DONE after the last. */
    private static OptionalInt count(AuditRequest request) {
        int count = 0;
        while (true) {
            int length = request.receive();
            if (length < HEADER) {
                return OptionalInt.empty();
            }
            short type = request.type();
            if (isEnd(request.message(), length, type)) {
                return OptionalInt.of(count);
            }
            if (type == AUDIT_LIST_RULES && length > FIELD_FLAGS && mayExclude(request.message())) {
                count++;
            }
        }
    }

    private static boolean isEnd(ByteBuffer message, int length, short type) {
        boolean acknowledged =
                type == NLMSG_ERROR && length >= HEADER + 4 && message.getInt(HEADER) == 0;
        return !acknowledged && type != AUDIT_LIST_RULES;
    }

    private static boolean mayExclude(ByteBuffer rule) {
        if ((rule.getInt(FLAGS) & ~AUDIT_FILTER_PREPEND) != AUDIT_FILTER_EXCLUDE) {
            return false;
        }
        for (int i = 0; i < rule.getInt(FIELD_COUNT); i++) {
            boolean aboutAnotherType =
                    rule.getInt(FIELDS + 4 * i) == AUDIT_MSGTYPE
                            && rule.getInt(FIELD_FLAGS + 4 * i) == AUDIT_EQUAL
                            && rule.getInt(VALUES + 4 * i) != AUDIT_SECCOMP;
            if (aboutAnotherType) {
                return false;
            }
        }
        return true;
    }
}
