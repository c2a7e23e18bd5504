// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.testing.Records;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the series continues, under which filter, and its verdict on the list. */
class RunSeriesTest {
    private final ScriptedRecorder recorder = new ScriptedRecorder();
    private final List<Integer> told = new ArrayList<>();
    private final RunSeries series =
            new RunSeries(
                    recorder,
                    Plans.plan(),
                    new Recording(List.of()),
                    (number, result, soFar) -> told.add(number));

    /** The filters of the runs: whether they enforce, and what they allow. */
    private String filters() {
        return recorder.filters.stream()
                .map(filter -> (filter.enforced() ? "enforce " : "log ") + filter.allowed())
                .collect(Collectors.joining("; "));
    }

    // A fixed number of runs.

    @Table
    void repeat_endsEarly_onlyIfTheUserWantsIt(int runs, String shown, String filters) {
        recorder.shows(shown);
        series.repeat(runs);
        assertEquals(filters, filters());
        assertEquals(told.size() < runs, series.endWasRequested());
        assertEquals(runs - told.size(), recorder.unused());
    }

    @Test
    void repeat_programThatIsNeverReady_showsNothing() {
        recorder.shows("read trouble:NOT_READY");
        assertThrows(CommandFailure.class, () -> series.repeat(2));
        assertEquals(List.of(), told);
    }

    @Test
    void repeat_afterALoss_allowsWhatIsKnownUntilTheGapIsFilled() {
        recorder.shows("read write lost; close lost; -; read");
        series.repeat(4);
        assertEquals("log []; log [read, write]; log [close, read, write]; log []", filters());
        assertEquals(List.of(), series.recording().unhealed());
        assertEquals(List.of("close", "read", "write"), series.policy().allowlist().entries());
        assertEquals(List.of(1, 2, 3, 4), told);
    }

    /** It is no run, unless it is the first one. */
    @ParameterizedTest
    @CsvSource({
        "read; - lost end, 1, 0",
        "read; - lost signal:2, 1, 0",
        "- lost end, 1, 1",
        "read; write lost end, 2, 1",
    })
    void run_endedBeforeItHadMadeACall_showsNothing(String shown, int results, int gaps) {
        recorder.shows(shown);
        series.repeat(5);
        assertEquals(results, series.results().size());
        assertEquals(results, told.size());
        assertEquals(gaps, series.recording().unhealed().size());
        assertTrue(series.endWasRequested());
    }

    // Until a run is quiet.

    @Table
    void untilQuiet_isASeriesWithoutNewCallsAndLosses(
            int quiet, int max, String shown, String doubt) {
        recorder.shows(shown);
        Optional<RunDoubt> found = series.repeatUntilQuiet(quiet, max);
        assertEquals(doubt, found.map(RunDoubt::sentence).orElse("none"));
        assertEquals(
                doubt.contains("too few"),
                found.filter(d -> d.kind() == RunDoubt.Kind.TOO_FEW_RUNS).isPresent());
        assertEquals(0, recorder.unused());
    }

    @Test
    void untilQuiet_allowsWhatIsKnown() {
        recorder.shows("read; write; -").shows("-");
        series.repeatUntilQuiet(1, 5);
        assertEquals("log []; log [read]; log [read, write]", filters());
    }

    // Under enforcement.

    /**
     * The expected status is that of the program before the first run under enforcement. Records of
     * other programs on a busy machine disturb one run, but perhaps not the next.
     */
    @Table
    void verify_isASeriesWithoutRefusals(int times, String shown, String doubt) {
        recorder.shows(shown);
        series.repeat(1);
        Optional<RunDoubt> found = series.verify(times);
        assertEquals(doubt, found.map(RunDoubt::sentence).orElse("none"));
        assertEquals(
                doubt.contains("output"),
                found.filter(d -> d.kind() == RunDoubt.Kind.OUTPUT_DIFFERS).isPresent());
        assertEquals(found.isEmpty() ? times : 0, series.enforcedWell());
        assertEquals(0, recorder.unused());
    }

    @Test
    void verify_callIsRefused_isAddedAndTriedAgain() {
        recorder.shows("read; write; close; -");
        series.repeat(1);
        series.verify(1);
        assertEquals(
                "log []; enforce [read]; log [read, write]; enforce [close, read, write]",
                filters());
        assertEquals(Set.of("write"), onlyEnforced());
    }

    private Set<String> onlyEnforced() {
        return series.seenOnlyEnforced().stream()
                .map(ObservedCall::displayName)
                .collect(Collectors.toSet());
    }

    @Test
    void seenOnlyEnforced_callThatWasLoggedToo_isNot() {
        recorder.shows("read; write close; close; -");
        series.repeat(1);
        series.verify(1);
        assertEquals(Set.of("write"), onlyEnforced());
    }

    @Test
    void verify_alwaysAnotherCall_isGivenUp() {
        recorder.shows("read; 100");
        for (int i = 1; i < 10; i++) {
            recorder.shows("-").shows(Integer.toString(100 + i));
        }
        series.repeat(1);
        assertEquals(
                Optional.of("10 runs under enforcement were each refused new calls"),
                series.verify(1).map(RunDoubt::sentence));
        assertEquals(0, recorder.unused());
    }

    // The results that are kept.

    @Test
    void recording_evidenceFromBefore_isInTheList() {
        recorder.shows("read");
        series.repeat(1);
        ScriptedRecorder later = new ScriptedRecorder().shows("write lost");
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
        recorder.shows("0 i386");
        series.repeat(1);
        assertEquals(List.of(), series.policy().allowlist().entries());
        assertEquals(List.of(ObservedCall.of(Records.I386, 0)), series.policy().inexpressible());
    }

    /** The recording has the status that counts: SIGTERM was ours. */
    @Test
    void repeat_timeIsUp_endsWithStatus0InTheRecording() {
        recorder.shows("read late signal:15; read status:1");
        series.repeat(2);
        assertEquals(
                List.of(0, 1),
                series.recording().runs().stream().map(run -> run.status().orElse(-1)).toList());
    }
}
