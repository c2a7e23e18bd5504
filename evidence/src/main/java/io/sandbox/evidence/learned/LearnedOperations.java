// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunCapabilities;
import io.sandbox.evidence.RunOperations;
import io.sandbox.evidence.RunOperations.Way;
import java.util.List;
import java.util.Optional;

/**
 * The operations of io_uring that a program needs.
 *
 * @param unrecorded why not all are known; empty if they are
 * @param used what the runs showed
 */
public record LearnedOperations(Optional<String> unrecorded, RunOperations used) {
    /** Empty if no run used io_uring. */
    public static Optional<LearnedOperations> of(Recording recording) {
        List<Run> using = recording.runs().stream().filter(LearnedOperations::uses).toList();
        if (using.isEmpty()) {
            return Optional.empty();
        }
        RunOperations used =
                RunOperations.together(using.stream().map(Run::operations).toList())
                        .orElse(RunOperations.unrecorded("this source does not see them"));
        boolean silent =
                using.stream()
                        .anyMatch(run -> !run.filter().enforced() && run.operations().isEmpty());
        Optional<String> unrecorded = used.unrecorded();
        if (silent && unrecorded.isEmpty()) {
            unrecorded = Optional.of(RunCapabilities.UNRECORDED_BY_SOME);
        }
        return Optional.of(new LearnedOperations(unrecorded, used));
    }

    private static boolean uses(Run run) {
        return run.operations().isPresent() || RunOperations.areIn(run.calls());
    }

    /** What a user should know of them, in one line. */
    public String sentence() {
        if (unrecorded.isPresent()) {
            return "the program uses io_uring, whose operations are neither filtered nor listed ("
                    + unrecorded.get()
                    + ")";
        }
        return "operations of io_uring, which no filter of calls sees: "
                + (used.names(Way.SUBMITTED).isEmpty() ? "none" : words(Way.SUBMITTED))
                + more("registered", Way.REGISTERED)
                + more("for whoever has a ring of this program, by SQPOLL", Way.POLLED)
                + more("through rings that others made", Way.SHARED);
    }

    private String more(String label, Way way) {
        return used.names(way).isEmpty() ? "" : "; " + label + ": " + words(way);
    }

    private String words(Way way) {
        return String.join(" ", used.names(way));
    }
}
