// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
        if (!rules.isEmpty()) {
            own.add(NUMBER - 1, Map.of(List.of(), MATCH));
            own.add(NUMBER, rules);
            own.add(NUMBER + 1, rules);
        }
    }

    @Table
    void add_rules_holdOrNot(String list, String argument, int expected) {
        CallData call = CallData.of(NUMBER, ARCH, Long.decode(argument));
        assertEquals(expected, run(list, call));
    }

    @Test
    void add_otherNumberOrArch_goesOnBehind() {
        assertEquals(MATCH, run("a(arg0==1)", CallData.of(NUMBER - 1, ARCH)));
        assertEquals(MATCH, run("a(arg0==1)", CallData.of(NUMBER + 1, ARCH, 1)));
        assertEquals(BEHIND, run("a(arg0==1)", CallData.of(NUMBER + 2, ARCH, 1)));
        assertEquals(BEHIND, run("a(arg0==1)", CallData.of(NUMBER, 0x40000003, 1)));
    }

    @Test
    void end_noRules_isNothing() {
        assertEquals(BEHIND, run("", CallData.of(NUMBER, ARCH)));
    }

    /** 6 tests of 6 instructions: the furthest jump inside a rule. */
    @Test
    void add_longestRule_isJumpedOver() {
        String mask = "&0x8fffffff8fffffff==0x100000001";
        String longest = "a(arg0" + mask;
        for (int i = 1; i < 6; i++) {
            longest += ",arg" + i + mask;
        }
        String list = longest + "):a(arg5==3)";
        long one = 0x1_0000_0001L;
        long[] all = {one, one, one, one, one, one};
        assertEquals(MATCH, run(list, CallData.of(NUMBER, ARCH, all)));
        assertEquals(MATCH, run(list, CallData.of(NUMBER, ARCH, 0, 0, 0, 0, 0, 3)));
        assertEquals(OTHERWISE, run(list, CallData.of(NUMBER, ARCH, one, one, one, one, one, 1)));
    }

    @Test
    void add_beyondTheLimit_isRefused() {
        Map<List<Condition>, Integer> tooMany = new LinkedHashMap<>();
        for (int i = 0; i < 4096; i++) {
            tooMany.put(List.of(Condition.of(0, Operator.EQ, i)), MATCH);
        }
        FilterException e =
                assertThrows(FilterException.class, () -> filter(own -> own.add(1, tooMany)));
        assertEquals(
                "filter: more than the 4096 instructions that the kernel takes", e.getMessage());
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

    /** The rules by ascending number, with alternatives in the order of the list. */
    private static String normalized(String list) {
        RuleSet rules = new RuleSet(OTHERWISE);
        for (PolicyEntry entry : PolicyText.parseEntries(list)) {
            rules.add(((CallRef.Numbered) entry.call()).number(), entry.conditions(), MATCH);
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
