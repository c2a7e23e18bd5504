// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Watches, from its creation on, which records the audit core drops or leaves out. */
final class AuditCore {
    private final AuditFacts facts;
    private final OptionalLong before;

    AuditCore(AuditFacts facts) {
        this.facts = facts;
        before = facts.queryLost();
        facts.watchLogAction();
    }

    /**
     * Adds the losses to {@code causes} and returns how many records were dropped; 0 if we may not
     * read the count.
     */
    long addTo(List<String> causes) {
        facts.queryLogActionChange().ifPresent(causes::add);
        OptionalInt rules = facts.queryExcludeRules();
        if (rules.isEmpty()) {
            causes.add(
                    "the kernel did not list all audit rules, and one of them may suppress"
                            + " records");
        } else if (rules.getAsInt() > 0) {
            causes.add(
                    rules.getAsInt()
                            + " audit rules of the exclude list may suppress records (auditctl"
                            + " -l)");
        }
        OptionalLong now = facts.queryLost();
        if (before.isEmpty()) {
            return 0;
        }
        if (now.isEmpty()) {
            causes.add("the kernel did not report how many audit records it dropped");
            return 0;
        }
        long lost = (now.getAsLong() - before.getAsLong()) & 0xffffffffL;
        if (lost > 0) {
            causes.add(
                    "the kernel dropped "
                            + lost
                            + " audit records of this machine ("
                            + reason(facts.queryRateLimit().orElse(0))
                            + ")");
        }
        return lost;
    }

    /** Names both possible reasons, since the kernel counts them together. */
    private static String reason(long rateLimit) {
        String backlog = "its backlog was full";
        return rateLimit == 0
                ? backlog
                : "its limit is "
                        + rateLimit
                        + " per second, which auditctl -r 0 removes; or "
                        + backlog;
    }
}
