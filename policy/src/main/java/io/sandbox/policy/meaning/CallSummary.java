// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a policy says about one call, in words for the user.
 *
 * @param name the call's name on the architecture, or its number
 * @param verdict such as {@code allow}, or {@code allow if arg0==1, otherwise kill}
 * @param mayPass whether it is allowed or logged, at least with some arguments
 * @param reason the file's comment on it; empty if there is none
 */
public record CallSummary(String name, String verdict, boolean mayPass, String reason) {
    public CallSummary withVerdict(String newVerdict) {
        return new CallSummary(name, newVerdict, mayPass, reason);
    }

    /** A summary of each call that the policy mentions and the architecture has, sorted by name. */
    public static List<CallSummary> of(PolicyDocument document, Circumstances here) {
        CallNames names = CallNames.on(here.arch());
        PolicyDocument counting = document.under(here);
        List<CallSummary> summaries = new ArrayList<>();
        for (List<Rule> rules : Reduction.byCall(counting, names).values()) {
            CallRef call = rules.get(0).call();
            Decision decision = new Decision(rules, document.otherwise());
            summaries.add(
                    new CallSummary(
                            names.nameOf(call).orElse(call.toString()),
                            decision.text(),
                            decision.mayBe(Action.ALLOW) || decision.mayBe(Action.LOG),
                            reason(rules)));
        }
        summaries.sort(Comparator.comparing(CallSummary::name));
        return summaries;
    }

    private static String reason(List<Rule> rules) {
        return rules.stream()
                .map(rule -> rule.note().reason())
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElse("");
    }
}
