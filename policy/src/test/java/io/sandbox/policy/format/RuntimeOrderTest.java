// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.ActionText;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.testing.RuleText;
import io.sandbox.syscalldb.testing.Table;
import java.util.stream.Collectors;

/** What was measured with libseccomp 2.6; OciMeaningIT compares it with the real one. */
class RuntimeOrderTest {
    private static String shown(Rule rule) {
        String subject = rule.subject();
        return ActionText.format(rule.action())
                + " "
                + subject.substring(subject.indexOf('(') + 1, subject.length() - 1)
                        .replace(',', ' ');
    }

    @Table
    void matters_isForOverlappingRulesOfDifferentActions(String rules, boolean matters) {
        assertEquals(matters, RuntimeOrder.matters(RuleText.parse(rules)));
    }

    @Table
    void isKnown_isForKindsThatWereMeasured(String rules, boolean known) {
        assertEquals(known, RuntimeOrder.isKnown(RuleText.parse(rules)));
    }

    @Table
    void of_rules_areInTheOrderOfTheTree(String rules, String ordered) {
        assertEquals(
                ordered,
                RuntimeOrder.of(RuleText.parse(rules)).stream()
                        .map(RuntimeOrderTest::shown)
                        .collect(Collectors.joining("~")));
    }
}
