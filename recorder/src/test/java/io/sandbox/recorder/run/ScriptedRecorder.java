// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Records;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;

/** Makes runs with the outcomes that a test lists. */
final class ScriptedRecorder implements Recorder {
    /** The outcome of one run. */
    static final class Outcome {
        private final List<Integer> calls = new ArrayList<>();
        private int arch = Records.X86_64;
        private Verdict verdict = new Verdict.Complete();
        private int waitStatus;
        private boolean timeIsUp;
        private boolean outputChanged;
        private boolean endRequested;

        Outcome of(int newArch) {
            arch = newArch;
            return this;
        }

        Outcome incomplete() {
            verdict = new Verdict.Incomplete(1, List.of("some were lost"));
            return this;
        }

        Outcome waitStatus(int status) {
            waitStatus = status;
            return this;
        }

        Outcome timeIsUp() {
            timeIsUp = true;
            return this;
        }

        Outcome outputChanged() {
            outputChanged = true;
            return this;
        }

        /** The user asks to end during the run. */
        Outcome endRequested() {
            endRequested = true;
            return this;
        }
    }

    final List<RunFilter> filters = new ArrayList<>();

    private final Queue<Outcome> outcomes = new ArrayDeque<>();
    private boolean endWasRequested;
    private long clock = 1_700_000_000_000L;

    /** The next run shows these calls. */
    Outcome shows(Integer... calls) {
        Outcome outcome = new Outcome();
        outcome.calls.addAll(List.of(calls));
        outcomes.add(outcome);
        return outcome;
    }

    int unused() {
        return outcomes.size();
    }

    @Override
    public String sourceName() {
        return "fake";
    }

    @Override
    public Result record(RunPlan plan) {
        filters.add(plan.filter());
        Outcome outcome = outcomes.remove();
        endWasRequested |= outcome.endRequested;
        List<CallEvidence> calls = new ArrayList<>();
        for (int number : outcome.calls) {
            calls.add(new CallEvidence(number, 1, 0, OptionalLong.empty(), Optional.empty()));
        }
        clock += 1000;
        return new Result(
                plan.recorded(
                        sourceName(),
                        Instant.ofEpochMilli(clock),
                        1,
                        outcome.waitStatus,
                        outcome.verdict,
                        calls.isEmpty()
                                ? List.of()
                                : List.of(new ProgramEvidence("/bin/x", outcome.arch, calls))),
                outcome.waitStatus,
                1,
                false,
                outcome.timeIsUp,
                List.of(),
                outcome.outputChanged);
    }

    @Override
    public boolean endWasRequested() {
        return endWasRequested;
    }

    @Override
    public void close() {}
}
