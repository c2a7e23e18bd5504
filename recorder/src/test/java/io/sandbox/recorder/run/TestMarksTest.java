// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.RunFilter;
import io.sandbox.syscalldb.testing.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Marks are found among the calls of a program, and are no calls of it. */
class TestMarksTest {
    private static final int TOKEN = 0xabcd;
    private static final int LSEEK = 8;
    private static final int GETPID = 39;
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

    /**
     * {@code newer} is a mark of a later version, {@code other} and {@code lower} are offsets that
     * only resemble marks, and a number is a call.
     */
    @Table
    void marks_betweenCalls_areNoEvidence(String events, String seen) throws Exception {
        for (String event : events.split("; ")) {
            String[] words = event.split(" ");
            switch (words[0]) {
                case "begin" -> begin(1, words.length == 1 ? "" : words[1]);
                case "end" -> mark(END, 1);
                case "newer" -> mark(63, 5);
                case "other" -> listener.ask(LSEEK, 3, offset(TOKEN ^ 1, BEGIN, 1));
                case "lower" -> listener.ask(LSEEK, 3, offset(TOKEN, BEGIN, 1) & ~(1L << 62));
                default -> listener.ask(Integer.parseInt(words[0]), 3, 512);
            }
        }
        List<String> calls =
                record().stream()
                        .map(call -> "%d x%d: ".formatted(call.number(), call.count()) + of(call))
                        .toList();
        assertEquals(seen, String.join("; ", calls));
    }

    private static String of(CallEvidence call) {
        return call.tests().orElseThrow().makers();
    }

    @Test
    void hostileName_isKeptAsItIsAndCutOff() throws Exception {
        String name = "<b>\u001b[31m\n\u00e4" + "x".repeat(1000);
        begin(1, name);
        listener.ask(GETPID);
        String kept = record().get(0).tests().orElseThrow().smallest().get(0);
        assertTrue(name.startsWith(kept), kept);
        assertEquals(500, kept.getBytes(StandardCharsets.UTF_8).length);
        assertEquals(205, listener.made.size(), "marks are made too");
    }

    /** A filter that refuses calls, or lets seeks pass, would hide or forbid the marks. */
    @Table
    void areSeen_unlessRefusedOrPassed(boolean enforced, String allowed, boolean seen) {
        List<String> entries = allowed.isEmpty() ? List.of() : List.of(allowed.split(" "));
        assertEquals(seen, TestMarks.areSeen(new RunFilter(enforced, entries)));
    }
}
