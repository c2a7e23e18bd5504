// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.bpf;

import io.sandbox.enforcer.policy.CallRef;
import io.sandbox.enforcer.policy.Condition;
import io.sandbox.enforcer.policy.PolicyText;
import java.util.List;
import java.util.Optional;

/**
 * What a filter says about one call, or about many without a name.
 *
 * @param name as the tables have it; empty for one that has none, and for many
 * @param from the number as an unsigned value
 * @param to the last number, included
 * @param cases the first that holds decides
 * @param otherwise what happens if none does
 */
public record CallCases(
        Optional<String> name, long from, long to, List<Case> cases, Verdict otherwise) {
    private static final CallRef ANY = new CallRef.Named("x");

    /**
     * One case.
     *
     * @param conditions all hold; none for whatever is left
     */
    public record Case(List<Condition> conditions, Verdict verdict) {}

    public CallCases {
        cases = List.copyOf(cases);
    }

    /** The name, the number, or the first and the last. */
    public String subject() {
        return name.orElse(from == to ? Long.toString(from) : from + "-" + to);
    }

    /** For people, such as {@code allow if arg0==1, otherwise errno:EPERM}. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Case each : cases) {
            if (each.conditions.isEmpty()) {
                return text.append(text.isEmpty() ? "" : "otherwise ")
                        .append(each.verdict)
                        .toString();
            }
            String entry = PolicyText.format(ANY, each.conditions);
            text.append(each.verdict)
                    .append(" if ")
                    .append(entry, entry.indexOf('(') + 1, entry.length() - 1)
                    .append(", ");
        }
        return text.append(text.isEmpty() ? "" : "otherwise ").append(otherwise).toString();
    }

    /** Whether it is made for any arguments. */
    public boolean mayPass() {
        boolean decidesAll = false;
        for (Case each : cases) {
            if (each.verdict.passes()) {
                return true;
            }
            decidesAll |= each.conditions.isEmpty();
        }
        return !decidesAll && otherwise.passes();
    }
}
