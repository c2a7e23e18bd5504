// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.evidence.Required;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a check has found, with everything that a report needs.
 *
 * @param policyFile as the user named it
 * @param tool the version of this program
 * @param tolerance which evidence counts although it may be incomplete
 * @param updateCommand the command that would add the drift to the policy; empty if none can, or if
 *     the evidence does not suffice
 * @param warnings what the evidence cannot show, one sentence each; tolerated gaps are added
 * @param readiness what logs show of the time; empty if that was not asked for
 * @param gate how many known exploits the policy must stop; empty if that was not asked for
 * @param words what is said of a doubt: its sentence, and what the command can do about it
 */
public record CheckResult(
        String policyFile,
        String tool,
        Drift drift,
        FailOn failOn,
        Tolerance tolerance,
        Optional<String> updateCommand,
        List<String> warnings,
        Optional<Readiness> readiness,
        Optional<Gate> gate,
        Function<Doubt, String> words) {
    /** How a check ends. */
    public enum Outcome {
        /** The check found nothing to fail on. */
        SAME,
        /** The check found something to fail on, in evidence that suffices. */
        DRIFT,
        /** The evidence does not suffice. */
        UNCHECKED
    }

    public CheckResult {
        Required.all(
                policyFile, tool, drift, failOn, tolerance, updateCommand, readiness, gate, words);
        if (readiness.isEmpty() && !Doubts.about(drift, tolerance).isEmpty()) {
            updateCommand = Optional.empty();
        }
        warnings = Doubts.withTolerated(warnings, drift, tolerance);
    }

    /**
     * If the evidence does not suffice, the outcome is UNCHECKED even if it shows drift: there may
     * be more. But if the question is whether the policy is ready, drift answers it.
     */
    public Outcome outcome() {
        if (readiness.isPresent() && failOn.concerns(drift)) {
            return Outcome.DRIFT;
        }
        if (!reasonsForDoubt().isEmpty()) {
            return Outcome.UNCHECKED;
        }
        return failOn.concerns(drift) || gate.stream().anyMatch(asked -> !asked.isMet())
                ? Outcome.DRIFT
                : Outcome.SAME;
    }

    /** Why the evidence does not suffice, one sentence each; none if it does. */
    public List<String> reasonsForDoubt() {
        List<Doubt> doubts =
                readiness
                        .map(asked -> Doubts.ofReadiness(asked, drift))
                        .orElseGet(() -> Doubts.about(drift, tolerance));
        return doubts.stream().map(words).toList();
    }
}
