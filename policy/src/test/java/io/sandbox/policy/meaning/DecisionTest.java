// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.testing.RuleText;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionTest {
    /** The rest is killed; empty for no rules. */
    private static Decision decision(String text) {
        return new Decision(text.isEmpty() ? List.of() : RuleText.parse(text), Action.KILL);
    }

    @Table
    void sameAs_otherDecision_isFalse(String one, String other) {
        assertFalse(decision(one).sameAs(decision(other)));
        assertFalse(decision(other).sameAs(decision(one)));
    }

    @Table
    void sameAs_sameInOtherWords_isTrue(String one, String other) {
        assertTrue(decision(one).sameAs(decision(other)));
    }

    /**
     * Whether rules, so many for each of five arguments, are the same with one that adds nothing.
     */
    private static boolean isSameWithMore(int rulesOfAnArgument) {
        List<Rule> rules = new ArrayList<>();
        for (int argument = 0; argument < 5; argument++) {
            for (int i = 1; i <= rulesOfAnArgument; i++) {
                rules.addAll(RuleText.parse("allow arg" + argument + "==" + i * 10));
            }
        }
        List<Rule> more = new ArrayList<>(rules);
        more.addAll(RuleText.parse("allow arg0==10 arg1==20"));
        return new Decision(rules, Action.KILL).sameAs(new Decision(more, Action.KILL));
    }

    /** With more it would take too long. False is safe: a difference is shown. */
    @Test
    void sameAs_veryManyConditions_isFalse() {
        assertTrue(isSameWithMore(4));
        assertFalse(isSameWithMore(5));
    }

    @Test
    void mayBe_isTheActionOfARuleOrOfTheRest() {
        Decision decision = decision("allow arg0==1~trap arg0==2");
        assertTrue(decision.mayBe(Action.ALLOW));
        assertTrue(decision.mayBe(Action.TRAP));
        assertTrue(decision.mayBe(Action.KILL));
        assertFalse(decision.mayBe(Action.LOG));
    }

    /** Rules that change nothing are left out. */
    @Table
    void text_isOfTheDecidingRules(String rules, String text) {
        assertEquals(text, decision(rules).text());
    }
}
