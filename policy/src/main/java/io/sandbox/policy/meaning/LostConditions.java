// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a text lets through because its format cannot say all conditions of a policy. */
public final class LostConditions {
    private LostConditions() {}

    /** One loss for each call of the machine's own architecture, in the order of the policy. */
    public static List<Loss> between(
            PolicyDocument policy, PolicyDocument written, Circumstances here) {
        PolicyMeaning before = PolicyMeaning.of(policy, here);
        PolicyMeaning after = PolicyMeaning.of(written, here);
        ClassDifference classes = new ClassDifference(before, after);
        Map<String, CallRef> conditional = new LinkedHashMap<>();
        policy.under(here).rules().stream()
                .filter(Rule::isConditional)
                .map(Rule::call)
                .filter(before::exists)
                .forEach(call -> conditional.putIfAbsent(before.key(here.arch(), call), call));
        List<Loss> losses = new ArrayList<>();
        for (CallRef call : conditional.values()) {
            List<List<Condition>> passing = after.passing(call);
            if (passing.stream().anyMatch(where -> isRefused(before, call, where))) {
                String name = CallNames.on(here.arch()).nameOf(call).orElse(call.toString());
                String extent =
                        passing.contains(List.<Condition>of())
                                ? "is allowed whatever the arguments"
                                : "is allowed with more arguments";
                String opened = classes.about(name);
                losses.add(new Loss(name, extent + (opened.isEmpty() ? "" : " (" + opened + ")")));
            }
        }
        return losses;
    }

    private static boolean isRefused(PolicyMeaning policy, CallRef call, List<Condition> where) {
        return policy.outcomes(call, where).stream()
                .anyMatch(outcome -> outcome.action() != Action.ALLOW);
    }
}
