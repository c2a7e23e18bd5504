// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
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

    /** What may be missing since then. How much is lost is unknown if we may not read the count. */
    Signs signs() {
        Signs signs = new Signs();
        facts.queryLogActionChange().ifPresent(signs::add);
        OptionalInt rules = facts.queryExcludeRules();
        signs.addIf(rules.isEmpty(), Sign.Kind.AUDIT_RULES_UNKNOWN);
        signs.addCount(Sign.Kind.AUDIT_RULES_EXCLUDE, rules.orElse(0));
        OptionalLong now = facts.queryLost();
        if (before.isPresent() && now.isPresent()) {
            long lost = (now.getAsLong() - before.getAsLong()) & 0xffffffffL;
            if (lost > 0) {
                signs.add(Sign.Kind.AUDIT_DROPPED, lost, reason(facts.queryRateLimit().orElse(0)));
            }
        }
        return signs.addIf(before.isPresent() && now.isEmpty(), Sign.Kind.AUDIT_DROPS_UNKNOWN);
    }

    /** Names both possible reasons, since the kernel counts them together. */
    private static String reason(long rateLimit) {
        String backlog = "its backlog was full";
        return rateLimit == 0
                ? backlog
                : "its limit is %s per second, which auditctl -r 0 removes; or %s"
                        .formatted(rateLimit, backlog);
    }
}
