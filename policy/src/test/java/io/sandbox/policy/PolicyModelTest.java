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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a list cannot express cannot be built from objects either. */
class PolicyModelTest {
    private static void refused(Runnable construction) {
        assertThrows(IllegalArgumentException.class, construction::run);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 6, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void condition_noSuchArgument_isRefused(int argument) {
        refused(() -> Condition.of(argument, Operator.EQ, 0));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MASKED_EQ")
    void condition_maskWithAnotherOperator_isRefused(Operator operator) {
        refused(() -> new Condition(0, operator, 1, 0));
    }

    @Test
    void condition_valueOutsideMask_isRefused() {
        refused(() -> Condition.masked(0, 0xf, 0x10));
        refused(() -> Condition.masked(0, 0, 1));
        refused(() -> Condition.masked(0, Long.MAX_VALUE, Long.MIN_VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "A", "a-b", "a\0", "é", "aB", "a ", "a:b", "a(arg0==1)"})
    void named_noName_isRefused(String name) {
        refused(() -> PolicyEntry.of(name));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void numbered_beyondTheNumbersOfCalls_isRefused(int number) {
        refused(() -> PolicyEntry.of(number));
    }

    @Test
    void parts_atTheirLimits_areAccepted() {
        assertEquals(0, Condition.of(0, Operator.EQ, 0).argument());
        assertEquals(5, Condition.of(5, Operator.EQ, 0).argument());
        assertEquals("0", PolicyEntry.of(0).toString());
        assertEquals("1073741823", PolicyEntry.of((1 << 30) - 1).toString());
        assertEquals(new Action.Errno(1), Action.errno(1));
        assertEquals(new Action.Errno(4095), Action.errno(4095));
        assertEquals("a", PolicyEntry.of("a").toString());
        assertEquals("z_az09", PolicyEntry.of("z_az09").toString());
        assertEquals("_", PolicyEntry.of("_").toString());
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

    @Test
    void policy_thatRefusesNothing_isRefused() {
        refused(() -> Policy.allowing(List.of(), Action.ALLOW));
        refused(() -> Policy.denying(List.of(), Action.ALLOW));
    }

    @ParameterizedTest
    @CsvSource({"ALLOW, allow", "KILL, kill", "KILL_THREAD, kill_thread", "TRAP, trap", "LOG, log"})
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

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 4096, 65536})
    void entry_errnoThatIsNone_isRefused(int errno) {
        CallRef call = new CallRef.Named("a");
        refused(() -> new PolicyEntry(call, List.of(), OptionalInt.of(errno)));
        assertEquals("a=4095", new PolicyEntry(call, List.of(), OptionalInt.of(4095)).toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536, Integer.MIN_VALUE})
    void errno_outOfRange_isRefused(int number) {
        refused(() -> Action.errno(number));
        refused(() -> new Action.Trace(number));
    }

    @Test
    void policy_actionThatNoListCanSay_isRefused() {
        for (Action action :
                List.of(Action.NOTIFY, new Action.Trace(1), Action.errno(0), Action.errno(4096))) {
            refused(() -> Policy.allowing(List.of(), action));
        }
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
