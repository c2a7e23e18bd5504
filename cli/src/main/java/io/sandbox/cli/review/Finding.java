// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import io.sandbox.cli.policyfile.PolicyUpdate;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.Seen;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.edit.PolicyEdit;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.text.VisibleText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A call to decide about.
 *
 * @param arguments all values of its arguments that the policy does not allow, as conditions of a
 *     list's entry; empty if they are unknown or too many
 * @param function by which function it was first made, if known
 */
record Finding(CallDrift call, List<String> arguments, Optional<String> function) {
    /** The most dangerous first. What nothing is known of is dangerous. */
    static final Comparator<Finding> BY_RISK =
            Comparator.comparing(Finding::level)
                    .thenComparing(finding -> finding.call().kind())
                    .thenComparing(Finding::name);

    Finding {
        arguments = List.copyOf(arguments);
    }

    Risk.Level level() {
        return SyscallFacts.level(call.facts());
    }

    String name() {
        return call.call().displayName();
    }

    String arch() {
        return call.call().archName();
    }

    /** Why no rule of the policy could be about it; empty if one can. */
    Optional<String> hindrance() {
        if (!call.covered()) {
            return Optional.of("the policy must be about calls of " + arch());
        }
        return PolicyUpdate.ref(call).isPresent()
                ? Optional.empty()
                : Optional.of("no rule can name the call");
    }

    /** The rules for a decision. Requires that there is no hindrance. */
    PolicyEdit.Addition addition(Decision decision, String date) {
        CallRef ref = PolicyUpdate.ref(call).orElseThrow();
        List<List<Condition>> alternatives =
                decision.onlySeen()
                        ? arguments.stream().map(Finding::conditions).toList()
                        : List.of(List.of());
        String seen = decision.isRefusal() ? "refused without a reason; " + seen() : seen();
        String why = decision.reason().isEmpty() ? seen : VisibleText.of(decision.reason());
        return new PolicyEdit.Addition(
                ref, alternatives, decision.action(), "reviewed " + date + ": " + why);
    }

    private static List<Condition> conditions(String values) {
        return PolicyText.parseEntries("0(" + values + ")").get(0).conditions();
    }

    private String seen() {
        String place = PolicyUpdate.place(call);
        return "seen " + times() + (place.isEmpty() ? "" : " in " + place);
    }

    /** How often the call was made. */
    String times() {
        return call.count() == 1 ? "once" : call.count() + " times";
    }

    /** What a decision rests on: if that is another one later, the decision is to be made again. */
    List<String> basis() {
        List<String> basis = new ArrayList<>();
        basis.add(call.kind() + ": " + call.ruling().text());
        call.seen().stream().map(Seen::executable).sorted().forEach(basis::add);
        basis.addAll(arguments);
        return basis;
    }
}
