// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegionTest {
    private static List<Condition> conditions(String list) {
        return PolicyText.parseEntries("x(" + list + ")").get(0).conditions();
    }

    /** The call is refused for {@code refusals} values, and otherwise allowed from 100 on. */
    private static Optional<List<List<Condition>>> whereAllowed(int refusals) {
        CallRef call = new CallRef.Named("x");
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < refusals; i++) {
            rules.add(Rule.of(call, conditions("arg0==" + i), Action.errno(1)));
        }
        rules.add(Rule.of(call, conditions("arg0>=100"), Action.ALLOW));
        return Region.where(rules, action -> action == Action.ALLOW);
    }

    /** The result is not "everywhere", which would allow the call with any arguments. */
    @Test
    void where_moreConditionsThanARuleHas_isUnknown() {
        int most = Rule.MAX_CONDITIONS - 1;
        List<List<Condition>> alternatives = whereAllowed(most).orElseThrow();
        assertEquals(1, alternatives.size());
        assertEquals(Rule.MAX_CONDITIONS, alternatives.get(0).size());
        for (int refusals = most + 1; refusals < 2 * Region.LIMIT; refusals++) {
            assertEquals(Optional.empty(), whereAllowed(refusals), refusals + " refusals");
        }
    }

    /** Readers of formats that list alternatives refuse more than the limit. */
    @ParameterizedTest
    @CsvSource({"59,64", "60,0"})
    void where_lastRuleIsForTheRest_itsAlternativesCountToo(int values, int expected) {
        CallRef call = new CallRef.Named("x");
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < values; i++) {
            rules.add(Rule.of(call, conditions("arg0==" + i), Action.ALLOW));
        }
        String refused = "arg1==1,arg2==1,arg3==1,arg4==1,arg5==1";
        rules.add(Rule.of(call, conditions(refused), Action.errno(1)));
        rules.add(Rule.of(call, List.of(), Action.ALLOW));
        assertEquals(
                expected,
                Region.where(rules, action -> action == Action.ALLOW).map(List::size).orElse(0));
    }

    @Table
    void overlap_conditions_areComparedByArgument(String one, String other, boolean expected) {
        assertEquals(expected, Region.overlap(conditions(one), conditions(other)));
        assertEquals(expected, Region.overlap(conditions(other), conditions(one)));
    }

    @Table
    void spelledOut_fewValues_areListed(String entry, String expected) {
        List<Condition> conditions = new ArrayList<>();
        for (String each : entry.substring(5, entry.length() - 1).split(",")) {
            conditions.addAll(conditions(each));
        }
        List<List<Condition>> alternatives = Region.spelledOut(conditions);
        String text =
                alternatives.stream()
                        .map(each -> PolicyText.format(new CallRef.Named("read"), each))
                        .collect(Collectors.joining(" "));
        assertEquals(
                expected,
                expected.startsWith("read") ? text : Integer.toString(alternatives.size()));
    }
}
