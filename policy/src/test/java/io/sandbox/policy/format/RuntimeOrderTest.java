// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.ActionText;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.testing.RuleText;
import io.sandbox.syscalldb.testing.Table;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RuntimeOrderTest {
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

    private static final long[] VALUES = {
        0, 1, 2, 0x7fffffffL, 0x80000000L, 0xfffffffeL, 0xffffffffL, 0x100000000L, -1
    };

    private static boolean holds(int argument, Operator operator, long value, long actual) {
        return LowHalf.compare(argument, operator, value).stream()
                .anyMatch(all -> all.stream().allMatch(one -> one.holds(actual)));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MASKED_EQ")
    void compare_anyValues_isTheComparisonOfTheirLowerHalves(Operator operator) {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            long value = i % 2 == 0 ? VALUES[random.nextInt(VALUES.length)] : random.nextLong();
            long actual = (value + random.nextInt(5) - 2) ^ (random.nextLong() << 32);
            Condition plain = Condition.of(2, operator, value & LowHalf.MASK);
            assertEquals(
                    plain.holds(actual & LowHalf.MASK),
                    holds(2, operator, value, actual),
                    () -> Long.toHexString(actual) + operator + Long.toHexString(value));
        }
    }
}
