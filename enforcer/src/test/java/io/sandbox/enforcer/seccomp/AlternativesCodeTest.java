// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.testing.Table;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class AlternativesCodeTest {
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final int ARCH = 0xc000003e;
    private static final int MATCH = 1;
    private static final int OTHERWISE = 2;
    private static final int BEHIND = 3;
    private static final int NUMBER = 7;

    /** Begins with the code that looks at the calls, and has others decided behind it. */
    private static FilterInterpreter filter(Consumer<AlternativesCode> rules) {
        CodeBuffer code = new CodeBuffer();
        AlternativesCode own = new AlternativesCode(code, ARCH, LITTLE, OTHERWISE);
        rules.accept(own);
        own.end();
        code.add(BpfNumbers.RETURN, BEHIND, 0, 0);
        return FilterInterpreter.of(code.toBytes());
    }

    private static int run(String list, CallData call) {
        Map<List<Condition>, Integer> rules = new LinkedHashMap<>();
        PolicyText.parseEntries(list).forEach(entry -> rules.put(entry.conditions(), MATCH));
        return filter(own -> addAround(own, rules)).run(call);
    }

    private static void addAround(AlternativesCode own, Map<List<Condition>, Integer> rules) {
        own.add(NUMBER - 1, Map.of(List.of(), MATCH));
        own.add(NUMBER, rules);
        own.add(NUMBER + 1, rules);
    }

    @Table
    void add_rules_holdOrNot(String list, String argument, int expected) {
        assertEquals(expected, run(list, CallData.of(NUMBER, ARCH, Long.decode(argument))));
    }

    @Test
    void add_otherNumberOrArch_goesOnBehind() {
        assertEquals(MATCH, run("a(arg0==1)", CallData.of(NUMBER - 1, ARCH)));
        assertEquals(MATCH, run("a(arg0==1)", CallData.of(NUMBER + 1, ARCH, 1)));
        assertEquals(BEHIND, run("a(arg0==1)", CallData.of(NUMBER + 2, ARCH, 1)));
        assertEquals(BEHIND, run("a(arg0==1)", CallData.of(NUMBER, 0x40000003, 1)));
    }

    @Test
    void add_severalValues_firstThatHoldsDecides() {
        Map<List<Condition>, Integer> rules = new LinkedHashMap<>();
        rules.put(List.of(Condition.of(0, Operator.EQ, 5)), 11);
        rules.put(List.of(Condition.of(0, Operator.LT, 9)), 12);
        rules.put(List.of(Condition.of(1, Operator.EQ, 1)), 13);
        FilterInterpreter filter = filter(own -> own.add(NUMBER, rules));
        assertEquals(11, filter.run(CallData.of(NUMBER, ARCH, 5, 1)));
        assertEquals(12, filter.run(CallData.of(NUMBER, ARCH, 6, 1)));
        assertEquals(13, filter.run(CallData.of(NUMBER, ARCH, 9, 1)));
        assertEquals(OTHERWISE, filter.run(CallData.of(NUMBER, ARCH, 9, 2)));
    }

    /** The furthest jumps that fit into eight bits. */
    @Test
    void add_mostConditions_areAllTested() {
        List<Condition> most = new ArrayList<>();
        for (int i = 0; i < Rule.MAX_CONDITIONS; i++) {
            most.add(Condition.masked(i % 6, 0xf_0000_000fL, 0x1_0000_0001L));
        }
        Map<List<Condition>, Integer> rules = new LinkedHashMap<>();
        rules.put(most, MATCH);
        rules.put(List.of(Condition.of(5, Operator.EQ, 3)), MATCH + 10);
        FilterInterpreter filter = filter(own -> own.add(NUMBER, rules));
        long one = 0x1_0000_0001L;
        assertEquals(MATCH, filter.run(CallData.of(NUMBER, ARCH, one, one, one, one, one, one)));
        assertEquals(MATCH + 10, filter.run(CallData.of(NUMBER, ARCH, one, 1, 1, 1, 1, 3)));
        assertEquals(OTHERWISE, filter.run(CallData.of(NUMBER, ARCH, one, one, one, one, one, 1)));
    }

    /** Each rule as {@code RULE>VALUE}. */
    private static String decided(String list) {
        RuleSet rules = new RuleSet(OTHERWISE);
        for (String rule : list.isEmpty() ? new String[0] : list.split(" ")) {
            String[] parts = rule.split(">(?=[0-9]$)");
            PolicyEntry entry = PolicyText.parseEntries(parts[0]).get(0);
            int number = ((CallRef.Numbered) entry.call()).number();
            rules.add(number, entry.conditions(), Integer.parseInt(parts[1]));
        }
        List<String> texts = new ArrayList<>();
        rules.byNumber()
                .forEach(
                        (number, alternatives) ->
                                alternatives.forEach(
                                        (conditions, returned) ->
                                                texts.add(
                                                        PolicyText.format(
                                                                        new CallRef.Numbered(
                                                                                number),
                                                                        conditions)
                                                                + ">"
                                                                + returned)));
        assertEquals(texts.size(), rules.size());
        return String.join(" ", texts);
    }

    /** By ascending number, with alternatives in the order of the list. */
    @Table
    void add_rules_areNormalized_andTheFirstDecides(String list, String expected) {
        assertEquals(expected, decided(list));
    }
}
