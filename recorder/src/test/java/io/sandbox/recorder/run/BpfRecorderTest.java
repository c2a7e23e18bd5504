// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static io.sandbox.recorder.run.Plans.causes;
import static io.sandbox.recorder.run.Plans.counts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.enforcer.launch.TraceCounter;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The conditions of a complete recording by counters in the kernel. */
class BpfRecorderTest {
    private final FakeTrace trace = new FakeTrace();
    private final QuietListener told = new QuietListener();

    private BpfRecorder recorder() {
        return new BpfRecorder(new SandboxExec(trace), trace, told);
    }

    private Run run() {
        return recorder().record(Plans.plan()).run();
    }

    private Run window() {
        return recorder()
                .recordWindow(
                        new WindowTarget.Process((int) ProcessHandle.current().pid()),
                        Optional.of(Duration.ofSeconds(5)),
                        false,
                        ArgumentDetail.NONE)
                .run();
    }

    private static List<String> sentence(Sign.Kind kind, long number) {
        return new Signs().add(kind, number, "").sentences();
    }

    /** Without what the machine of this test has in force. */
    private static List<String> reservations(Run run) {
        List<String> reservations = new ArrayList<>(run.verdict().reservations());
        reservations.removeAll(OuterFilter.querySigns(true).sentences());
        return reservations;
    }

    // Runs.

    @Test
    void record_allIsCounted_isComplete() {
        trace.call(1).call(2).thenMessage("ended 0");
        Run run = run();
        assertEquals(List.of(), causes(run));
        assertEquals(List.of(), reservations(run));
        assertEquals(Map.of(1, 1L, 2, 1L), counts(run));
    }

    @Test
    void record_callsWereLost_isIncomplete() {
        trace.call(1).count(TraceCounter.LOST_CALLS, 7).then(() -> {}).thenMessage("ended 0");
        Run run = run();
        assertEquals(sentence(Sign.Kind.CALLS_NOT_STORED, 7), causes(run));
        assertEquals(7, Plans.lost(run));
        assertEquals(7, told.lossesSeen);
    }

    /** Our filter does that to a program that asks for strict mode. */
    @Test
    void record_programWasEndedBySigsys_isIncomplete() {
        trace.call(1).thenMessage("ended 31");
        boolean telling = OuterFilter.querySigns(true).all().isEmpty();
        assertEquals(telling ? sentence(Sign.Kind.ENDED_BY_SIGSYS, 0) : List.of(), causes(run()));
    }

    /** Members that have not ended are waited for, and what is lost meanwhile counts. */
    @Test
    void record_descendantsGoOn_areWaitedFor() {
        trace.call(1).count(TraceCounter.ALIVE, 2).thenMessage("ended 0").then(() -> {});
        trace.then(() -> trace.call(3).count(TraceCounter.ORPHANS, 4));
        trace.then(() -> trace.count(TraceCounter.ALIVE, 0));
        Run run = run();
        assertEquals(sentence(Sign.Kind.PARENTS_ENDED, 4), causes(run));
        assertEquals(Map.of(1, 1L, 3, 1L), counts(run));
    }

    @Test
    void record_endWasNotCounted_isIncomplete() {
        trace.letCanariesVanish();
        trace.call(1).thenMessage("ended 0");
        assertEquals(sentence(Sign.Kind.END_CALL_MISSING, 0), causes(run()));
    }

    @Test
    void record_nothingWasCounted_isIncomplete() {
        trace.thenMessage("ended 0");
        assertEquals(sentence(Sign.Kind.NOTHING_RECORDED, 0), causes(run()));
    }

    @Test
    void record_nothingNewUnderAList_isComplete() {
        trace.thenMessage("ended 0");
        RunPlan plan = Plans.plan().under(new RunFilter(false, List.of("read")));
        assertEquals(List.of(), causes(recorder().record(plan).run()));
    }

    @Test
    void record_survivesAllRequestsToEnd_isIncomplete() {
        trace.call(1).count(TraceCounter.ALIVE, 1).thenMessage("ended 0");
        for (int i = 0; i < 3; i++) {
            trace.thenMessage("signal 2");
        }
        assertEquals(sentence(Sign.Kind.STILL_RUNNING, 0), causes(run()));
    }

    @Test
    void record_filterCameBeforeItWasWatched_isAReservation() {
        trace.call(1).count(TraceCounter.UNWATCHED, 1).thenMessage("ended 0");
        Run run = run();
        assertTrue(run.isComplete());
        assertEquals(sentence(Sign.Kind.OWN_FILTER_UNWATCHED, 1), reservations(run));
    }

    // Windows.

    @Test
    void recordWindow_allIsCounted_isComplete() {
        trace.call(1).count(TraceCounter.MARKED, 1);
        Run run = window();
        assertEquals(List.of(), causes(run));
        assertEquals(List.of(), run.verdict().reservations());
        assertEquals(Map.of(1, 1L), counts(run));
    }

    /** Only what ran when the window opened needs a start from elsewhere. */
    @Test
    void recordWindow_callsInProgress_areInTheEvidence() {
        trace.call(1).callInFlight(2).count(TraceCounter.MARKED, 1);
        List<OptionalLong> before =
                window().programs().get(0).calls().stream().map(CallEvidence::beforeEntry).toList();
        assertEquals(List.of(OptionalLong.of(0), OptionalLong.of(1)), before);
    }

    @Test
    void recordWindow_noProcess_isIncomplete() {
        assertEquals(sentence(Sign.Kind.NO_PROCESS_FOUND, 0), causes(window()));
    }

    @Test
    void recordWindow_endWasNotCounted_isIncomplete() {
        trace.letCanariesVanish();
        trace.call(1).count(TraceCounter.MARKED, 1);
        assertEquals(sentence(Sign.Kind.END_CALL_MISSING, 0), causes(window()));
    }

    /** The processes go on, so something can be lost until nothing is counted any more. */
    @Test
    void recordWindow_callsAreLostAtTheEnd_isIncomplete() {
        trace.call(1).count(TraceCounter.MARKED, 1);
        trace.atTheCanary(() -> trace.count(TraceCounter.LOST_TASKS, 2));
        assertEquals(sentence(Sign.Kind.TASKS_NOT_RECORDED, 2), causes(window()));
    }

    @Test
    void recordWindow_filterCameBeforeItWasWatched_isAReservation() {
        trace.call(1).count(TraceCounter.MARKED, 1).count(TraceCounter.UNWATCHED, 1);
        assertEquals(
                sentence(Sign.Kind.OWN_FILTER_UNWATCHED, 1), window().verdict().reservations());
    }

    /** The call that marks the end is made under a filter that comes at that moment. */
    @Test
    void recordWindow_filterOfTheEnd_isNone() {
        trace.call(1).count(TraceCounter.MARKED, 1);
        trace.atTheCanary(() -> trace.count(TraceCounter.UNWATCHED, 1));
        assertEquals(List.of(), window().verdict().reservations());
    }

    @Test
    void recordWindow_goesOn_tellsWhatIsLost() {
        trace.call(1).count(TraceCounter.MARKED, 1).count(TraceCounter.MISSES, 3);
        trace.members.add(FakeTrace.PID);
        assertEquals(sentence(Sign.Kind.COUNTING_MISSED, 3), causes(window()));
        assertEquals(3, told.lossesSeen);
    }

    // Before.

    @Test
    void require_testCallIsCounted_passes() {
        recorder().require();
    }

    @Test
    void require_testCallIsNotCounted_isRefused() {
        trace.letCanariesVanish();
        BpfRecorder recorder = recorder();
        assertThrows(SourceException.class, recorder::require);
        assertFalse(recorder.endWasRequested());
    }
}
