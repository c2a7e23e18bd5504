// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.evidence.Sign;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The kernel's answers; its figures are in audit.h, struct audit_status. */
final class KernelAudit implements AuditFacts {
    /** One for all sources, since the watch of the log action lasts until we end. */
    static final KernelAudit INSTANCE = new KernelAudit();

    private static final short AUDIT_GET = 1000;

    /** After the header: mask, enabled, failure, pid, rate_limit, backlog_limit, then lost. */
    private static final int RATE_LIMIT = AuditRequest.HEADER + 16;

    private static final int LOST = AuditRequest.HEADER + 24;

    private LogActionWatch logAction;

    @Override
    public OptionalLong queryLost() {
        return query(LOST);
    }

    @Override
    public OptionalLong queryRateLimit() {
        return query(RATE_LIMIT);
    }

    @Override
    public OptionalInt queryExcludeRules() {
        return ExcludeRules.queryCount();
    }

    @Override
    public void watchLogAction() {
        if (logAction == null) {
            logAction = new LogActionWatch(LogActionWatch.FOLDER);
        }
        logAction.startCounting();
    }

    @Override
    public Optional<Sign> queryLogActionChange() {
        return logAction.querySign();
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
