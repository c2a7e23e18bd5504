// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunCapabilities;
import io.sandbox.evidence.RunCapabilities.Use;
import io.sandbox.syscalldb.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The capabilities that a program is to keep. "Granted" is not "needed": a check that was passed
 * may be one of which the failure would have done no harm.
 *
 * @param unrecorded why nothing is known; empty if the rest is
 * @param kept what the program is to have; a bit for each
 * @param quiet what it had besides, where the kernel does not fail without: a result may differ
 * @param lacking what it asked for, but the recording had not to give
 */
public record LearnedCapabilities(
        Optional<String> unrecorded, long kept, long quiet, long lacking) {
    /** Who mounts nothing acts under no credentials of an own mount. */
    private static final Set<String> MOUNTS = Set.of("mount", "move_mount", "fsmount");

    /** Empty if no run tells of them, because of its source. */
    public static Optional<LearnedCapabilities> of(Recording recording) {
        List<RunCapabilities> known = new ArrayList<>();
        recording.runs().forEach(run -> run.capabilities().ifPresent(known::add));
        if (known.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> unrecorded =
                known.stream().flatMap(each -> each.unrecorded().stream()).findFirst();
        if (known.size() < recording.runs().size()) {
            unrecorded = Optional.of("not every run recorded them");
        }
        if (unrecorded.isPresent()) {
            return Optional.of(new LearnedCapabilities(unrecorded, 0, 0, 0));
        }
        long kept = union(known, Use.GRANTED) | union(known, Use.CAPSET) | union(known, Use.FILE);
        if (recording.runs().stream().anyMatch(LearnedCapabilities::mounts)) {
            kept |= union(known, Use.BORROWED);
        }
        return Optional.of(
                new LearnedCapabilities(
                        Optional.empty(),
                        kept,
                        union(known, Use.QUIET) & ~kept,
                        union(known, Use.LACKING)));
    }

    private static boolean mounts(Run run) {
        return run.calls().stream().anyMatch(call -> MOUNTS.contains(call.displayName()));
    }

    private static long union(List<RunCapabilities> runs, Use use) {
        long set = 0;
        for (RunCapabilities run : runs) {
            for (RunCapabilities.OfProgram program : run.programs()) {
                set |= program.set(use);
            }
        }
        return set;
    }

    /** What a user should know of them, in one line. */
    public String sentence() {
        if (unrecorded.isPresent()) {
            return "capabilities: not recorded (" + unrecorded.get() + ")";
        }
        return "capabilities: "
                + words(kept)
                + (quiet == 0 ? "" : "; asked for, but not to fail without: " + words(quiet))
                + (lacking == 0 ? "" : "; asked for, but not there to give: " + words(lacking));
    }

    private static String words(long set) {
        return set == 0 ? "none" : String.join(" ", Capability.names(set));
    }
}
