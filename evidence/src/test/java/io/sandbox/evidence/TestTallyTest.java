// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestTallyTest {
    private static final int JVM = 1;
    private static final int OTHER = 99;

    private final OpenTests tests = new OpenTests();
    private final TestTally tally = new TestTally();

    @BeforeEach
    void knowTests() {
        for (String name : List.of("large", "small", "also small")) {
            tests.begin(JVM, JVM, 1, name);
            tests.end(JVM, 1);
        }
    }

    private void callIn(String... names) {
        for (int i = 0; i < names.length; i++) {
            tests.begin(JVM, i + 1, i, names[i]);
        }
    }

    private void endAll(int count) {
        for (int i = 0; i < count; i++) {
            tests.end(JVM, i);
        }
    }

    private void callOf(int thread, String... names) {
        callIn(names);
        tests.turnTo(JVM, thread);
        tally.add(tests.maker());
        endAll(names.length);
    }

    private CallTests result() {
        return tally.result(tests, new int[] {9, 4, 4});
    }

    @Test
    void result_severalTests_isTheSmallestThenTheFirstByName() {
        callOf(1, "large");
        assertEquals(new CallTests(0, 1, List.of("large"), true, 9), result());
        callOf(1, "small");
        assertEquals(new CallTests(0, 2, List.of("small"), true, 4), result());
        callOf(1, "also small");
        assertEquals(new CallTests(0, 3, List.of("also small"), true, 4), result());
    }

    @Test
    void result_certainOfALargerTest_comesBeforeDoubts() {
        callOf(OTHER, "large", "small");
        assertEquals(new CallTests(0, 0, List.of("large", "small"), false, 0), result());
        callOf(OTHER, "small");
        assertEquals(new CallTests(0, 0, List.of("small"), false, 4), result());
        callOf(1, "large");
        assertEquals(new CallTests(0, 1, List.of("large"), true, 9), result());
    }

    @Test
    void result_oneOfSeveral_isTheSmallestGroup() {
        callOf(OTHER, "large", "small", "also small");
        callOf(OTHER, "small", "large");
        assertEquals(List.of("large", "small"), result().smallest());
    }

    @Test
    void result_outside_isCountedEachTime() {
        callOf(1);
        callOf(1);
        callOf(1, "small");
        callOf(1);
        assertEquals(new CallTests(3, 1, List.of("small"), true, 4), result());
    }

    @Test
    void result_severalGroupsOfOneSize_isTheFirst() {
        callOf(OTHER, "large", "small");
        callOf(OTHER, "also small", "small");
        assertEquals(List.of("large", "small"), result().smallest());
    }
}
