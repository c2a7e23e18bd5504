// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static io.sandbox.evidence.testing.Evidence.calls;
import static io.sandbox.evidence.testing.Evidence.drift;
import static io.sandbox.evidence.testing.Evidence.made;
import static io.sandbox.evidence.testing.Evidence.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.drift.CheckResult.Outcome;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.evidence.testing.Results;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckResultTest {
    private static final Verdict COMPLETE = new Verdict.Complete();
    private static final Verdict LOST = new Verdict.Incomplete(3, List.of("dropped"));
    private static final Tolerance OF_FAILURES = new Tolerance(false, true);

    private static Drift ofRun(int status, Verdict verdict, Integer... numbers) {
        return drift(made(RunFilter.LOG_ALL, status, verdict, numbers), "write\n");
    }

    @Table
    void outcome_isWhatTheUserFailsOn(String made, String failOn, Outcome outcome) {
        Drift drift = drift(calls(made.split(" ")), "write\n");
        assertEquals(outcome, Results.of(drift, failOn, Tolerance.NONE).outcome());
    }

    @Test
    void outcome_gate_isDriftIfTooFewExploitsAreStopped() {
        assertEquals(Outcome.SAME, Results.gated(72).outcome());
        assertEquals(Outcome.DRIFT, Results.gated(73).outcome());
        assertEquals("too open", Wording.verdict(Results.gated(73)));
    }

    @ParameterizedTest
    @CsvSource({"1 9999, DRIFT", "1, SAME", "'', UNCHECKED"})
    void outcome_callWithoutName_isTakenForHighRisk(String numbers, Outcome outcome) {
        Stream<String> made = Stream.of(numbers.split(" ")).filter(each -> !each.isEmpty());
        Drift drift = ofRun(0, COMPLETE, made.map(Integer::valueOf).toArray(Integer[]::new));
        assertEquals(outcome, Results.of(drift, "risk=high", Tolerance.NONE).outcome());
    }

    /** Such a call is a doubt, and no finding. */
    @Test
    void concerns_undecidedCall_isFalse() {
        Drift drift = drift(calls("write", "ptrace"), "write(arg0==1)\n");
        assertEquals(
                List.of("ptrace"),
                drift.forbidden().stream().map(call -> call.call().displayName()).toList());
        assertEquals(1, drift.undecided().size());
        assertFalse(FailOn.NEW.concerns(drift.undecided().get(0)));
        assertTrue(FailOn.NEW.concerns(drift.forbidden().get(0)));
    }

    @Test
    void outcome_lostRecords_isUncheckedUnlessTolerated() {
        for (Drift drift : List.of(ofRun(0, LOST, 1), ofRun(0, LOST, 0, 1))) {
            assertEquals(Outcome.UNCHECKED, Results.of(drift, "new", OF_FAILURES).outcome());
            CheckResult tolerated = Results.of(drift, "new", new Tolerance(true, false));
            assertEquals(
                    drift.calls().isEmpty() ? Outcome.SAME : Outcome.DRIFT, tolerated.outcome());
            assertEquals(2, tolerated.warnings().size());
            assertTrue(tolerated.warnings().get(1).contains("dropped"));
        }
    }

    @Test
    void outcome_programThatFailed_isUncheckedUnlessAllowed() {
        Drift drift = ofRun(3, COMPLETE, 1);
        CheckResult result = Results.of(drift, "new", Tolerance.NONE);
        assertEquals(Outcome.UNCHECKED, result.outcome());
        assertTrue(result.reasonsForDoubt().get(0).contains("status 3"));
        assertEquals(Outcome.SAME, Results.of(drift, "new", OF_FAILURES).outcome());
    }

    @Test
    void reasonsForDoubt_sameOfSeveralRuns_isOne() {
        Run failed = made(RunFilter.LOG_ALL, 3, COMPLETE, 1).runs().get(0);
        Run again = run("2", RunFilter.LOG_ALL, 3, COMPLETE);
        Run other = run("3", RunFilter.LOG_ALL, 4, COMPLETE);
        Drift drift = drift(new Recording(List.of(failed, again, other)), "write\n");
        assertEquals(2, Results.of(drift, "new", Tolerance.NONE).reasonsForDoubt().size());
    }

    @Test
    void updateCommand_evidenceThatDoesNotSuffice_isNone() {
        for (int status : new int[] {0, 3}) {
            CheckResult result = Results.of(ofRun(status, COMPLETE, 0, 1), "new", Tolerance.NONE);
            assertEquals(status == 0, result.updateCommand().isPresent());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "old", "new,", ",", "risk", "risk=", "risk=HIGH", "new unused"})
    void parse_anythingElse_isRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> FailOn.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"new", "unused", "new,unused", "risk=high", "new,unused,risk=low"})
    void toString_isWhatParseReads(String text) {
        assertEquals(text, FailOn.parse(text).toString());
    }
}
