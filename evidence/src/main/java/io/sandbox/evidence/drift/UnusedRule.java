// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.evidence.Required;
import io.sandbox.policy.document.Rule;
import java.util.List;

/**
 * Something that the policy allows and no run used.
 *
 * @param subject a call with its conditions, or a group of calls
 * @param line of the policy file, from 1
 * @param rules that could be removed, one or more
 * @param unreachable whether no code of the programs leads to the calls; false if nobody looked
 */
public record UnusedRule(String subject, int line, List<Rule> rules, boolean unreachable) {
    public UnusedRule {
        Required.all(subject);
        rules = List.copyOf(rules);
    }

    /** Of whose calls it is not known whether any code leads to them. */
    public UnusedRule(String subject, int line, List<Rule> rules) {
        this(subject, line, rules, false);
    }

    /** The same, after a look at the code. */
    public UnusedRule withoutCode() {
        return new UnusedRule(subject, line, rules, true);
    }
}
