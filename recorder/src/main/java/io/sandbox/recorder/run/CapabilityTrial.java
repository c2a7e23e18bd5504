// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares runs that lack a capability with the usual ones. A capability is spared if a run without
 * it ended in the same way and made the same calls. That is all that can be seen: what su and cron
 * lose without audit_write, a record of a login, changes neither.
 */
final class CapabilityTrial {
    /** Threads make some calls by chance, and records can be lost. */
    private static final int TRIES = 3;

    private final Recorder.Result usual;
    private final Set<String> known = new HashSet<>();

    /** What each usual run makes that shows all calls. */
    private final Set<String> always;

    private long needed;
    private long spared;
    private int undecided;

    /**
     * @param usual a run that lacks nothing
     * @param recording all calls that the target may make
     * @param results the runs of the series
     */
    CapabilityTrial(Recorder.Result usual, Recording recording, List<Recorder.Result> results) {
        this.usual = usual;
        recording.runs().forEach(run -> known.addAll(made(run)));
        always = new HashSet<>(known);
        results.stream()
                .map(Recorder.Result::run)
                .filter(run -> run.filter().equals(RunFilter.LOG_ALL) && run.isComplete())
                .filter(run -> run.state().isEmpty())
                .forEach(run -> always.retainAll(made(run)));
    }

    private static Set<String> made(Run run) {
        Set<String> made = new HashSet<>();
        for (ProgramEvidence program : run.programs()) {
            program.calls().forEach(call -> made.add(call.number() + " " + program.executable()));
        }
        return made;
    }

    void take(long capability, Recorder.Result result) {
        undecided++;
        if (!endsAsUsual(result)) {
            takeFailure(capability);
        } else if (result.run().isComplete()) {
            Set<String> made = made(result.run());
            if (known.containsAll(made) && made.containsAll(always)) {
                spared |= capability;
                undecided = 0;
            } else if (undecided == TRIES) {
                takeFailure(capability);
            }
        }
    }

    /** It could not even be run. */
    void takeFailure(long capability) {
        needed |= capability;
        undecided = 0;
    }

    /** Whether another run may decide about the capability. */
    boolean wantsMore() {
        undecided %= TRIES;
        return undecided != 0;
    }

    private boolean endsAsUsual(Recorder.Result result) {
        return result.exitStatus() == usual.exitStatus()
                && result.timeIsUp() == usual.timeIsUp()
                && result.driven().trouble().isEmpty()
                && result.failures().size() == usual.failures().size()
                && !result.outputChanged();
    }

    long needed() {
        return needed;
    }

    long spared() {
        return spared;
    }
}
