// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyText;
import java.util.List;
import java.util.Optional;

/**
 * What a filter decides about one call or about a range of numbers.
 *
 * @param name the call's name in our tables; empty for an unnamed call and for a range
 * @param from the first number, as an unsigned value
 * @param to the last number, included
 * @param cases the first case that holds decides
 * @param otherwise the verdict if no case holds
 */
public record CallCases(
        Optional<String> name, long from, long to, List<Case> cases, Verdict otherwise) {
    private static final CallRef ANY = new CallRef.Named("x");

    /**
     * A verdict with its conditions.
     *
     * @param conditions the case holds if all of them hold; empty for a case that always holds
     */
    public record Case(List<Condition> conditions, Verdict verdict) {}

    public CallCases {
        cases = List.copyOf(cases);
    }

    /** The call's name, its number, or the first and last number of the range. */
    public String subject() {
        return name.orElse(from == to ? Long.toString(from) : from + "-" + to);
    }

    /** Text for users, such as {@code allow if arg0==1, otherwise errno:EPERM}. */
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

    /** Whether the call passes with at least some arguments. */
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
