// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CallTestsTest {
    private static final CallTests OUTSIDE = new CallTests(2, 0, List.of(), false, 0);

    private static CallTests of(String name, int calls) {
        return new CallTests(0, 1, List.of(name), true, calls);
    }

    private static CallTests perhaps(String name, int calls) {
        return new CallTests(0, 0, List.of(name), false, calls);
    }

    private static CallTests oneOf(String... names) {
        return new CallTests(0, 0, List.of(names), false, 0);
    }

    private static void assertBetter(CallTests better, CallTests worse) {
        assertEquals(better.smallest(), better.plus(worse).smallest());
        assertEquals(better.plus(worse), worse.plus(better));
    }

    @Test
    void plus_takesTheMostCertainThenTheSmallest() {
        assertBetter(of("a", 3), of("b", 4));
        assertBetter(of("a", 3), of("b", 3));
        assertBetter(of("z", 9), perhaps("a", 1));
        assertBetter(perhaps("z", 9), oneOf("a", "b"));
        assertBetter(oneOf("y", "z"), oneOf("a", "b", "c"));
        assertBetter(oneOf("a", "b", "c"), OUTSIDE);
    }

    @Test
    void plus_addsWhatWasOutside() {
        assertEquals(4, OUTSIDE.plus(OUTSIDE).outside());
        assertTrue(OUTSIDE.plus(OUTSIDE).isOnlyOutside());
        assertEquals(2, OUTSIDE.plus(of("a", 1)).outside());
    }

    @Test
    void makers_areWords() {
        assertEquals("a", of("a", 1).makers());
        assertEquals("a, in another thread or process", perhaps("a", 1).makers());
        assertEquals("one of a, b", oneOf("b", "a").makers());
        assertEquals("one of a, b, c, d", oneOf("a", "b", "c", "d").makers());
        assertEquals("one of a, b, c, d and 2 more", oneOf("a", "b", "c", "d", "e", "f").makers());
        assertEquals("none, only outside of tests", OUTSIDE.makers());
    }

    @Test
    void contradictions_areRefused() {
        Class<IllegalArgumentException> refusal = IllegalArgumentException.class;
        assertThrows(refusal, () -> new CallTests(-1, 0, List.of(), false, 0));
        assertThrows(refusal, () -> new CallTests(0, 1, List.of(), false, 0));
        assertThrows(refusal, () -> new CallTests(0, 1, List.of("a", "b"), true, 0));
        assertThrows(refusal, () -> new CallTests(0, 0, List.of("a"), false, 0));
        assertThrows(refusal, () -> new CallTests(0, 0, List.of("a", "b"), false, 3));
    }
}
