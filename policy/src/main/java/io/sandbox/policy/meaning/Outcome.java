// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.Rule;
import java.util.List;

/**
 * What a policy does with some call.
 *
 * @param by the rule that decides; empty if none does, so that the default decides
 */
public record Outcome(Action action, List<Rule> by) {
    public Outcome {
        by = List.copyOf(by);
    }

    /** Whether the kernel makes the call. */
    public boolean passes() {
        return action.passes();
    }

    /** The rule in words, such as {@code socket(arg0==16), line 3}. */
    public String rule() {
        if (by.isEmpty()) {
            return "the default action";
        }
        Rule rule = by.get(0);
        int line = rule.note().line();
        return rule.subject() + (line > 0 ? ", line " + line : "");
    }
}
