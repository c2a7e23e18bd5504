// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class RuleSetTest {
    private static final int LISTED = 1;
    private static final int OTHERWISE = 2;

    /** The rules by ascending number, with alternatives in the order of the list. */
    private static String normalized(String list) {
        RuleSet rules = new RuleSet(OTHERWISE);
        for (PolicyEntry entry : PolicyText.parseEntries(list)) {
            rules.add(((CallRef.Numbered) entry.call()).number(), entry.conditions(), LISTED);
        }
        List<PolicyEntry> entries = new ArrayList<>();
        rules.byNumber()
                .forEach(
                        (number, alternatives) ->
                                alternatives.forEach(
                                        (conditions, returned) ->
                                                entries.add(
                                                        new PolicyEntry(
                                                                new CallRef.Numbered(number),
                                                                conditions))));
        assertEquals(entries.size(), rules.size());
        return PolicyText.format(entries);
    }

    @Table
    void add_list_isNormalized(String list, String expected) {
        assertEquals(expected, normalized(list));
    }

    /** Each rule of number 1 as {@code CONDITIONS>VALUE}. */
    private static String decided(String list) {
        RuleSet rules = new RuleSet(OTHERWISE);
        for (String rule : list.split(" ")) {
            String[] parts = rule.split(">(?=[0-9]$)");
            PolicyEntry entry = PolicyText.parseEntries("1" + parts[0]).get(0);
            rules.add(1, entry.conditions(), Integer.parseInt(parts[1]));
        }
        StringBuilder text = new StringBuilder();
        rules.byNumber()
                .getOrDefault(1, Map.of())
                .forEach(
                        (conditions, returned) ->
                                text.append(
                                        PolicyText.format(new CallRef.Numbered(1), conditions)
                                                        .substring(1)
                                                + ">"
                                                + returned
                                                + " "));
        assertEquals(text.toString().split(" ").length - (text.isEmpty() ? 1 : 0), rules.size());
        return text.toString().strip();
    }

    @Table
    void add_severalValues_firstDecides(String list, String expected) {
        assertEquals(expected, decided(list));
    }
}
