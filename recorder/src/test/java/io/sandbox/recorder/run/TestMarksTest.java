// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.CallTests;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.RunFilter;
import io.sandbox.syscalldb.testing.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Marks are found among the calls of a program, and are no calls of it. */
class TestMarksTest {
    private static final int TOKEN = 0xabcd;
    private static final int LSEEK = 8;
    private static final int GETPID = 39;
    private static final int EXIT_GROUP = 231;
    private static final int NAME_PART = 0;
    private static final int BEGIN = 1;
    private static final int END = 2;

    private final FakeListener listener = new FakeListener();

    private static long offset(int token, int kind, long data) {
        return (0x1_0000L | token) << 46 | (long) kind << 40 | data;
    }

    private void mark(int kind, long data) {
        listener.ask(LSEEK, 3, offset(TOKEN, kind, data));
    }

    private void begin(long number, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += 5) {
            long data = 0;
            for (int i = from; i < from + 5; i++) {
                data = data << 8 | (i < bytes.length ? bytes[i] & 0xff : 0);
            }
            mark(NAME_PART, data);
        }
        mark(BEGIN, number);
    }

    private List<CallEvidence> record() throws InterruptedException {
        EvidenceCollector evidence = Plans.plan().beginEvidence(Instant.now());
        CountDownLatch done = new CountDownLatch(1);
        listener.then(done::countDown);
        TestMarks marks = new TestMarks(TOKEN, evidence.watchTests());
        try (AnsweredCalls calls =
                new AnsweredCalls(
                        listener, Plans.plan(), FakeListener.NOBODY, evidence, marks, null)) {
            done.await();
            calls.refresh();
            return evidence.programs().stream()
                    .flatMap(program -> program.calls().stream())
                    .toList();
        }
    }

    private CallTests testsOf(int number) throws InterruptedException {
        return record().stream()
                .filter(call -> call.number() == number)
                .findFirst()
                .orElseThrow()
                .tests()
                .orElseThrow();
    }

    @Test
    void marks_areMadeButNoEvidence() throws Exception {
        begin(1, "StoreTest.rotates");
        listener.ask(GETPID);
        mark(END, 1);
        List<CallEvidence> calls = record();
        assertEquals(1, calls.size());
        assertEquals(
                Optional.of(new CallTests(0, 1, List.of("StoreTest.rotates"), true, 1)),
                calls.get(0).tests());
        assertEquals(7, listener.made.size());
    }

    @Test
    void afterTheEnd_isOutside() throws Exception {
        begin(1, "a");
        mark(END, 1);
        listener.ask(GETPID);
        assertEquals(new CallTests(1, 0, List.of(), false, 0), testsOf(GETPID));
    }

    @Test
    void exitWithoutEnd_isTheEnd() throws Exception {
        begin(1, "a");
        listener.ask(EXIT_GROUP);
        listener.ask(GETPID);
        assertTrue(testsOf(GETPID).isOnlyOutside());
    }

    @Test
    void seekWithoutTheToken_isTheProgramsOwn() throws Exception {
        listener.ask(LSEEK, 3, offset(TOKEN ^ 1, BEGIN, 1));
        listener.ask(LSEEK, 3, offset(TOKEN, BEGIN, 1) & ~(1L << 62));
        listener.ask(LSEEK, 3, 512);
        assertEquals(3, record().get(0).count());
    }

    @Test
    void kindOfANewerExtension_isNoEvidence() throws Exception {
        mark(63, 5);
        assertEquals(List.of(), record());
    }

    @Test
    void hostileName_isKeptAsItIsAndCutOff() throws Exception {
        String name = "<b>\u001b[31m\n\u00e4" + "x".repeat(1000);
        begin(1, name);
        listener.ask(GETPID);
        String kept = testsOf(GETPID).smallest().get(0);
        assertTrue(name.startsWith(kept), kept);
        assertEquals(500, kept.getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void testWithoutName_hasAWordForIt() throws Exception {
        mark(BEGIN, 1);
        listener.ask(GETPID);
        assertEquals(List.of("(a test without a name)"), testsOf(GETPID).smallest());
    }

    /** A filter that refuses calls, or lets seeks pass, would hide or forbid the marks. */
    @Table
    void areSeen_unlessRefusedOrPassed(boolean enforced, String allowed, boolean seen) {
        List<String> entries = allowed.isEmpty() ? List.of() : List.of(allowed.split(" "));
        assertEquals(seen, TestMarks.areSeen(new RunFilter(enforced, entries)));
    }
}
