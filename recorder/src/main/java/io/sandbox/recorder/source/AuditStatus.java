// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import java.util.Optional;
import java.util.OptionalLong;

/** The kernel's figures on its audit records (audit.h, struct audit_status). */
final class AuditStatus {
    private static final short AUDIT_GET = 1000;

    /** After the header: mask, enabled, failure, pid, rate_limit, backlog_limit, then lost. */
    private static final int RATE_LIMIT = AuditRequest.HEADER + 16;

    private static final int LOST = AuditRequest.HEADER + 24;

    private AuditStatus() {}

    /** Records dropped since boot by the machine, 32 bits. Empty without CAP_AUDIT_CONTROL. */
    static OptionalLong queryLost() {
        return query(LOST);
    }

    /**
     * How many records the kernel makes in a second at most; it drops the others ({@code auditctl
     * -r}). 0 for no limit. Empty without CAP_AUDIT_CONTROL.
     */
    static OptionalLong queryRateLimit() {
        return query(RATE_LIMIT);
    }

    private static OptionalLong query(int offset) {
        Optional<AuditRequest> sent = AuditRequest.send(AUDIT_GET, AuditRequest.NLM_F_REQUEST);
        if (sent.isEmpty()) {
            return OptionalLong.empty();
        }
        try (AuditRequest request = sent.get()) {
            // A refusal is a message of another type (NLMSG_ERROR).
            if (request.receive() < offset + 4 || request.type() != AUDIT_GET) {
                return OptionalLong.empty();
            }
            return OptionalLong.of(Integer.toUnsignedLong(request.message().getInt(offset)));
        }
    }
}
