// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.drift;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a check has found, and all that a report says about it.
 *
 * @param policyFile as the user named it
 * @param tool the version of this program
 * @param tolerance which evidence counts although it may not show all
 * @param updateCommand words that would take the drift into the policy; empty if nothing can be
 *     taken in that way, or the evidence does not suffice for it
 * @param warnings what the evidence cannot show, a sentence each; gaps that are tolerated are added
 */
public record CheckResult(
        String policyFile,
        String tool,
        Drift drift,
        FailOn failOn,
        Tolerance tolerance,
        Optional<String> updateCommand,
        List<String> warnings) {
    /** What a check ends with. */
    public enum Outcome {
        /** Nothing to fail on. */
        SAME,
        /** Something to fail on, by evidence that can be trusted. */
        DRIFT,
        /** The evidence does not suffice to say that nothing is different. */
        UNCHECKED
    }

    public CheckResult {
        Objects.requireNonNull(policyFile, "policyFile");
        Objects.requireNonNull(tool, "tool");
        Objects.requireNonNull(drift, "drift");
        Objects.requireNonNull(failOn, "failOn");
        Objects.requireNonNull(tolerance, "tolerance");
        Objects.requireNonNull(updateCommand, "updateCommand");
        if (!Doubts.about(drift, tolerance).isEmpty()) {
            updateCommand = Optional.empty();
        }
        warnings = Doubts.withTolerated(warnings, drift, tolerance);
    }

    /** Evidence that does not suffice is never the same, and drift in it may be only a part. */
    public Outcome outcome() {
        if (!reasonsForDoubt().isEmpty()) {
            return Outcome.UNCHECKED;
        }
        return failOn.concerns(drift) ? Outcome.DRIFT : Outcome.SAME;
    }

    /** Why the evidence does not suffice, a sentence each; none if it does. */
    public List<String> reasonsForDoubt() {
        return Doubts.about(drift, tolerance);
    }
}
