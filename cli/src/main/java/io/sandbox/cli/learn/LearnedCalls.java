// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.evidence.learned.ProgramPolicy;
import io.sandbox.recorder.run.RunSeries;
import io.sandbox.syscalldb.ObservedCall;
import java.util.List;
import java.util.Optional;

/**
 * The result of all runs, and whether it gives a list that can be trusted.
 *
 * @param doubt a doubt about the list, which there may be even if the evidence is complete
 * @param inexpressible calls that no list can hold
 */
record LearnedCalls(
        RunSeries series,
        String source,
        Optional<String> doubt,
        LearnedPolicy policy,
        List<ObservedCall> inexpressible) {
    /** {@code perExecutable}: whether each executable gets its own list. */
    static LearnedCalls of(
            RunSeries series, String source, Optional<String> doubt, boolean perExecutable) {
        LearnedPolicy policy = series.policy();
        List<ObservedCall> inexpressible =
                perExecutable ? inexpressible(series.recording()) : policy.inexpressible();
        return new LearnedCalls(series, source, doubt, policy, inexpressible);
    }

    private static List<ObservedCall> inexpressible(Recording recording) {
        return ProgramPolicy.of(recording, 0).stream()
                .flatMap(program -> program.policy().inexpressible().stream())
                .distinct()
                .toList();
    }

    Recording recording() {
        return series.recording();
    }

    /** Calls whose conditions are lost because some of the runs were recorded without --args. */
    List<ObservedCall> withoutConditions() {
        return series.withoutConditions();
    }

    boolean isTrustworthy() {
        return doubt.isEmpty() && recording().isComplete() && inexpressible.isEmpty();
    }

    /** The program's exit status in its first run. */
    int exitStatus() {
        return series.results().get(0).exitStatus();
    }
}
