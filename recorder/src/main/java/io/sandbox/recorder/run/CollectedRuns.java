// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.outcome.ExitCodes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Collects all containers of a command, or all commands of a service. Together they are one run.
 */
final class CollectedRuns {
    private final List<Run> runs = new ArrayList<>();
    private int processes;

    void clear() {
        runs.clear();
        processes = 0;
    }

    void add(Run run, int count) {
        runs.add(run);
        processes += count;
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    int processes() {
        return processes;
    }

    /**
     * @param plan the plan of the run
     * @param ownCauses why the run is incomplete, in addition to the causes of its parts
     * @param waitStatus how the run ended, as waitpid(2) has it
     */
    Run together(RunPlan plan, Instant started, List<String> ownCauses, int waitStatus) {
        List<String> causes = new ArrayList<>(ownCauses);
        List<String> reservations = new ArrayList<>();
        List<ProgramEvidence> programs = new ArrayList<>();
        List<ProgramEvidence> runtime = new ArrayList<>();
        List<String> allowed = new ArrayList<>(plan.filter().allowed());
        long lost = 0;
        for (Run run : runs) {
            reservations.addAll(run.verdict().reservations());
            if (run.verdict() instanceof Verdict.Incomplete incomplete) {
                causes.addAll(incomplete.causes());
                lost += incomplete.lost();
            }
            programs.addAll(run.programs());
            runtime.addAll(run.runtime());
            allowed.addAll(run.filter().allowed());
        }
        return plan.under(new RunFilter(plan.filter().enforced(), allowed))
                .recorded(
                        NotifyRecorder.SOURCE,
                        started,
                        System.currentTimeMillis() - started.toEpochMilli(),
                        OptionalInt.of(ExitCodes.ofWaitStatus(waitStatus)),
                        Verdict.of(
                                lost,
                                causes.stream().distinct().toList(),
                                reservations.stream().distinct().toList()),
                        ProgramEvidence.merge(programs),
                        ProgramEvidence.merge(runtime));
    }
}
