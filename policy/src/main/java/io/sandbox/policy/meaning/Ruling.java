// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.Rule;
import java.util.List;

/**
 * What a policy says about one call.
 *
 * @param extent for which arguments the call is allowed
 * @param entries if it is allowed for some arguments, entries of a list that together allow the
 *     same; empty if no list can express it
 * @param text the ruling in words, such as {@code allow if arg0==1, otherwise kill}
 * @param rules the rules for the call, of which the first that holds decides; empty if only the
 *     default decides
 */
public record Ruling(Extent extent, List<String> entries, String text, List<Rule> rules) {
    /** For which arguments a call is allowed. */
    public enum Extent {
        ALWAYS,
        SOMETIMES,
        NEVER
    }

    public Ruling {
        entries = List.copyOf(entries);
        rules = List.copyOf(rules);
    }

    /** Whether rules for this call have it fail with an error, whatever its arguments are. */
    public boolean failsByRule() {
        for (Rule rule : rules) {
            if (!(rule.action() instanceof Action.Errno)) {
                return false;
            }
            if (!rule.isConditional()) {
                return true;
            }
        }
        return false;
    }
}
