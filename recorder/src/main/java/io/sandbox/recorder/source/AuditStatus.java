// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import java.util.Optional;
import java.util.OptionalLong;

/** What the kernel says of its audit records (audit.h, struct audit_status). */
final class AuditStatus {
    private static final short AUDIT_GET = 1000;

    /** After the header: mask, enabled, failure, pid, rate_limit, backlog_limit, then lost. */
    private static final int RATE_LIMIT = AuditRequest.HEADER + 16;

    private static final int LOST = AuditRequest.HEADER + 24;

    private AuditStatus() {}

    /**
     * Records that the audit core has dropped since boot, machine-wide (it wraps at 32 bits). Empty
     * where CAP_AUDIT_CONTROL is missing.
     */
    static OptionalLong queryLost() {
        return query(LOST);
    }

    /**
     * How many records the kernel makes in a second before it drops the others; 0 for any number
     * ({@code auditctl -r}). Empty where CAP_AUDIT_CONTROL is missing.
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
            // A refusal comes back as another type of message (NLMSG_ERROR).
            if (request.receive() < offset + 4 || request.type() != AUDIT_GET) {
                return OptionalLong.empty();
            }
            return OptionalLong.of(Integer.toUnsignedLong(request.message().getInt(offset)));
        }
    }
}
