// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static io.sandbox.evidence.testing.Evidence.X86_64;
import static io.sandbox.evidence.testing.Evidence.calls;
import static io.sandbox.evidence.testing.Evidence.drift;
import static io.sandbox.evidence.testing.Evidence.program;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckResultTest {
    private static CheckResult result(Drift drift, String failOn, boolean failureAllowed) {
        return new CheckResult(
                "p",
                "0.1.0",
                drift,
                FailOn.parse(failOn),
                new Tolerance(false, failureAllowed),
                Optional.empty(),
                List.of(),
                Doubt::sentence);
    }

    private static Drift ofRun(int status, Verdict verdict, int... numbers) {
        List<Integer> made = Arrays.stream(numbers).boxed().toList();
        Recording recording =
                Recording.of(
                        run(
                                "1",
                                RunFilter.LOG_ALL,
                                status,
                                verdict,
                                program("/bin/x", X86_64, made)));
        return drift(recording, "write\n");
    }

    @ParameterizedTest
    @CsvSource({
        "write, new, SAME",
        "write read, new, DRIFT",
        "write read, risk=high, SAME",
        "write read, risk=medium, SAME",
        "write read, risk=low, DRIFT",
        "write ptrace, risk=high, DRIFT",
        "write ptrace, unused, SAME",
        "read, 'unused,risk=high', DRIFT",
        "read, unused, DRIFT",
        "write mkdir, risk=high, SAME",
        "write mkdir, risk=medium, DRIFT",
    })
    void outcome_isWhatTheUserFailsOn(String made, String failOn, Outcome outcome) {
        Drift drift = drift(calls(made.split(" ")), "write\n");
        assertEquals(outcome, result(drift, failOn, false).outcome());
    }

    @Test
    void outcome_callWithoutName_isTakenForHighRisk() {
        Drift drift = ofRun(0, new Verdict.Complete(), 1, 9999);
        assertEquals(Outcome.DRIFT, result(drift, "risk=high", false).outcome());
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
    void outcome_lostRecords_isUncheckedWhateverWasFound() {
        Verdict lost = new Verdict.Incomplete(3, List.of("dropped"));
        assertEquals(Outcome.UNCHECKED, result(ofRun(0, lost, 1), "new", true).outcome());
        assertEquals(Outcome.UNCHECKED, result(ofRun(0, lost, 0, 1), "new", true).outcome());
    }

    @Test
    void outcome_lostRecordsThatAreTolerated_areAWarning() {
        Verdict lost = new Verdict.Incomplete(3, List.of("dropped"));
        for (int[] made : new int[][] {{1}, {0, 1}}) {
            CheckResult result =
                    new CheckResult(
                            "p",
                            "0.1.0",
                            ofRun(0, lost, made),
                            FailOn.NEW,
                            new Tolerance(true, false),
                            Optional.empty(),
                            List.of("a"),
                            Doubt::sentence);
            assertEquals(made.length == 1 ? Outcome.SAME : Outcome.DRIFT, result.outcome());
            assertEquals(2, result.warnings().size());
            assertTrue(result.warnings().get(1).contains("dropped"));
        }
    }

    @Test
    void outcome_programThatFailed_isUncheckedUnlessAllowed() {
        Drift drift = ofRun(3, new Verdict.Complete(), 1);
        CheckResult result = result(drift, "new", false);
        assertEquals(Outcome.UNCHECKED, result.outcome());
        assertTrue(result.reasonsForDoubt().get(0).contains("status 3"));
        assertEquals(Outcome.SAME, result(drift, "new", true).outcome());
    }

    @Test
    void reasonsForDoubt_sameOfSeveralRuns_isOne() {
        Run failed =
                run(
                        "1",
                        RunFilter.LOG_ALL,
                        3,
                        new Verdict.Complete(),
                        program("/bin/x", X86_64, List.of(1)));
        Run again = run("2", RunFilter.LOG_ALL, 3, new Verdict.Complete());
        Run other = run("3", RunFilter.LOG_ALL, 4, new Verdict.Complete());
        Drift drift = drift(new Recording(List.of(failed, again, other)), "write\n");
        assertEquals(2, result(drift, "new", false).reasonsForDoubt().size());
    }

    @Test
    void updateCommand_evidenceThatDoesNotSuffice_isNone() {
        for (int status : new int[] {0, 3}) {
            CheckResult result =
                    new CheckResult(
                            "p",
                            "0.1.0",
                            ofRun(status, new Verdict.Complete(), 0, 1),
                            FailOn.NEW,
                            new Tolerance(false, false),
                            Optional.of("sandbox check --update"),
                            List.of(),
                            Doubt::sentence);
            assertEquals(status == 0, result.updateCommand().isPresent());
        }
    }

    @Test
    void outcome_noCallAtAll_isUnchecked() {
        assertEquals(
                Outcome.UNCHECKED, result(ofRun(0, new Verdict.Complete()), "new", true).outcome());
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
