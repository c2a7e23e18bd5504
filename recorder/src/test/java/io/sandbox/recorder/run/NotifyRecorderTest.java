// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static io.sandbox.recorder.run.Plans.causes;
import static io.sandbox.recorder.run.Plans.counts;
import static io.sandbox.recorder.run.Plans.lost;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The conditions of a complete run by user notification. */
class NotifyRecorderTest {
    private static final int SIGTERM = 15;
    private static final int SECCOMP = 317;
    private static final int RT_SIGRETURN = 15;
    private static final long SET_MODE_FILTER = 1;
    private static final long NEW_LISTENER = 8;
    private static final int PROPERTY_RUNS = 300;

    private static final String STILL_RUNNING = "processes of the program were still running";
    private static final String NO_CALL =
            "no call of the program was recorded, so its filter was never in force";
    private static final List<String> OWN_LISTENER =
            List.of(
                    "the program sets a filter with a listener of its own, which the kernel refuses"
                            + " beside ours (EBUSY), so the program was ended before that could"
                            + " happen",
                    "the program loads a filter of its own that cannot be read, and that may hand"
                            + " calls to a tracer; a question of ours has precedence over the"
                            + " tracer, so the program was ended before that could happen");

    private final QuietListener told = new QuietListener();

    private NotifyRecorder recorder(FakeWatch watch) {
        return new NotifyRecorder(new SandboxExec(watch), watch, told);
    }

    private Recorder.Result record(FakeWatch watch) {
        return recorder(watch).record(Plans.plan());
    }

    private Run run(FakeWatch watch) {
        return record(watch).run();
    }

    @Test
    void record_allCallsAreAnswered_isComplete() {
        FakeWatch watch = new FakeWatch().thenCall(1).thenCall(2).thenCall(1).thenEnd();
        Run run = run(watch);
        assertEquals(List.of(), causes(run));
        assertEquals(Map.of(1, 2L, 2, 1L), counts(run));
        assertEquals(List.of(1, 2, 1), watch.listener.made);
        assertTrue(watch.listener.isClosed());
        assertEquals(0, told.slow);
    }

    @Test
    void record_descendantsOutliveTheProgram_areWaitedFor() {
        FakeWatch watch = new FakeWatch().thenCall(1).thenMessage("ended 0");
        for (int i = 0; i < 200; i++) {
            watch.thenCall(2);
        }
        watch.then(watch.listener::hangUp);
        Run run = run(watch);
        assertEquals(List.of(), causes(run));
        assertEquals(Map.of(1, 1L, 2, 200L), counts(run));
    }

    @Test
    void record_hangsUpBeforeTheStatusIsKnown_waitsForIt() {
        FakeWatch watch = new FakeWatch().thenCall(1);
        watch.then(
                () -> {
                    watch.listener.hangUp();
                    watch.say("ended 256");
                });
        Recorder.Result result = record(watch);
        assertEquals(List.of(), causes(result.run()));
        assertEquals(1, result.exitStatus());
    }

    @Test
    void record_filterWasNeverInForce_isIncomplete() {
        FakeWatch watch = new FakeWatch();
        watch.endsWithoutFilter();
        Recorder.Result result = record(watch);
        assertEquals(List.of(NO_CALL), causes(result.run()));
        assertEquals(1, result.exitStatus());
        assertEquals(0, result.processes());
    }

    @Test
    void record_wantsAListenerItself_isEnded() {
        FakeWatch watch = new FakeWatch();
        watch.thenCall(SECCOMP, SET_MODE_FILTER, NEW_LISTENER, 0x1000).thenEnd();
        assertEquals(OWN_LISTENER, causes(run(watch)));
        assertEquals(List.of(), watch.listener.made);
    }

    /** It may hand calls to a tracer, which would not be asked. */
    @Test
    void record_loadsAFilterThatCannotBeRead_isEnded() {
        FakeWatch watch = new FakeWatch();
        watch.thenCall(SECCOMP, SET_MODE_FILTER, 0, 0x1000).thenEnd();
        assertEquals(List.of(OWN_LISTENER.get(1)), causes(run(watch)));
        assertEquals(List.of(), watch.listener.made);
    }

    /** The program cannot be inspected, so it is unknown which call it continues after. */
    @Test
    void record_callMayHaveBeenInterrupted_isIncomplete() {
        FakeWatch watch = new FakeWatch().thenCall(1);
        watch.listener.askAfterGap(1, RT_SIGRETURN);
        Run run = run(watch.thenEnd());
        assertEquals(1, causes(run).size());
        assertTrue(causes(run).get(0).contains("signal"), causes(run)::toString);
        assertEquals(1, lost(run));
        assertEquals(1, told.interrupted);
    }

    @Test
    void record_questionWasTakenBackAndAskedAgain_isComplete() {
        FakeWatch watch = new FakeWatch().thenCall(1);
        watch.listener.askAfterGap(1, 1);
        assertEquals(List.of(), causes(run(watch.thenEnd())));
        assertEquals(0, told.interrupted);
    }

    @Test
    void record_moreDistinctCallsThanAreKept_isIncomplete() {
        FakeWatch watch = new FakeWatch();
        for (int i = 0; i < EvidenceCollector.MAX_DISTINCT + 3; i++) {
            watch.thenCall(1_000 + i);
        }
        Run run = run(watch.thenEnd());
        assertEquals(List.of("more than 100000 distinct calls"), causes(run));
        assertEquals(3, lost(run));
    }

    @Test
    void record_survivesAllRequestsToEnd_isIncomplete() {
        FakeWatch watch = new FakeWatch().thenCall(1).thenMessage("ended 0");
        watch.thenMessage("signal 2").thenMessage("signal 2").thenMessage("signal 2");
        NotifyRecorder recorder = recorder(watch);
        assertEquals(List.of(STILL_RUNNING), causes(recorder.record(Plans.plan()).run()));
        assertTrue(recorder.endWasRequested());
    }

    @Test
    void record_timeIsUpAndNothingHelps_isIncomplete() {
        FakeWatch watch = new FakeWatch().thenCall(1).thenMessage("ended 0");
        for (int i = 0; i < 3; i++) {
            watch.then(() -> watch.passTime(11));
            // The recorder reads the clock between two of them.
            for (int j = 0; j < 20; j++) {
                watch.then(NotifyRecorderTest::waitAMoment);
            }
        }
        Recorder.Result result = recorder(watch).record(Plans.limited(5));
        assertTrue(result.timeIsUp());
        assertEquals(List.of(STILL_RUNNING), causes(result.run()));
    }

    private static void waitAMoment() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void record_timeIsUp_signalsTheProcess() throws Exception {
        Process child = new ProcessBuilder("sleep", "1000").start();
        FakeWatch watch = new FakeWatch((int) child.pid());
        watch.thenCall(1).then(() -> watch.passTime(6)).then(() -> awaitEnd(child, watch));
        Recorder.Result result = recorder(watch).record(Plans.limited(5));
        assertEquals(128 + SIGTERM, child.exitValue());
        assertEquals(List.of(), causes(result.run()));
        assertEquals(0, result.exitStatus());
        assertTrue(result.timeIsUp());
    }

    @Test
    void record_twoRequests_kill() throws Exception {
        // Ignores SIGTERM, after it has said so.
        Process child =
                new ProcessBuilder("sh", "-c", "trap '' TERM; echo; while :; do sleep 1; done")
                        .start();
        child.getInputStream().read();
        FakeWatch watch = new FakeWatch((int) child.pid());
        watch.thenCall(1).thenMessage("signal 2").thenMessage("signal 2");
        watch.then(() -> awaitEnd(child, watch));
        Run run = run(watch);
        assertEquals(128 + 9, child.exitValue());
        assertEquals(List.of(), causes(run));
    }

    /** It came between two runs, when no program was there to get it. */
    @Test
    void record_requestIsOlderThanTheListener_endsTheProgram() throws Exception {
        Process child = new ProcessBuilder("sleep", "1000").start();
        FakeWatch watch = new FakeWatch((int) child.pid());
        watch.say("signal 15");
        watch.then(() -> awaitEnd(child, watch));
        try {
            NotifyRecorder recorder = recorder(watch);
            assertEquals(SIGTERM, recorder.record(Plans.plan()).waitStatus());
            assertTrue(recorder.endWasRequested());
        } finally {
            child.destroy();
        }
    }

    private static void awaitEnd(Process child, FakeWatch watch) {
        try {
            if (!child.waitFor(20, TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
            watch.say("ended " + (child.waitFor() - 128));
            watch.listener.hangUp();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void record_descendantStays_isTold() throws IOException {
        Process child = new ProcessBuilder("sleep", "1000").start();
        FakeWatch watch = new FakeWatch((int) child.pid());
        watch.thenCall(1).thenMessage("ended 0").then(NotifyRecorderTest::waitAMoment);
        watch.then(() -> watch.passTime(2));
        for (int i = 0; i < 20; i++) {
            watch.then(NotifyRecorderTest::waitAMoment);
        }
        watch.then(watch.listener::hangUp).then(child::destroy);
        try {
            assertEquals(List.of(), causes(run(watch)));
        } finally {
            child.destroy();
        }
        assertEquals(List.of((int) child.pid()), told.left);
    }

    @Test
    void record_kernelIsOld_isTold() {
        FakeWatch watch = new FakeWatch().thenCall(1).thenEnd();
        watch.listener.isSlow();
        run(watch);
        assertEquals(1, told.slow);
    }

    @Test
    void record_callsCannotBeAnswered_fails() {
        FakeWatch watch = new FakeWatch().thenCall(1);
        watch.then(
                () -> {
                    throw new IllegalStateException("the listener is broken");
                });
        assertThrows(IllegalStateException.class, () -> record(watch));
    }

    /** If nobody answered, all calls of the target would fail. */
    @Test
    void record_sandboxExecIsKilled_answersToTheEnd() {
        FakeWatch watch = new FakeWatch().thenCall(1).then(() -> {});
        watch.then(watch::loseSupervisor);
        for (int i = 0; i < 200; i++) {
            watch.thenCall(2);
        }
        watch.then(watch.listener::hangUp);
        assertThrows(ControlException.class, () -> record(watch));
        assertEquals(201, watch.listener.made.size());
    }

    /** The listener has come, and nothing can come after it. */
    @Test
    void record_sandboxExecIsKilledAtOnce_answersToTheEnd() {
        FakeWatch watch = new FakeWatch().thenCall(1).thenCall(2);
        watch.then(watch.listener::hangUp);
        watch.loseSupervisor();
        assertThrows(ControlException.class, () -> record(watch));
        assertEquals(List.of(1, 2), watch.listener.made);
    }

    @Test
    void record_outputIsKept_isCompared() {
        FakeWatch watch = new FakeWatch().thenCall(1).thenEnd();
        assertTrue(recorder(watch).record(Plans.keepingOutput()).outputChanged());
        assertFalse(record(new FakeWatch().thenCall(1).thenEnd()).outputChanged());
    }

    @Test
    void record_secondRun_isJudgedAlone() {
        FakeWatch watch = new FakeWatch().thenCall(1).thenEnd();
        NotifyRecorder recorder = recorder(watch);
        assertEquals(List.of(), causes(recorder.record(Plans.plan()).run()));
        watch.endsWithoutFilter();
        Run second = recorder.record(Plans.plan()).run();
        assertEquals(List.of(NO_CALL), causes(second));
        assertEquals(Map.of(), counts(second));
    }

    /** For any order of calls, the program's end and requests to end. */
    @Test
    void verdict_anyOrderOfEvents_isThatOfThePlainModel() {
        for (long seed = Seeds.FIRST; seed < Seeds.FIRST + PROPERTY_RUNS; seed++) {
            String what = "-Dverdict.seed=" + seed;
            Random random = Seeds.random(seed);
            FakeWatch watch = new FakeWatch();
            Map<Integer, Long> made = new TreeMap<>();
            boolean ownListener = random.nextInt(4) == 0;
            List<Integer> events = shuffledEvents(random, ownListener);
            for (int event : events) {
                play(event, watch, made);
            }
            watch.then(watch.listener::hangUp);
            Run run = run(watch);
            assertEquals(ownListener ? OWN_LISTENER : List.of(), causes(run), what);
            assertEquals(made, counts(run), what);
        }
    }

    private static final int PROGRAM_ENDS = -1;
    private static final int USER_ASKS = -2;

    private static List<Integer> shuffledEvents(Random random, boolean ownListener) {
        List<Integer> events = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            events.add(random.nextInt(5));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            events.add(USER_ASKS);
        }
        if (ownListener) {
            events.add(SECCOMP);
        }
        events.add(PROGRAM_ENDS);
        Collections.shuffle(events, random);
        return events;
    }

    private static void play(int event, FakeWatch watch, Map<Integer, Long> made) {
        if (event == PROGRAM_ENDS) {
            watch.thenMessage("ended 0");
        } else if (event == USER_ASKS) {
            watch.thenMessage("signal 2");
        } else {
            made.merge(event, 1L, Long::sum);
            watch.thenCall(event, SET_MODE_FILTER, NEW_LISTENER, event == SECCOMP ? 0x1000 : 0);
        }
    }
}
