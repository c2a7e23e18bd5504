// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.testing.Records;
import io.sandbox.syscalldb.ObservedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When the series continues, under which filter, and its verdict on the list. */
class RunSeriesTest {
    // Calls of x86_64.
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int CLOSE = 3;

    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;
    private static final int STATUS_1 = 1 << 8;

    private static final String ENDED_EARLY =
            "the program was ended before enough runs in a row showed nothing new";
    private static final String CUT_SHORT =
            "the run under enforcement was cut short, so the list is not proven";

    private final ScriptedRecorder recorder = new ScriptedRecorder();
    private final List<Integer> told = new ArrayList<>();
    private final RunSeries series =
            new RunSeries(
                    recorder,
                    Plans.plan(),
                    new Recording(List.of()),
                    (number, result, soFar) -> told.add(number));

    private static RunFilter logged(String... allowed) {
        return new RunFilter(false, List.of(allowed));
    }

    private static RunFilter enforced(String... allowed) {
        return new RunFilter(true, List.of(allowed));
    }

    // A fixed number of runs.

    @Test
    void repeat_completeRuns_eachLogsAll() {
        recorder.shows(READ);
        recorder.shows(WRITE);
        recorder.shows(READ);
        series.repeat(3);
        assertEquals(
                List.of(RunFilter.LOG_ALL, RunFilter.LOG_ALL, RunFilter.LOG_ALL), recorder.filters);
        assertEquals(List.of(1, 2, 3), told);
        assertEquals(List.of("read", "write"), series.policy().allowlist().entries());
    }

    @Test
    void repeat_afterALoss_allowsWhatIsKnownUntilTheGapIsFilled() {
        recorder.shows(READ, WRITE).incomplete();
        recorder.shows(CLOSE).incomplete();
        recorder.shows();
        recorder.shows(READ);
        series.repeat(4);
        assertEquals(
                List.of(
                        RunFilter.LOG_ALL,
                        logged("read", "write"),
                        logged("close", "read", "write"),
                        RunFilter.LOG_ALL),
                recorder.filters);
        assertEquals(List.of(), series.recording().unhealed());
    }

    @Test
    void repeat_userWantsTheEnd_stops() {
        recorder.shows(READ);
        recorder.shows(READ).endRequested();
        recorder.shows(READ);
        series.repeat(3);
        assertEquals(1, recorder.unused());
        assertTrue(series.endWasRequested());
    }

    @Test
    void repeat_programDiesOfARequestToEnd_stops() {
        for (int signal : new int[] {1, SIGINT, 3, SIGTERM}) {
            ScriptedRecorder one = new ScriptedRecorder();
            one.shows(READ).waitStatus(signal);
            one.shows(READ);
            newSeries(one).repeat(2);
            assertEquals(1, one.unused(), "signal " + signal);
        }
    }

    private static RunSeries newSeries(ScriptedRecorder recorder) {
        return new RunSeries(
                recorder, Plans.plan(), new Recording(List.of()), (number, result, soFar) -> {});
    }

    @Test
    void repeat_programCrashes_goesOn() {
        recorder.shows(READ).waitStatus(11);
        recorder.shows(READ);
        series.repeat(2);
        assertEquals(0, recorder.unused());
        assertFalse(series.endWasRequested());
    }

    @Test
    void repeat_timeWasOver_goesOn() {
        recorder.shows(READ).waitStatus(SIGTERM).timeIsUp();
        recorder.shows(READ);
        series.repeat(2);
        assertEquals(0, recorder.unused());
    }

    @Test
    void run_endedBeforeItWasUnderWay_isNoRun() {
        recorder.shows(READ);
        recorder.shows().incomplete().endRequested();
        series.repeat(5);
        assertEquals(1, series.results().size());
        assertEquals(List.of(1), told);
        assertTrue(series.endWasRequested());
        assertTrue(series.last().run().isComplete());
    }

    @Test
    void run_diesOfARequestBeforeItWasUnderWay_isNoRun() {
        recorder.shows(READ);
        recorder.shows().incomplete().waitStatus(SIGINT);
        series.repeat(5);
        assertEquals(1, series.results().size());
        assertTrue(series.endWasRequested());
    }

    @Test
    void run_firstIsEndedAtOnce_isARunAllTheSame() {
        recorder.shows().incomplete().endRequested();
        series.repeat(5);
        assertEquals(1, series.results().size());
        assertFalse(series.last().run().isComplete());
    }

    @Test
    void run_endedWhenItHadBegun_counts() {
        recorder.shows(READ);
        recorder.shows(WRITE).incomplete().endRequested();
        series.repeat(5);
        assertEquals(2, series.results().size());
        assertEquals(1, series.recording().unhealed().size());
    }

    // Until a run is quiet.

    @Test
    void untilQuiet_secondShowsNothing_isEnough() {
        recorder.shows(READ, WRITE);
        recorder.shows();
        assertEquals(Optional.empty(), series.repeatUntilQuiet(1, 2).map(RunDoubt::sentence));
        assertEquals(List.of(RunFilter.LOG_ALL, logged("read", "write")), recorder.filters);
    }

    @Test
    void untilQuiet_showsSomethingNew_goesOn() {
        recorder.shows(READ);
        recorder.shows(WRITE);
        recorder.shows();
        assertEquals(Optional.empty(), series.repeatUntilQuiet(1, 5).map(RunDoubt::sentence));
        assertEquals(logged("read", "write"), recorder.filters.get(2));
    }

    @Test
    void untilQuiet_nothingNewButALoss_goesOn() {
        recorder.shows(READ);
        recorder.shows().incomplete();
        recorder.shows();
        assertEquals(Optional.empty(), series.repeatUntilQuiet(1, 5).map(RunDoubt::sentence));
        assertEquals(3, series.results().size());
    }

    @Test
    void untilQuiet_newCallAfterAQuietRun_countsAnew() {
        recorder.shows(READ);
        recorder.shows();
        recorder.shows(WRITE);
        recorder.shows();
        recorder.shows();
        assertEquals(Optional.empty(), series.repeatUntilQuiet(2, 9).map(RunDoubt::sentence));
        assertEquals(5, series.results().size());
        assertEquals(0, recorder.unused());
    }

    @Test
    void untilQuiet_neverQuiet_isSaid() {
        recorder.shows(READ);
        recorder.shows(WRITE);
        recorder.shows(CLOSE);
        assertEquals(
                Optional.of(
                        "3 runs were too few: the last 1 must show no new calls and lose no"
                                + " records, but only 0 did"),
                series.repeatUntilQuiet(1, 3).map(RunDoubt::sentence));
    }

    @Test
    void untilQuiet_quietBecauseItWasEnded_isNotQuiet() {
        recorder.shows(READ);
        recorder.shows().endRequested();
        assertEquals(
                Optional.of(ENDED_EARLY), series.repeatUntilQuiet(1, 5).map(RunDoubt::sentence));
    }

    @Test
    void untilQuiet_firstIsEnded_isSaid() {
        recorder.shows(READ).waitStatus(SIGINT);
        assertEquals(
                Optional.of(ENDED_EARLY), series.repeatUntilQuiet(1, 5).map(RunDoubt::sentence));
        assertEquals(1, series.results().size());
    }

    // Under enforcement.

    /** A run has shown read; the next one shows {@code calls}. */
    private ScriptedRecorder.Outcome learnedThen(Integer... calls) {
        recorder.shows(READ);
        series.repeat(1);
        return recorder.shows(calls);
    }

    @Test
    void verify_nothingIsRefused_speaksForTheList() {
        learnedThen();
        assertEquals(Optional.empty(), series.verify(1).map(RunDoubt::sentence));
        assertEquals(List.of(RunFilter.LOG_ALL, enforced("read")), recorder.filters);
    }

    @Test
    void verify_severalTimes_refusalBeginsTheCountAnew() {
        learnedThen();
        recorder.shows(WRITE);
        recorder.shows();
        recorder.shows();
        recorder.shows();
        assertEquals(Optional.empty(), series.verify(2).map(RunDoubt::sentence));
        assertEquals(2, series.enforcedWell());
        assertEquals(0, recorder.unused());
    }

    @Test
    void verify_callIsRefused_isAddedAndTriedAgain() {
        learnedThen(WRITE);
        recorder.shows(CLOSE);
        recorder.shows();
        assertEquals(Optional.empty(), series.verify(1).map(RunDoubt::sentence));
        assertEquals(
                List.of(
                        RunFilter.LOG_ALL,
                        enforced("read"),
                        logged("read", "write"),
                        enforced("close", "read", "write")),
                recorder.filters);
        assertEquals(Set.of(ObservedCall.of(Records.X86_64, WRITE)), series.seenOnlyEnforced());
    }

    @Test
    void seenOnlyEnforced_callThatWasLoggedToo_isNot() {
        learnedThen(WRITE, CLOSE);
        recorder.shows(CLOSE);
        recorder.shows();
        series.verify(1);
        assertEquals(Set.of(ObservedCall.of(Records.X86_64, WRITE)), series.seenOnlyEnforced());
    }

    @Test
    void verify_callThatNoListCanHold_isSaid() {
        learnedThen(WRITE).of(Records.I386);
        assertEquals(
                Optional.of("under enforcement a call was refused that no list can hold"),
                series.verify(1).map(RunDoubt::sentence));
    }

    @Test
    void verify_alwaysAnotherCall_isGivenUp() {
        learnedThen(100);
        for (int i = 1; i < 10; i++) {
            recorder.shows();
            recorder.shows(100 + i);
        }
        assertEquals(
                Optional.of("10 runs under enforcement were each refused new calls"),
                series.verify(1).map(RunDoubt::sentence));
        assertEquals(0, recorder.unused());
    }

    @Test
    void verify_otherStatus_isSaid() {
        learnedThen().waitStatus(STATUS_1);
        assertEquals(
                Optional.of(
                        "under enforcement the program ended with status 1 instead of 0, although"
                                + " no refused call was recorded"),
                series.verify(1).map(RunDoubt::sentence));
    }

    /** The expected status is that of the program before the first run under enforcement. */
    @Test
    void verify_statusOfTheRunBetween_isNotTheMeasure() {
        learnedThen(WRITE).waitStatus(STATUS_1);
        recorder.shows().waitStatus(STATUS_1);
        recorder.shows();
        assertEquals(Optional.empty(), series.verify(1).map(RunDoubt::sentence));
    }

    @Test
    void verify_programThatAlwaysFails_speaksForTheList() {
        recorder.shows(READ).waitStatus(STATUS_1);
        series.repeat(1);
        recorder.shows().waitStatus(STATUS_1);
        assertEquals(Optional.empty(), series.verify(1).map(RunDoubt::sentence));
    }

    @Test
    void verify_otherOutput_isSaid() {
        learnedThen().outputChanged();
        assertEquals(RunDoubt.Kind.OUTPUT_DIFFERS, series.verify(1).orElseThrow().kind());
    }

    @Test
    void verify_alwaysIncomplete_isNoProof() {
        learnedThen().incomplete();
        for (int i = 0; i < 4; i++) {
            recorder.shows().incomplete();
        }
        assertEquals(
                Optional.of("runs under enforcement were incomplete, so the list is not proven"),
                series.verify(1).map(RunDoubt::sentence));
        assertEquals(0, recorder.unused());
    }

    /** Records of other programs on a busy machine disturb one run, but perhaps not the next. */
    @Test
    void verify_incompleteRun_doesNotCountAndNeitherDoThoseBefore() {
        learnedThen();
        recorder.shows().incomplete();
        recorder.shows();
        recorder.shows();
        assertEquals(Optional.empty(), series.verify(2).map(RunDoubt::sentence));
        assertEquals(2, series.enforcedWell());
        assertEquals(0, recorder.unused());
    }

    @Test
    void verify_ended_isNoProof() {
        learnedThen().endRequested();
        assertEquals(Optional.of(CUT_SHORT), series.verify(1).map(RunDoubt::sentence));
    }

    @Test
    void verify_endedWhenACallWasRefused_isNoProof() {
        learnedThen(WRITE).endRequested();
        assertEquals(Optional.of(CUT_SHORT), series.verify(1).map(RunDoubt::sentence));
    }

    // The results that are kept.

    @Test
    void recording_evidenceFromBefore_isInTheList() {
        recorder.shows(READ);
        series.repeat(1);
        ScriptedRecorder later = new ScriptedRecorder();
        later.shows(WRITE).incomplete();
        RunSeries second =
                new RunSeries(
                        later, Plans.plan(), series.recording(), (number, result, soFar) -> {});
        second.repeat(1);
        assertEquals(List.of("read", "write"), second.policy().allowlist().entries());
        assertEquals(1, second.results().size());
        assertEquals(2, second.recording().runs().size());
    }

    @Test
    void policy_callsOfOtherArchitectures_areInexpressible() {
        recorder.shows(READ).of(Records.I386);
        series.repeat(1);
        assertEquals(List.of(), series.policy().allowlist().entries());
        assertEquals(List.of(ObservedCall.of(Records.I386, READ)), series.policy().inexpressible());
    }

    /** The recording has the status that counts: SIGTERM was ours. */
    @Test
    void repeat_timeIsUp_endsWithStatus0InTheRecording() {
        recorder.shows(READ).timeIsUp().waitStatus(SIGTERM);
        recorder.shows(READ).waitStatus(STATUS_1);
        series.repeat(2);
        assertEquals(
                List.of(0, 1),
                series.recording().runs().stream().map(run -> run.status().orElse(-1)).toList());
    }
}
