// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.RunFilter;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each call is in the evidence before it is answered. */
class AnsweredCallsTest {
    private static final int SIGSYS_STATUS = 128 + 31;
    private static final int SIGKILL_STATUS = 128 + 9;

    // The call of x86_64, and its operations.
    private static final int SECCOMP = 317;
    private static final int STRICT = 0;
    private static final int FILTER = 1;

    private final EvidenceCollector evidence = Plans.plan().beginEvidence(Instant.now());
    private final CountDownLatch done = new CountDownLatch(1);
    private Process child;

    private int startChild() throws IOException {
        child = new ProcessBuilder("sleep", "1000").start();
        return (int) child.pid();
    }

    @AfterEach
    void endChild() {
        if (child != null) {
            child.destroy();
        }
    }

    private AnsweredCalls calls(FakeListener listener, RunPlan plan, int program) {
        return new AnsweredCalls(listener, plan, program, evidence, null, null);
    }

    private AnsweredCalls answer(FakeListener listener, RunPlan plan, int program)
            throws InterruptedException {
        listener.then(done::countDown);
        AnsweredCalls calls = calls(listener, plan, program);
        done.await();
        calls.refresh();
        return calls;
    }

    private AnsweredCalls answer(FakeListener listener) throws InterruptedException {
        return answer(listener, Plans.plan(), FakeListener.NOBODY);
    }

    /** A thread that waits for the target's end may look as soon as the last call is answered. */
    @Test
    void answer_evidenceIsThereBeforeTheCallIsMade() throws Exception {
        FakeListener listener = new FakeListener();
        for (int i = 0; i < 100; i++) {
            long made = i;
            listener.then(() -> assertEquals(made, evidence.records()));
            listener.ask(i);
        }
        answer(listener).close();
        assertEquals(100, evidence.records());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusing_endsTheProcessAndMakesNoCall(boolean isTheProgram) throws Exception {
        int process = startChild();
        FakeListener listener = new FakeListener(process);
        listener.ask(1);
        RunPlan plan = Plans.plan().under(new RunFilter(true, List.of("read")));
        int program = isTheProgram ? process : FakeListener.NOBODY;
        try (AnsweredCalls calls = answer(listener, plan, program)) {
            assertEquals(SIGSYS_STATUS, child.waitFor());
            assertEquals(isTheProgram, calls.programRefused());
            assertEquals(isTheProgram ? 1 : 2, calls.processCount());
            assertEquals(List.of(), listener.made);
            assertEquals(1, evidence.records());
            assertEquals(Set.of(), calls.queryLiving());
        }
    }

    /** Our filter stays, and with it what it does to a program's own protection. */
    @Test
    void stopped_programThatWouldLoseItsProtection_isEnded() throws Exception {
        FakeListener listener = new FakeListener(startChild());
        try (AnsweredCalls calls = answer(listener)) {
            listener.askAfter(calls::stop, SECCOMP, STRICT);
            assertEquals(SIGKILL_STATUS, child.waitFor());
            assertEquals(List.of(), listener.made);
        }
    }

    @Test
    void stopped_otherCalls_areMade() throws Exception {
        FakeListener listener = new FakeListener();
        AnsweredCalls calls = answer(listener);
        CountDownLatch stopped = new CountDownLatch(1);
        listener.askAfter(
                () -> {
                    calls.stop();
                    stopped.countDown();
                },
                SECCOMP,
                FILTER);
        stopped.await();
        calls.close();
        assertEquals(List.of(SECCOMP), listener.made);
        assertEquals(0, evidence.records());
    }

    /** It may load a filter of its own after ours. */
    @Test
    void runtimeThatWouldLoseItsProtection_isEnded() throws Exception {
        FakeListener listener = new FakeListener(startChild());
        EvidenceCollector runtime = Plans.plan().beginEvidence(Instant.now());
        listener.ask(SECCOMP, STRICT);
        try (AnsweredCalls calls =
                new AnsweredCalls(
                        listener,
                        Plans.plan(),
                        FakeListener.NOBODY,
                        evidence,
                        null,
                        new RuntimePhase(runtime, true))) {
            assertEquals(SIGKILL_STATUS, child.waitFor());
            assertEquals(List.of(), listener.made);
            assertEquals(1, runtime.records());
            assertTrue(calls.queryLiving().isEmpty());
        }
    }

    @Test
    void note_threadsHaveEnded_areForgotten() {
        InterruptedCalls calls = new InterruptedCalls(true, true);
        for (int i = 0; i < 10_000; i++) {
            FakeListener listener = new FakeListener(FakeListener.NOBODY + i);
            listener.ask(1);
            listener.poll();
            calls.note(listener, null);
        }
        assertTrue(calls.threadCount() <= 1024, "" + calls.threadCount());
    }
}
