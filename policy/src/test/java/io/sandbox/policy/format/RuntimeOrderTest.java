// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.ActionText;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.testing.RuleText;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was measured with libseccomp 2.6; OciMeaningIT compares it with the real one. */
class RuntimeOrderTest {
    private static String shown(Rule rule) {
        String subject = rule.subject();
        return ActionText.format(rule.action())
                + " "
                + subject.substring(subject.indexOf('(') + 1, subject.length() - 1)
                        .replace(',', ' ');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trap arg0==1~allow arg0<5|true",
                "trap arg0==1~trap arg0<5|false",
                "trap arg0==1~allow arg0==2|false",
                "allow arg0==1~allow arg0==2~trap arg0<2|true"
            })
    void matters_isForOverlappingRulesOfDifferentActions(String rules, boolean matters) {
        assertEquals(matters, RuntimeOrder.matters(RuleText.parse(rules)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trap arg0==1~allow arg1==2~allow arg0==3 arg1==4|true",
                "trap arg0==1~allow arg0==1|false",
                "trap arg0==1 arg1==2~allow arg0==1|false",
                "allow arg0==1 arg1==2~allow arg0==1|true",
                "trap arg0<5~allow arg0<=9~allow arg0==7|true",
                "trap arg0<5~allow arg0&1==1|true",
                "trap arg0<5~allow arg0&1==1~allow arg0==7|false",
                "trap arg0<5~allow arg1<9|false",
                "trap arg0<5 arg0==3~allow arg0<9|false",
                "trap arg0>5~allow arg0<9|false",
                "trap arg0<0xffffffff~allow arg0<9|true",
                "trap arg0<0x100000000~allow arg0<9|false",
                "trap arg0&0xffffffff==1~allow arg0<9|true",
                "trap arg0&0x100000001==1~allow arg0<9|false"
            })
    void isKnown_isForKindsThatWereMeasured(String rules, boolean known) {
        assertEquals(known, RuntimeOrder.isKnown(RuleText.parse(rules)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trap arg0==1~allow arg1==1|allow arg1==1~trap arg0==1",
                "trap arg0<5~allow arg0==1|allow arg0==1~trap arg0<5",
                "trap arg0==1~allow arg0==2|allow arg0==2~trap arg0==1",
                "trap arg0==1~allow arg0==18446744073709551615"
                        + "|allow arg0==18446744073709551615~trap arg0==1",
                "trap arg0<9~allow arg0<=5|allow arg0<=5~trap arg0<9",
                "trap arg0==1 arg1==2~allow arg0==1|allow arg0==1~trap arg0==1 arg1==2",
                "trap arg0==1 arg1==2~allow arg1==3 arg0==1"
                        + "|allow arg1==3 arg0==1~trap arg0==1 arg1==2",
                "trap arg0==1~allow arg0==1|trap arg0==1~allow arg0==1"
            })
    void of_rules_areInTheOrderOfTheTree(String rules, String ordered) {
        assertEquals(
                ordered,
                RuntimeOrder.of(RuleText.parse(rules)).stream()
                        .map(RuntimeOrderTest::shown)
                        .collect(Collectors.joining("~")));
    }
}
