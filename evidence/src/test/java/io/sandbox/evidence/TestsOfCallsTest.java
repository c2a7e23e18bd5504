// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.testing.Evidence;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which tests make a call. */
final class TestsOfCallsTest {
    private static final CallTests OUTSIDE = new CallTests(2, 0, List.of(), false, 0);
    private static final CallTests OF_A_TEST = new CallTests(0, 1, List.of("a"), true, 3);
    private static final int JVM = 10;
    private static final int MAIN = 10;
    private static final int WORKER = 11;
    private static final int COMPILER = 12;
    private static final int CHILD = 20;
    private static final int OTHER = 99;

    private final OpenTests tests = new OpenTests();
    private final TestTally tally = new TestTally();

    private static ProgramEvidence program(String path, int number, Optional<CallTests> tests) {
        OptionalLong none = OptionalLong.empty();
        CallEvidence call =
                new CallEvidence(
                        number, 1, 0, none, none, Optional.empty(), Optional.empty(), tests);
        return new ProgramEvidence(path, RandomRecordings.X86_64, List.of(call));
    }

    private static TestsOfCalls of(ProgramEvidence... programs) {
        return TestsOfCalls.of(Recording.of(Evidence.run("1", programs)));
    }

    /** What is known only says that tests were looked for. */
    @Test
    void of_runsWithoutTests_hasNone() {
        TestsOfCalls none = of(program("/a", 1, Optional.empty()));
        assertFalse(none.isKnown());
        assertFalse(none.hasTests());
        TestsOfCalls outside = of(program("/a", 1, Optional.of(OUTSIDE)));
        assertTrue(outside.isKnown());
        assertFalse(outside.hasTests());
    }

    @Test
    void of_oneCallOfATest_hasTests() {
        TestsOfCalls found =
                of(
                        program("/a", 1, Optional.of(OUTSIDE)),
                        program("/b", 1, Optional.of(OF_A_TEST)),
                        program("/c", 2, Optional.of(OUTSIDE)));
        assertTrue(found.hasTests());
        assertEquals(
                Optional.of(OUTSIDE.plus(OF_A_TEST)),
                found.of(ObservedCall.of(RandomRecordings.X86_64, 1)));
        assertEquals(Optional.empty(), found.of(ObservedCall.of(RandomRecordings.X86_64, 3)));
    }

    /** A call while these tests are open, by the thread of the first or, after ?, by another. */
    private void call(String text) {
        String names = text.replace("?", "");
        String[] open = names.isEmpty() ? new String[0] : names.split(" ");
        for (int i = 0; i < open.length; i++) {
            tests.begin(JVM, MAIN + i, i, open[i]);
        }
        tests.turnTo(JVM, text.startsWith("?") ? OTHER : MAIN);
        tally.add(tests.maker());
        for (int i = 0; i < open.length; i++) {
            tests.end(JVM, i);
        }
    }

    /** The tests are {@code large}, of 9 calls, and {@code small} and {@code also}, of 4. */
    @Table
    void result_ofCalls_isTheMostCertainAndThenTheSmallest(String calls, String expected) {
        for (String name : new String[] {"large", "small", "also"}) {
            tests.begin(JVM, MAIN, 1, name);
            tests.end(JVM, 1);
        }
        for (String call : calls.split("; ", -1)) {
            call(call);
        }
        CallTests made = tally.result(tests, new int[] {9, 4, 4});
        String form = "outside %d, count %d, smallest %s of %d, certain %s";
        assertEquals(
                expected,
                form.formatted(
                        made.outside(),
                        made.count(),
                        made.smallest(),
                        made.calls(),
                        made.certain()));
    }

    /** {@code a 3}: of a test of 3 calls; {@code ? a 3}: perhaps; {@code ? a b}: of one of them. */
    private static CallTests tests(String text) {
        if (text.equals("outside")) {
            return OUTSIDE;
        }
        boolean certain = !text.startsWith("? ");
        int calls = Integer.parseInt("0" + text.replaceAll("[^0-9]", ""));
        List<String> names = List.of(text.replaceAll("[?0-9]", "").strip().split(" "));
        return new CallTests(0, certain ? 1 : 0, names, certain, calls);
    }

    @Table
    void plus_takesTheMostCertainThenTheSmallest(String better, String worse) {
        CallTests both = tests(better).plus(tests(worse));
        assertEquals(tests(better).smallest(), both.smallest());
        assertEquals(both, tests(worse).plus(tests(better)));
    }

    @Test
    void plus_addsWhatWasOutside() {
        assertEquals(4, OUTSIDE.plus(OUTSIDE).outside());
        assertTrue(OUTSIDE.plus(OUTSIDE).isOnlyOutside());
        assertEquals(2, OUTSIDE.plus(OF_A_TEST).outside());
    }

    @Table
    void makers_areWords(String tests, String words) {
        assertEquals(words, tests(tests).makers());
        assertFalse(tests(tests).areStates());
    }

    @Test
    void makers_ofStates_areTheirNames() {
        CallTests cold = CallTests.ofStates(List.of("cold"));
        assertEquals("only in the state cold", cold.makers());
        assertEquals("only in the states a, b", CallTests.ofStates(List.of("a", "b")).makers());
        assertTrue(cold.areStates());
    }

    @Table
    void contradictions_areRefused(
            int outside, int count, String names, boolean certain, int calls) {
        List<String> smallest = names.isEmpty() ? List.of() : List.of(names.split(" "));
        assertThrows(
                IllegalArgumentException.class,
                () -> new CallTests(outside, count, smallest, certain, calls));
    }

    /** The tests that may have made a call; a question mark if that is not certain. */
    private List<String> makers(int process, int thread) {
        tests.turnTo(process, thread);
        OpenTests.Maker maker = tests.maker();
        return Arrays.stream(maker.tests())
                .mapToObj(test -> tests.name(test) + (maker.certain() ? "" : "?"))
                .toList();
    }

    /**
     * Steps are {@code begin THREAD NUMBER TEST}, {@code end PROCESS NUMBER}, {@code exit PROCESS},
     * and, with an answer each, {@code who THREAD}, {@code count} and {@code processes}. The
     * process of all threads but {@code child} is {@code jvm}.
     */
    @Table
    void makers_afterSteps_areTheOpenTests(String steps, String answers) {
        List<String> found = new ArrayList<>();
        for (String step : steps.split("; ")) {
            String[] words = (step + " jvm").split(" ");
            int process = words[1].equals("child") ? CHILD : JVM;
            int thread =
                    switch (words[1]) {
                        case "worker" -> WORKER;
                        case "compiler" -> COMPILER;
                        default -> process;
                    };
            switch (words[0]) {
                case "begin" -> tests.begin(process, thread, Long.parseLong(words[2]), words[3]);
                case "end" -> tests.end(process, Long.parseLong(words[2]));
                case "exit" -> tests.processEnds(process);
                case "count" -> found.add("" + tests.count());
                case "processes" -> found.add("" + new TreeSet<>(tests.processes()));
                default -> found.add("" + makers(process, thread));
            }
        }
        assertEquals(answers, String.join("; ", found));
    }

    @Test
    void begin_tooManyNames_areOneTest() {
        for (int i = 0; i < OpenTests.MAX_NAMES + 2; i++) {
            tests.begin(JVM, MAIN, i, "test " + i);
            tests.end(JVM, i);
        }
        assertEquals(OpenTests.MAX_NAMES + 1, tests.count());
        tests.begin(JVM, MAIN, 1, "one more");
        assertEquals(List.of(OpenTests.FURTHER), makers(JVM, MAIN));
        tests.begin(JVM, WORKER, 2, "test 7");
        assertEquals(List.of("test 7"), makers(JVM, WORKER));
    }

    /** A program that begins tests and never ends them costs neither memory nor time. */
    @Test
    void begin_neverEnded_forgetsTheFirst() {
        for (int i = 0; i < 5000; i++) {
            tests.begin(JVM, i, i, "test " + i);
        }
        assertEquals(List.of("test 4999"), makers(JVM, 4999));
        List<String> any = makers(JVM, 1_000_000);
        assertTrue(any.contains("test 4000?"));
        assertFalse(any.contains("test 3999?"));
    }
}
