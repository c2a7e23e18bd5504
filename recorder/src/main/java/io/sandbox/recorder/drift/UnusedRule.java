// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.drift;

import io.sandbox.enforcer.document.Rule;
import java.util.List;
import java.util.Objects;

/**
 * Something that the policy allows and no run used.
 *
 * @param subject a call with its conditions, or a group of calls
 * @param line of the policy file, from 1
 * @param rules that could be removed, one or more
 */
public record UnusedRule(String subject, int line, List<Rule> rules) {
    public UnusedRule {
        Objects.requireNonNull(subject, "subject");
        rules = List.copyOf(rules);
    }
}
