// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Watches what the audit core itself drops or leaves out, from the moment it is made. */
final class AuditCore {
    private final AuditFacts facts;
    private final OptionalLong before;

    AuditCore(AuditFacts facts) {
        this.facts = facts;
        before = facts.queryLost();
        facts.watchLogAction();
    }

    /**
     * Adds what was dropped since to {@code causes} and returns how many; 0 where it may not be
     * read.
     */
    long addTo(List<String> causes) {
        facts.queryLogActionChange().ifPresent(causes::add);
        OptionalInt rules = facts.queryExcludeRules();
        if (rules.isEmpty()) {
            causes.add("the kernel did not tell all audit rules, one may keep records from us");
        } else if (rules.getAsInt() > 0) {
            causes.add(
                    rules.getAsInt()
                            + " audit rules of the exclude list may keep records from being made"
                            + " (auditctl -l)");
        }
        OptionalLong now = facts.queryLost();
        if (before.isEmpty()) {
            return 0;
        }
        if (now.isEmpty()) {
            causes.add("the kernel did not tell how many audit records it has dropped");
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

    /** One counter counts both. */
    private static String reason(long rateLimit) {
        String backlog = "its backlog was full";
        return rateLimit == 0
                ? backlog
                : "it makes at most "
                        + rateLimit
                        + " in a second, until auditctl -r 0; or "
                        + backlog;
    }
}
