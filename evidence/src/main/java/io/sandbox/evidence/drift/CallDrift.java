// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.evidence.CallTests;
import io.sandbox.evidence.Required;
import io.sandbox.policy.meaning.Ruling;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.List;
import java.util.Optional;

/**
 * A call that was made, and that the policy does not allow or perhaps does not allow.
 *
 * @param ruling what the policy says about the call
 * @param line the line of the policy file to show, from 1: that of the rule that refuses the call,
 *     or else of the last allowed item
 * @param covered whether the policy has rules for this architecture
 * @param facts what is known of the call; empty for a number without a name
 * @param sibling an allowed call that other programs or libraries make in place of this one
 * @param seen which executables made the call, the most frequent first; at least one
 * @param arguments recorded values that the policy does not allow, as conditions of a list; for
 *     {@link Kind#OUTSIDE_CONDITIONS}, and empty if they were not recorded
 * @param tests which tests made it; empty if that was not looked at
 */
public record CallDrift(
        Kind kind,
        ObservedCall call,
        Ruling ruling,
        int line,
        boolean covered,
        Optional<SyscallFacts> facts,
        Optional<Sibling> sibling,
        List<Seen> seen,
        List<String> arguments,
        Optional<CallTests> tests) {
    /** How certain the drift is, and why. */
    public enum Kind {
        /** The policy does not allow the call with any arguments. */
        NEW,
        /** The call was made with arguments that the policy does not allow. */
        OUTSIDE_CONDITIONS,
        /** A filter refused the call: for its arguments, or the filter had another policy. */
        OUTSIDE_CONDITIONS_OR_POLICY,
        /** Allowed with some arguments, and the evidence does not show which were used. */
        UNDECIDED,
        /**
         * In a list of allowed calls, a rule has the call fail with an error. Without the rule, the
         * call would be refused too, so somebody wrote the rule on purpose, and the program
         * continues after the error. A rule that kills is no such decision: it would end the
         * program in the middle of its tests.
         */
        REFUSED
    }

    /**
     * @param name the name of the allowed call
     * @param unused whether no run makes the allowed call, which the new one may have replaced
     */
    public record Sibling(String name, boolean unused) {}

    public CallDrift {
        Required.all(kind, call, ruling, facts, sibling, tests);
        arguments = List.copyOf(arguments);
        seen = List.copyOf(seen);
        if (seen.isEmpty()) {
            throw new IllegalArgumentException("a call that nobody made: " + call);
        }
    }

    /** The same, if a filter refused the call. */
    CallDrift ofRefusal() {
        return with(kind == Kind.UNDECIDED ? Kind.OUTSIDE_CONDITIONS_OR_POLICY : kind, seen);
    }

    CallDrift withSeen(List<Seen> all) {
        return with(kind, all);
    }

    private CallDrift with(Kind newKind, List<Seen> newSeen) {
        return new CallDrift(
                newKind, call, ruling, line, covered, facts, sibling, newSeen, arguments, tests);
    }

    /** How often all programs together made the call. */
    public long count() {
        return seen.stream().mapToLong(Seen::count).sum();
    }

    /** Whether a rule names the call, so that its refusal was a decision. */
    public boolean isRuled() {
        return !ruling.rules().isEmpty();
    }
}
