// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static io.sandbox.recorder.run.FakeMachine.PID;
import static io.sandbox.recorder.run.FakeMachine.SESSION;
import static io.sandbox.recorder.run.Plans.causes;
import static io.sandbox.recorder.run.Plans.counts;
import static io.sandbox.recorder.run.Plans.lost;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sign;
import io.sandbox.outcome.CommandFailure;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The conditions of a complete run: for each, a test fails if the recorder does not check it. */
class LogRecorderTest {
    private static final long OTHER = 50;
    private static final long UNSET = 0xffffffffL;
    private static final int SIGTERM = 15;

    // Calls of x86_64.
    private static final int PRCTL = 157;
    private static final int CLOSE = 3;
    private static final int SECCOMP = 317;

    private static final String NO_BARRIER = "the record that marks the end did not arrive";
    private static final String STILL_RUNNING = "processes of the program were still running";
    private static final String LEFT_SESSION =
            "a process of another audit session may have come from the program and could not be"
                    + " followed, so calls may be missing";
    private static final String UNREAD_FILTER =
            "the program loads a filter of its own that cannot be read, and that may hand calls to"
                    + " a tracer, and such calls leave no audit record";
    private static final String NO_CALL =
            "no call of the program was recorded, so its filter was never in force";

    private final QuietListener listener = new QuietListener();

    private Recorder.Result record(FakeMachine machine, RunPlan plan) {
        return recorder(machine).record(plan);
    }

    private LogRecorder recorder(FakeMachine machine) {
        return new LogRecorder(new SandboxExec(machine), machine, machine, listener);
    }

    private Run run(FakeMachine machine) {
        return record(machine, Plans.plan()).run();
    }

    // Complete.

    @Test
    void record_allArrives_isComplete() {
        FakeMachine machine = new FakeMachine().thenCall(1).thenCall(2).thenCall(1).thenEnd();
        Run run = run(machine);
        assertEquals(List.of(), causes(run));
        assertEquals(Map.of(1, 2L, 2, 1L), counts(run));
    }

    @Test
    void record_recordsOfOthers_areNotTheTargets() {
        FakeMachine machine = new FakeMachine().thenCall(1);
        machine.then(() -> machine.arrive(PID + 1, OTHER, 3)).thenEnd();
        assertEquals(Map.of(1, 1L), counts(run(machine)));
    }

    @Test
    void record_arrivesAfterTheLastProcessAndBeforeTheBarrier_counts() {
        FakeMachine machine = new FakeMachine().thenCall(1).thenEnd();
        machine.atCanary(
                index -> {
                    if (index == 0) {
                        machine.arrive(PID, SESSION, 9);
                    }
                });
        Run run = run(machine);
        assertEquals(List.of(), causes(run));
        assertEquals(Map.of(1, 1L, 9, 1L), counts(run));
    }

    @Test
    void record_underAListThatAllowsAllItMakes_needsNoRecord() {
        FakeMachine machine = new FakeMachine().thenEnd();
        RunPlan plan = Plans.plan().under(new RunFilter(false, List.of("read")));
        assertEquals(List.of(), causes(record(machine, plan).run()));
    }

    // Losses, at every point.

    @Test
    void record_lossBeforeTheTargetExists_isNotItsLoss() {
        FakeMachine machine = new FakeMachine();
        machine.lose(3);
        LogRecorder recorder = recorder(machine);
        assertTrue(recorder.canaryArrives());
        machine.lose(4);
        machine.thenCall(1).thenEnd();
        assertEquals(List.of(), causes(recorder.record(Plans.plan()).run()));
    }

    @Test
    void record_lossWhenTheTargetStarts_isIncomplete() {
        FakeMachine machine = new FakeMachine();
        machine.atStart(() -> machine.lose(1));
        assertLost(1, machine.thenCall(1).thenEnd());
    }

    @Test
    void record_lossDuringTheRun_isIncomplete() {
        FakeMachine machine = new FakeMachine();
        assertLost(5, machine.thenCall(1).then(() -> machine.lose(5)).thenCall(2).thenEnd());
        assertEquals(5, listener.lossesSeen);
    }

    @Test
    void record_lossWithTheBarrier_isIncomplete() {
        for (int which = 0; which < 2; which++) {
            int lossy = which;
            FakeMachine machine = new FakeMachine();
            machine.atCanary(index -> machine.lose(index == lossy ? 2 : 0));
            assertLost(2, machine.thenCall(1).thenEnd());
        }
    }

    @Test
    void record_lossWhenTheProcessesAreLookedFor_isIncomplete() {
        FakeMachine machine = new FakeMachine();
        machine.atLook(
                index -> {
                    machine.lose(1);
                    return true;
                });
        assertLost(1, machine.thenCall(1).thenEnd());
    }

    @Test
    void record_lossInOneRun_isNotTheNextOnes() {
        FakeMachine machine = new FakeMachine();
        LogRecorder recorder = recorder(machine);
        machine.thenCall(1).then(() -> machine.lose(5)).thenEnd();
        assertFalse(recorder.record(Plans.plan()).run().isComplete());
        machine.thenCall(2).thenEnd();
        Run second = recorder.record(Plans.plan()).run();
        assertEquals(List.of(), causes(second));
        assertEquals(Map.of(2, 1L), counts(second));
    }

    @Test
    void record_secondRun_isWaitedForAsWell() {
        FakeMachine machine = new FakeMachine();
        LogRecorder recorder = recorder(machine);
        machine.thenCall(1).thenEnd();
        recorder.record(Plans.plan());
        machine.thenNothing(10).thenCall(2).thenEnd();
        Run second = recorder.record(Plans.plan()).run();
        assertEquals(List.of(), causes(second));
        assertEquals(Map.of(2, 1L), counts(second));
    }

    private static String dropped(long count) {
        return new Sign(Sign.Kind.SOCKET_DROPPED, count, "").sentence();
    }

    private void assertLost(long count, FakeMachine machine) {
        Run run = run(machine);
        assertEquals(List.of(dropped(count)), causes(run));
        assertEquals(count, lost(run));
    }

    // The barriers.

    @Test
    void record_noBarrierArrives_isIncomplete() {
        FakeMachine machine = new FakeMachine();
        machine.thenCall(1).then(machine::letCanariesVanish).thenEnd();
        assertEquals(List.of(NO_BARRIER), causes(run(machine)));
    }

    /** A machine on which {@code count} canaries vanish, beginning with the canary {@code from}. */
    private static FakeMachine vanishing(int from, int count) {
        return new FakeMachine().canariesArrive(i -> i < from || i >= from + count);
    }

    @Test
    void record_oneOfTheTwoBarriersNeverArrives_isIncomplete() {
        // Three seconds of patience, and a barrier each second.
        for (int first : new int[] {0, 1}) {
            FakeMachine machine = vanishing(first, 3).thenCall(1).thenEnd();
            assertEquals(List.of(NO_BARRIER), causes(run(machine)), "barrier " + first);
        }
    }

    @Test
    void record_barrierIsDroppedOnTheWay_isSentAgain() {
        for (int first : new int[] {0, 1}) {
            FakeMachine machine = vanishing(first, 2).thenCall(1).thenEnd();
            assertEquals(List.of(), causes(run(machine)), "barrier " + first);
        }
    }

    @Test
    void record_barrierFromBefore_isNotTakenForTheNext() {
        FakeMachine machine =
                new FakeMachine() {
                    private int canaries;
                    private int first;

                    @Override
                    void canary(int number) {
                        canaries++;
                        if (canaries == 1) {
                            first = number;
                        }
                        if (canaries <= 2) {
                            super.canary(number);
                        } else {
                            // The first ones arrive late and again; the new ones never do.
                            arrive(7, 7, first);
                        }
                    }
                };
        LogRecorder recorder = recorder(machine);
        assertTrue(recorder.canaryArrives());
        machine.thenCall(1).thenEnd();
        assertEquals(List.of(NO_BARRIER), causes(recorder.record(Plans.plan()).run()));
    }

    @Test
    void canaryArrives_itVanishes_isFalseAfterThePatience() {
        FakeMachine machine = new FakeMachine();
        machine.letCanariesVanish();
        assertFalse(recorder(machine).canaryArrives());
        assertEquals(3, machine.requests.size(), "one each second");
        assertTrue(machine.nanoTime() >= machine.patienceNanos());
    }

    @Test
    void canaryArrives_behindALongQueueOfOthers_isWaitedFor() {
        FakeMachine machine = new FakeMachine();
        machine.letCanariesVanish();
        for (int i = 0; i < 10; i++) {
            machine.then(() -> machine.passTime(2)).then(() -> machine.arrive(8, OTHER, 1));
        }
        machine.then(
                () -> {
                    String last = machine.requests.get(machine.requests.size() - 1);
                    machine.arrive(7, 7, Integer.parseInt(last.substring("canary ".length())));
                });
        assertTrue(recorder(machine).canaryArrives());
    }

    @Test
    void canaryArrives_inAFloodThatNeverCeases_isGivenUp() {
        FakeMachine machine =
                new FakeMachine() {
                    @Override
                    void step(int millis) {
                        passTime(1);
                        arrive(8, OTHER, 1);
                    }
                };
        machine.letCanariesVanish();
        assertFalse(recorder(machine).canaryArrives());
    }

    // No process is overlooked.

    @Test
    void settle_processWasOverlooked_isFollowedToItsEnd() {
        FakeMachine machine = new FakeMachine();
        machine.atLook(
                index -> {
                    // A process forks and ends while we look, so only its record is found.
                    if (index < 3) {
                        machine.arrive(PID + 1 + index, SESSION, 51 + index);
                    }
                    return true;
                });
        Run run = run(machine.thenCall(1).thenEnd());
        assertEquals(List.of(), causes(run));
        assertEquals(Map.of(1, 1L, 51, 1L, 52, 1L, 53, 1L), counts(run));
        assertEquals(4, machine.requests.stream().filter("look"::equals).count());
    }

    @Test
    void settle_recordComesBehindTheLook_looksAgain() {
        FakeMachine machine = new FakeMachine();
        machine.atCanary(
                index -> {
                    if (index == 1) {
                        machine.arrive(PID + 1, SESSION, 60);
                    }
                });
        Run run = run(machine.thenCall(1).thenEnd());
        assertEquals(List.of(), causes(run));
        assertEquals(2, machine.requests.stream().filter("look"::equals).count());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void settle_lookFindsAProcess_waitsForItsEnd(int itSleeps) {
        FakeMachine machine = new FakeMachine();
        machine.atLook(
                index -> {
                    if (index == 0) {
                        machine.say("left " + (PID + 1));
                        machine.thenNothing(itSleeps);
                        machine.then(() -> machine.arrive(PID + 1, SESSION, 70));
                        machine.thenMessage("empty");
                    }
                    return index > 0;
                });
        Run run = run(machine.thenCall(1).thenEnd());
        assertEquals(List.of(), causes(run));
        assertEquals(Map.of(1, 1L, 70, 1L), counts(run));
        assertEquals(List.of(PID + 1), listener.left);
    }

    @Test
    void settle_neverQuietWithoutABarrier_ends() {
        FakeMachine machine = new FakeMachine();
        machine.atLook(
                index -> {
                    machine.arrive(PID, SESSION, 1);
                    return true;
                });
        machine.thenCall(1).then(machine::letCanariesVanish).thenEnd();
        assertEquals(List.of(NO_BARRIER), causes(run(machine)));
    }

    // A guarded target: the kernel reports when no process is left.

    private final FakeListener asked = new FakeListener();

    private FakeMachine guarded() {
        return new FakeMachine().guardedBy(asked);
    }

    @Test
    void guarded_hangsUp_isCompleteWithTheCallsThatWereAsked() {
        asked.ask(57);
        FakeMachine machine = guarded().thenCall(1).thenEnd();
        machine.then(() -> asked.ask(58)).then(asked::hangUp);
        Run run = run(machine);
        assertEquals(List.of(), causes(run));
        assertEquals(Map.of(1, 1L, 57, 1L, 58, 1L), counts(run));
        assertEquals(List.of(57, 58), asked.made);
        assertTrue(asked.isClosed());
        assertEquals(1, machine.requests.stream().filter(r -> r.startsWith("canary")).count());
        assertTrue(machine.requests.stream().filter("look"::equals).count() <= 1);
    }

    /**
     * No walk through /proc finds the process, and it makes no record, but the listener knows it.
     */
    @Test
    void guarded_processIsOverlooked_isWaitedFor() {
        FakeMachine machine = guarded().thenCall(1).thenEnd();
        machine.then(() -> machine.passTime(2)).thenNothing(10).thenCall(2).then(asked::hangUp);
        Run run = run(machine);
        assertEquals(List.of(), causes(run));
        assertEquals(Map.of(1, 1L, 2, 1L), counts(run));
        assertTrue(machine.requests.contains("look"));
    }

    @Test
    void guarded_hangsUpBeforeTheLastRecordsArrive_countsThem() {
        FakeMachine machine = new FakeMachine();
        machine.atCanary(index -> machine.arrive(PID, SESSION, 9));
        machine.guardedBy(asked).thenCall(1).then(asked::hangUp).thenEnd();
        assertEquals(Map.of(1, 1L, 9, 1L), counts(run(machine)));
    }

    @Test
    void guarded_barrierVanishes_isIncomplete() {
        FakeMachine machine = guarded().thenCall(1);
        machine.then(machine::letCanariesVanish).then(asked::hangUp).thenEnd();
        assertEquals(List.of(NO_BARRIER), causes(run(machine)));
    }

    @Test
    void guarded_processIsNeverFound_isIncomplete() {
        FakeMachine machine = guarded().thenCall(1).thenEnd();
        for (int i = 0; i < 20; i++) {
            machine.then(() -> machine.passTime(2)).thenNothing(3);
        }
        assertEquals(
                List.of("a process under the program's filter still runs and could not be found"),
                causes(run(machine)));
    }

    @Test
    void guarded_isAbandoned_isIncompleteForOneReason() {
        FakeMachine machine = guarded().thenCall(1).thenMessage("ended 0");
        machine.thenMessage("signal 2").thenMessage("signal 2").thenMessage("signal 2");
        assertEquals(List.of(STILL_RUNNING), causes(run(machine)));
    }

    @Test
    void guarded_listenerNeverComes_isIncomplete() {
        FakeMachine machine = new FakeMachine().keepsItsListener().thenCall(1).thenEnd();
        assertEquals(
                List.of("the listener of the program's filter did not arrive"),
                causes(run(machine)));
    }

    @Test
    void guarded_nothingButAskedCalls_areCalls() {
        asked.ask(57);
        FakeMachine machine = guarded().thenNothing(2).thenEnd().then(asked::hangUp);
        assertEquals(List.of(), causes(run(machine)));
    }

    @Test
    void guarded_loadsAFilterThatCannotBeRead_isIncomplete() {
        asked.ask(SECCOMP, 1, 0, 0x1000);
        FakeMachine machine = guarded().thenCall(1).then(asked::hangUp).thenEnd();
        assertEquals(List.of(UNREAD_FILTER), causes(run(machine)));
    }

    /** The kernel logs the questions that it takes back, so none is missing. */
    @Test
    void guarded_aQuestionIsTakenBack_isInTheEvidence() {
        FakeMachine machine = guarded().thenTakenBack(SECCOMP).then(asked::hangUp).thenEnd();
        Run run = run(machine);
        assertEquals(List.of(), causes(run));
        assertEquals(Map.of(SECCOMP, 1L), counts(run));
    }

    /** The loader has the program make this call. */
    @Test
    void guarded_aQuestionOfTheLoaderIsTakenBack_isNoCall() {
        FakeMachine machine =
                guarded().thenTakenBack(CLOSE).thenCall(1).then(asked::hangUp).thenEnd();
        assertEquals(Map.of(1, 1L), counts(run(machine)));
    }

    @Test
    void guarded_wantsStrictMode_isEnded() {
        asked.ask(SECCOMP, 0);
        FakeMachine machine = guarded().thenCall(1).then(asked::hangUp).thenEnd();
        assertEquals(
                List.of(
                        "the program asks for seccomp's strict mode, which the kernel refuses"
                                + " beside a filter of ours, so the program was ended before that"
                                + " could happen"),
                causes(run(machine)));
        assertEquals(List.of(), asked.made);
    }

    @Test
    void guarded_asksWhetherTheKernelHasSeccomp_isComplete() {
        asked.ask(SECCOMP, 0, 1);
        asked.ask(SECCOMP, 1, 8);
        FakeMachine machine = guarded().thenCall(1).then(asked::hangUp).thenEnd();
        assertEquals(List.of(), causes(run(machine)));
        assertEquals(List.of(SECCOMP, SECCOMP), asked.made);
    }

    /** The first filter may hand the second call to a tracer, which would not be asked. */
    @Test
    void guarded_loadsAnotherFilterAfterOneThatCannotBeRead_isEnded() {
        asked.ask(SECCOMP, 1, 0, 0x1000);
        asked.ask(SECCOMP, 1, 0, 0x1000);
        FakeMachine machine = guarded().thenCall(1).then(asked::hangUp).thenEnd();
        assertTrue(causes(run(machine)).get(0).contains("was ended"));
        assertEquals(List.of(SECCOMP), asked.made);
    }

    @Test
    void unguarded_mayLoadAFilter_isIncomplete() {
        for (int number : new int[] {SECCOMP, PRCTL}) {
            assertEquals(
                    List.of(
                            "the program may have loaded a filter, which could not be watched (no"
                                    + " tracer), so calls may be missing"),
                    causes(run(new FakeMachine().thenCall(number).thenEnd())));
        }
    }

    @Test
    void unguarded_programCannotBeRun_isNotTriedAgain() {
        FakeMachine machine = new FakeMachine().refusing("refused 127 no such program");
        CommandFailure why = assertThrows(CommandFailure.class, () -> run(machine));
        assertEquals(127, why.status());
    }

    /** Only the library works without a tracer. */
    @Test
    void unguarded_byTheLoader_isRefused() {
        FakeMachine machine = new FakeMachine();
        CommandFailure why =
                assertThrows(CommandFailure.class, () -> record(machine, Plans.detailedFromExec()));
        assertEquals("no tracer", why.getMessage());
    }

    @Test
    void unguarded_isTriedOnlyOnce() {
        FakeMachine machine = new FakeMachine();
        LogRecorder recorder = recorder(machine);
        machine.thenCall(1).thenEnd();
        recorder.record(Plans.plan());
        machine.thenCall(1).thenEnd();
        recorder.record(Plans.plan());
        assertEquals(1, machine.requests.stream().filter(r -> r.startsWith("guard")).count());
    }

    @Test
    void guarded_secondRun_hasItsOwnListener() {
        FakeMachine machine = guarded();
        LogRecorder recorder = recorder(machine);
        machine.thenCall(1).then(asked::hangUp).thenEnd();
        recorder.record(Plans.plan());
        FakeListener second = new FakeListener();
        machine.guardedBy(second).thenCall(2).thenEnd().thenNothing(5).thenCall(3);
        machine.then(second::hangUp);
        Run run = recorder.record(Plans.plan()).run();
        assertEquals(List.of(), causes(run));
        assertEquals(Map.of(2, 1L, 3, 1L), counts(run));
        assertTrue(second.isClosed());
    }

    /** The library enforces a list without a tracer. */
    @Test
    void guarded_nextRunIsNot_isNotHeldAgainstIt() {
        FakeMachine machine = guarded().thenCall(1).then(asked::hangUp).thenEnd();
        LogRecorder recorder = recorder(machine);
        recorder.record(Plans.plan());
        machine.thenEnd();
        RunPlan enforced = Plans.plan().under(new RunFilter(true, List.of("read")));
        assertEquals(List.of(), causes(recorder.record(enforced).run()));
    }

    @Test
    void guarded_processWasNeverFound_nextRunIsWaitedForAgain() {
        FakeMachine machine = guarded().thenCall(1).thenEnd();
        for (int i = 0; i < 20; i++) {
            machine.then(() -> machine.passTime(2));
        }
        LogRecorder recorder = recorder(machine);
        assertFalse(recorder.record(Plans.plan()).run().isComplete());
        FakeListener second = new FakeListener();
        machine.guardedBy(second).thenNothing(20).thenCall(2).thenEnd().thenNothing(5).thenCall(3);
        machine.then(second::hangUp);
        Run run = recorder.record(Plans.plan()).run();
        assertEquals(List.of(), causes(run));
        assertEquals(Map.of(2, 1L, 3, 1L), counts(run));
    }

    // The end on request.

    @Test
    void record_survivesAllSignals_isIncomplete() {
        FakeMachine machine =
                new FakeMachine()
                        .thenCall(1)
                        .thenMessage("ended 0")
                        .thenMessage("signal 2")
                        .thenMessage("signal 2")
                        .thenMessage("signal 2");
        LogRecorder recorder = recorder(machine);
        Run run = recorder.record(Plans.plan()).run();
        assertEquals(List.of(STILL_RUNNING), causes(run));
        assertEquals(List.of("end 15", "end 9"), signals(machine));
        assertTrue(recorder.endWasRequested());
    }

    @Test
    void record_abandonedWhileItIsLookedFor_isIncomplete() {
        FakeMachine machine = new FakeMachine();
        machine.atLook(
                index -> {
                    machine.arrive(PID, SESSION, 1);
                    machine.say("signal 2");
                    return true;
                });
        assertEquals(List.of(STILL_RUNNING), causes(run(machine.thenCall(1).thenEnd())));
    }

    @Test
    void record_endsAfterASignal_isComplete() {
        FakeMachine machine = new FakeMachine();
        machine.atSignal(signal -> machine.say("empty"));
        machine.thenCall(1).thenMessage("ended 15").thenMessage("signal 15");
        LogRecorder recorder = recorder(machine);
        Recorder.Result result = recorder.record(Plans.plan());
        assertEquals(List.of(), causes(result.run()));
        assertEquals(128 + SIGTERM, result.exitStatus());
        assertTrue(recorder.endWasRequested());
    }

    @Test
    void record_killedBySandboxExec_isNotSignalledAgain() {
        FakeMachine machine =
                new FakeMachine().thenCall(1).thenMessage("signal 9").thenMessage("empty");
        assertEquals(List.of(), causes(run(machine)));
        assertEquals(List.of(), signals(machine));
    }

    @Test
    void record_timeIsUp_asksThenKillsThenGivesUp() {
        FakeMachine machine = new FakeMachine().thenCall(1).thenMessage("left " + (PID + 1));
        for (int i = 0; i < 3; i++) {
            machine.then(() -> machine.passTime(11));
        }
        Recorder.Result result = record(machine, Plans.limited(5));
        assertTrue(result.timeIsUp());
        assertEquals(List.of(STILL_RUNNING), causes(result.run()));
        assertEquals(List.of("end 15", "end 9"), signals(machine));
    }

    @Test
    void record_timeIsUpAndItEnds_isCompleteWithStatus0() {
        FakeMachine machine = new FakeMachine();
        machine.atSignal(
                signal -> {
                    machine.say("ended " + signal);
                    machine.say("empty");
                });
        machine.thenCall(1).then(() -> machine.passTime(6));
        Recorder.Result result = record(machine, Plans.limited(5));
        assertEquals(List.of(), causes(result.run()));
        assertEquals(0, result.exitStatus());
        assertEquals(List.of("end 15"), signals(machine));
    }

    @Test
    void record_timePassesAfterTheEnd_isNotUp() {
        FakeMachine machine = new FakeMachine();
        machine.thenCall(1).thenEnd().then(() -> machine.passTime(2));
        Recorder.Result result = record(machine, Plans.limited(1));
        assertFalse(result.timeIsUp());
        assertEquals(List.of(), signals(machine));
        assertEquals(List.of(), causes(result.run()));
    }

    private static List<String> signals(FakeMachine machine) {
        return machine.requests.stream().filter(line -> line.startsWith("end ")).toList();
    }

    // The processes that made the calls.

    @Test
    void record_processMovesToAnotherSession_isFollowed() {
        FakeMachine machine = new FakeMachine().thenCall(1);
        machine.then(() -> machine.arrive(PID, SESSION + 5, 2))
                .then(() -> machine.arrive(PID + 1, SESSION + 5, 3))
                .thenEnd();
        Recorder.Result result = record(machine, Plans.plan());
        assertEquals(List.of(), causes(result.run()));
        assertEquals(Map.of(1, 1L, 2, 1L, 3, 1L), counts(result.run()));
        assertTrue(result.sessionChanged());
        assertEquals(2, result.processes());
        assertTrue(machine.requests.contains("follow " + (SESSION + 5)));
    }

    @Test
    void record_processGivesUpItsSession_isIncomplete() {
        FakeMachine machine = new FakeMachine().thenCall(1);
        machine.then(() -> machine.arrive(PID, UNSET, 2)).thenEnd();
        assertEquals(List.of(LEFT_SESSION), causes(run(machine)));
    }

    // The evidence.

    @Test
    void record_noCallUnderAFilterThatShowsAll_isIncomplete() {
        assertEquals(List.of(NO_CALL), causes(run(new FakeMachine().thenEnd())));
    }

    @Test
    void record_moreDistinctCallsThanAreKept_isIncomplete() {
        FakeMachine machine = new FakeMachine();
        machine.then(
                        () -> {
                            for (int i = 0; i < EvidenceCollector.MAX_DISTINCT + 2; i++) {
                                machine.arrive(PID, SESSION, 1000 + i);
                            }
                        })
                .thenEnd();
        Run run = run(machine);
        assertEquals(List.of("more than 100000 distinct calls"), causes(run));
        assertEquals(2, lost(run));
    }

    @Test
    void record_severalThingsWentWrong_allAreSaid() {
        FakeMachine machine = new FakeMachine();
        machine.then(() -> machine.lose(2)).then(machine::letCanariesVanish).thenEnd();
        assertEquals(List.of(dropped(2), NO_BARRIER, NO_CALL), causes(run(machine)));
    }

    @Test
    void record_entryMark_separatesTheLinkersCalls() {
        FakeListener asked = new FakeListener();
        FakeMachine machine = new FakeMachine().guardedBy(asked);
        machine.thenCall(1)
                .then(() -> machine.arrive(PID + 1, SESSION, entryMark(machine)))
                .thenCall(1)
                .thenEnd()
                .then(asked::hangUp);
        Recorder.Result result = record(machine, Plans.detailedFromExec());
        assertEquals(1, result.processes());
        Run run = result.run();
        CallEvidence call = run.programs().get(0).calls().get(0);
        assertEquals(2, call.count());
        assertEquals(OptionalLong.of(1), call.beforeEntry());
        assertEquals(Map.of(1, 2L), counts(run));
    }

    private static int entryMark(FakeMachine machine) {
        String request =
                machine.requests.stream()
                        .filter(line -> line.startsWith("guard "))
                        .findFirst()
                        .get();
        return Integer.parseInt(request.strip().split(" ")[5]);
    }

    @Test
    void record_outputIsKept_isCompared() {
        FakeMachine machine = new FakeMachine().thenCall(1).thenEnd();
        machine.outputIs("different");
        assertTrue(record(machine, Plans.keepingOutput()).outputChanged());
    }
}
