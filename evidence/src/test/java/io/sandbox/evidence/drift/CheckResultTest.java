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
import org.junit.jupiter.params.provider.EmptySource;

final class CheckResultTest {
    private static final Verdict COMPLETE = new Verdict.Complete();
    private static final Verdict LOST = new Verdict.Incomplete(3, List.of("dropped"));

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

    /**
     * @param lost whether records were lost
     * @param tolerance of losses or of failures
     * @param told the reasons for doubt and the warnings
     * @param updates whether there is a command that updates the policy
     */
    @Table
    void outcome_ofARun_isUncheckedUnlessTolerated(
            int status,
            boolean lost,
            String numbers,
            String failOn,
            String tolerance,
            Outcome outcome,
            String told,
            boolean updates) {
        Stream<String> made = Stream.of(numbers.split(" ")).filter(each -> !each.isEmpty());
        Drift drift =
                ofRun(
                        status,
                        lost ? LOST : COMPLETE,
                        made.map(Integer::valueOf).toArray(Integer[]::new));
        Tolerance tolerated =
                new Tolerance(tolerance.equals("losses"), tolerance.equals("failures"));
        CheckResult result = Results.of(drift, failOn, tolerated);
        assertEquals(outcome, result.outcome());
        assertEquals(told, result.reasonsForDoubt() + " " + result.warnings());
        assertEquals(updates, result.updateCommand().isPresent());
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
    void reasonsForDoubt_sameOfSeveralRuns_isOne() {
        Run failed = made(RunFilter.LOG_ALL, 3, COMPLETE, 1).runs().get(0);
        Run again = run("2", RunFilter.LOG_ALL, 3, COMPLETE);
        Run other = run("3", RunFilter.LOG_ALL, 4, COMPLETE);
        Drift drift = drift(new Recording(List.of(failed, again, other)), "write\n");
        assertEquals(2, Results.of(drift, "new", Tolerance.NONE).reasonsForDoubt().size());
    }

    @Table
    @EmptySource
    void parse_anythingElse_isRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> FailOn.parse(text));
    }

    @Table
    void toString_isWhatParseReads(String text) {
        assertEquals(text, FailOn.parse(text).toString());
    }
}
