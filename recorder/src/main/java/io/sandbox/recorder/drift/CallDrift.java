// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.drift;

import io.sandbox.enforcer.document.Rule;
import io.sandbox.enforcer.launch.process.ObservedCall;
import io.sandbox.enforcer.meaning.Ruling;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A call that was made and that the policy does not allow, or may not.
 *
 * @param ruling what the policy says about it
 * @param line of the policy file that this is about, from 1: of the rule that refuses the call,
 *     else of the last thing that is allowed
 * @param covered whether the policy is about calls of this architecture at all
 * @param facts what is known of the call; empty for a number without a name
 * @param sibling a call that the policy allows and that others make in place of this one
 * @param seen where it was made, most often first; at least one
 */
public record CallDrift(
        Kind kind,
        ObservedCall call,
        Ruling ruling,
        int line,
        boolean covered,
        Optional<SyscallFacts> facts,
        Optional<Sibling> sibling,
        List<Seen> seen) {
    /** How certain it is, and why. */
    public enum Kind {
        /** The policy does not allow it, whatever the arguments. */
        NEW,
        /** It was made with arguments for which the policy does not allow it. */
        OUTSIDE_CONDITIONS,
        /** It is allowed for some arguments, and the evidence does not have them. */
        UNDECIDED
    }

    /**
     * @param name of the call that is allowed
     * @param unused whether no run makes that one, so that this one seems to have taken its place
     */
    public record Sibling(String name, boolean unused) {
        public Sibling {
            Objects.requireNonNull(name, "name");
        }
    }

    public CallDrift {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(ruling, "ruling");
        Objects.requireNonNull(facts, "facts");
        Objects.requireNonNull(sibling, "sibling");
        seen = List.copyOf(seen);
        if (seen.isEmpty()) {
            throw new IllegalArgumentException("a call that nobody made: " + call);
        }
    }

    /** How often it was made, by all programs together. */
    public long count() {
        return seen.stream().mapToLong(Seen::count).sum();
    }

    /** Whether a rule is about it, so that somebody decided this. */
    public boolean isRuled() {
        return !ruling.rules().isEmpty();
    }

    /** The first rule that is about it. */
    public Optional<Rule> rule() {
        return ruling.rules().stream().findFirst();
    }
}
