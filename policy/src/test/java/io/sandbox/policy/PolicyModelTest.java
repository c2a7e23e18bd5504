// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a list cannot express cannot be built from objects either. */
class PolicyModelTest {
    private static void refused(Runnable construction) {
        assertThrows(IllegalArgumentException.class, construction::run);
    }

    /** A part as the table says it: a word, and its parts. */
    private static Object part(String text) {
        String[] words = text.split(" ", -1);
        long[] numbers =
                Stream.of(words)
                        .skip(1)
                        .filter(w -> w.matches("-?[0-9]+"))
                        .mapToLong(Long::parseLong)
                        .toArray();
        return switch (words[0]) {
            case "condition" -> Condition.of((int) numbers[0], Operator.EQ, 0);
            case "masked" -> Condition.masked(0, numbers[0], numbers[1]);
            case "named" -> PolicyEntry.of(text.substring("named ".length()));
            case "numbered" -> PolicyEntry.of((int) numbers[0]);
            case "refusing" ->
                    new PolicyEntry(
                            new CallRef.Named("a"), List.of(), OptionalInt.of((int) numbers[0]));
            case "errno" -> Action.errno((int) numbers[0]);
            case "plain" -> Action.Plain.valueOf(words[1]);
            case "trace" -> new Action.Trace((int) numbers[0]);
            default -> new Condition(0, Operator.valueOf(words[0]), 1, 0);
        };
    }

    @Table
    void parts_thatNoListCanHold_areRefused(String part) {
        refused(() -> part(part));
    }

    @Table
    void parts_atTheirLimits_areAccepted(String part, String shown) {
        assertEquals(shown, part(part).toString());
    }

    // -1 is the largest value: comparisons are of unsigned numbers.
    @Table
    void holds_valuesAroundAndBeyond_areComparedUnsigned(Operator operator, String expected) {
        Condition condition = Condition.of(0, operator, 5);
        assertEquals(
                expected,
                LongStream.of(4, 5, 6, -1)
                        .mapToObj(value -> Boolean.toString(condition.holds(value)))
                        .collect(Collectors.joining(" ")));
    }

    @Test
    void holds_mask_ignoresOtherBits() {
        Condition condition = Condition.masked(0, 0xf0, 0x30);
        assertTrue(condition.holds(0x30));
        assertTrue(condition.holds(0xf3f));
        assertFalse(condition.holds(0x70));
        assertFalse(condition.holds(0x20));
    }

    @Table
    void format_plainAction_isItsWord(Action.Plain action, String word) {
        assertEquals(word, PolicyText.format(action));
    }

    @Test
    void entry_argumentTwice_isRefused() {
        CallRef call = new CallRef.Named("a");
        Condition first = Condition.of(3, Operator.GE, 1);
        refused(() -> new PolicyEntry(call, List.of(first, Condition.of(3, Operator.LE, 2))));
        refused(() -> new PolicyEntry(call, List.of(first, first)));
    }

    /** A list that allows the rest would refuse nothing. */
    @Table
    void policy_actionThatNoListCanSay_isRefused(String part) {
        Action action = (Action) part(part);
        refused(() -> Policy.allowing(List.of(), action));
        refused(() -> Policy.denying(List.of(), action));
    }

    @Test
    void policy_listGivenIsChangedLater_staysTheSame() {
        List<PolicyEntry> entries = new ArrayList<>(List.of(PolicyEntry.of("read")));
        Policy policy = Policy.allowing(entries, Action.TRAP);
        entries.clear();
        assertEquals(List.of(PolicyEntry.of("read")), policy.entries());
    }

    @Test
    void policy_nullPart_isRefused() {
        assertThrows(NullPointerException.class, () -> Policy.allowing(List.of(), null));
        assertThrows(NullPointerException.class, () -> new PolicyEntry(null, List.of()));
        assertThrows(NullPointerException.class, () -> Condition.of(0, null, 0));
    }

    @Test
    void condition_equality_isThatOfItsParts() {
        Condition one = Condition.masked(1, 0xff, 2);
        assertEquals(one, Condition.masked(1, 0xff, 2));
        assertEquals(one.hashCode(), Condition.masked(1, 0xff, 2).hashCode());
        for (Object other :
                List.of(
                        Condition.masked(2, 0xff, 2),
                        Condition.masked(1, 0xfe, 2),
                        Condition.masked(1, 0xff, 3),
                        Condition.of(1, Operator.EQ, 2),
                        "arg1&255==2")) {
            assertNotEquals(one, other);
        }
        // "arg0&18446744073709551615==1" stays a mask.
        assertNotEquals(Condition.masked(0, -1, 1), Condition.of(0, Operator.EQ, 1));
    }
}
