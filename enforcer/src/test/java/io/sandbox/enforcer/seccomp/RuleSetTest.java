package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.enforcer.policy.CallRef;
import io.sandbox.enforcer.policy.PolicyEntry;
import io.sandbox.enforcer.policy.PolicyText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleSetTest {
    /** By number ascending, alternatives in the order of the list. */
    private static String normalized(String list) {
        RuleSet rules = new RuleSet();
        for (PolicyEntry entry : PolicyText.parseEntries(list)) {
            rules.add(((CallRef.Numbered) entry.call()).number(), entry.conditions());
        }
        List<PolicyEntry> entries = new ArrayList<>();
        rules.byNumber()
                .forEach(
                        (number, alternatives) ->
                                alternatives.forEach(
                                        conditions ->
                                                entries.add(
                                                        new PolicyEntry(
                                                                new CallRef.Numbered(number),
                                                                conditions))));
        assertEquals(entries.size(), rules.size());
        return PolicyText.format(entries);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|''",
                "3:1:2:1|1:2:3",
                "1(arg0==1):1|1",
                "1:1(arg0==1)|1",
                "1(arg0==1):1(arg0==1)|1(arg0==1)",
                "1(arg0==1):1(arg0==2)|1(arg0==1):1(arg0==2)",
                "1(arg0>=0)|1",
                "1(arg0<=18446744073709551615)|1",
                "1(arg0&0==0)|1",
                "1(arg0>=0,arg1==1)|1(arg1==1)",
                "1(arg0==1):1(arg1>=0)|1",
                "1(arg0<0)|''",
                "1(arg0>18446744073709551615)|''",
                "1(arg1==1,arg0<0):1(arg1==2)|1(arg1==2)",
                "1:1(arg0<0)|1",
                "1(arg0>0)|1(arg0>0)",
                "1(arg0>=1)|1(arg0>=1)",
                "1(arg0<18446744073709551615)|1(arg0<18446744073709551615)",
                "1(arg0&1==0)|1(arg0&1==0)"
            })
    void add_list_isNormalized(String list, String expected) {
        assertEquals(expected, normalized(list));
    }
}
