// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.testing;

import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.List;

/** Rules of one call in few words, also with several conditions for one argument. */
public final class RuleText {
    /** Rules such as {@code trap arg0==1 arg1==2}, with ~ between them. */
    public static List<Rule> parse(String text) {
        List<Rule> rules = new ArrayList<>();
        for (String rule : text.split("~")) {
            String[] words = rule.split(" ");
            List<Condition> conditions = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                conditions.addAll(
                        PolicyText.parseEntries("read(" + words[i] + ")").get(0).conditions());
            }
            rules.add(Rule.of(new CallRef.Named("read"), conditions, ActionText.parse(words[0])));
        }
        return rules;
    }
}
