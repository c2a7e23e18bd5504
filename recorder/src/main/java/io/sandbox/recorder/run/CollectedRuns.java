// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.evidence.Judge;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunCapabilities;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.RunOperations;
import io.sandbox.evidence.Signs;
import io.sandbox.outcome.ExitCodes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Collects all containers of a command, or commands of a service, as one run. */
final class CollectedRuns {
    private final List<Run> runs = new ArrayList<>();
    private int processes;
    private boolean withoutExec;

    /** What an exec into a container did is left out from now on. */
    void leaveOutExec() {
        withoutExec = true;
    }

    void clear() {
        runs.clear();
        processes = 0;
    }

    void add(Run run, int count) {
        runs.add(withoutExec ? run.withoutExec() : run);
        processes += count;
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    int processes() {
        return processes;
    }

    /**
     * @param source of the run
     * @param plan the plan of the run
     * @param signs what speaks against the run, besides what speaks against its parts
     * @param waitStatus how the run ended, as waitpid(2) has it
     */
    Run together(String source, RunPlan plan, Instant started, Signs signs, int waitStatus) {
        List<ProgramEvidence> programs = new ArrayList<>();
        List<ProgramEvidence> runtime = new ArrayList<>();
        List<String> allowed = new ArrayList<>(plan.filter().allowed());
        for (Run run : runs) {
            programs.addAll(run.programs());
            runtime.addAll(run.runtime());
            allowed.addAll(run.filter().allowed());
        }
        List<Optional<RunOperations>> operations = runs.stream().map(Run::operations).toList();
        Run together =
                plan.under(new RunFilter(plan.filter().enforced(), allowed))
                        .recorded(
                                source,
                                started,
                                System.currentTimeMillis() - started.toEpochMilli(),
                                OptionalInt.of(ExitCodes.ofWaitStatus(waitStatus)),
                                Judge.together(runs.stream().map(Run::verdict).toList(), signs),
                                ProgramEvidence.merge(programs),
                                ProgramEvidence.merge(runtime))
                        .submitting(RunOperations.together(operations))
                        .accessing(Run.accessOf(runs));
        // If the kernel counts, those that handed over have no program, and tell nothing.
        List<Optional<RunCapabilities>> capabilities =
                runs.stream()
                        .filter(run -> !run.programs().isEmpty())
                        .map(Run::capabilities)
                        .toList();
        return RunCapabilities.together(capabilities).map(together::using).orElse(together);
    }
}
