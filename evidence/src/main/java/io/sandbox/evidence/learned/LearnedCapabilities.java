// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunCapabilities;
import io.sandbox.evidence.RunCapabilities.Use;
import io.sandbox.syscalldb.Capability;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The capabilities that a program is to keep. "Granted" is not "needed": a check that was passed
 * may be one of which the failure would have done no harm.
 *
 * @param unrecorded why nothing is known; empty if the rest is
 * @param kept what the program is to have; a bit for each
 * @param byFiles what is kept of it because files give it
 * @param quiet what it had besides, where the kernel does not fail without: a result may differ
 * @param lacking what it asked for, but the recording had not to give
 * @param needed what is kept of it because a run without it went in another way
 * @param spared what is kept of it although a run without it alone went as usual
 */
public record LearnedCapabilities(
        Optional<String> unrecorded,
        long kept,
        long byFiles,
        long quiet,
        long lacking,
        long needed,
        long spared) {
    private static final String SPARED =
            "exit status and calls were the same without each of these alone";

    /** Who mounts nothing acts under no credentials of an own mount. */
    private static final Set<String> MOUNTS = Set.of("mount", "move_mount", "fsmount");

    /** Empty if no run tells of them. A run under a list only shows that the list works. */
    public static Optional<LearnedCapabilities> of(Recording recording) {
        List<Run> telling =
                recording.runs().stream()
                        .filter(run -> !run.filter().enforced() || run.capabilities().isPresent())
                        .toList();
        boolean mounts = recording.runs().stream().anyMatch(LearnedCapabilities::mounts);
        return RunCapabilities.together(telling.stream().map(Run::capabilities).toList())
                .map(used -> of(used, mounts));
    }

    private static LearnedCapabilities of(RunCapabilities used, boolean mounts) {
        if (used.unrecorded().isPresent()) {
            return new LearnedCapabilities(used.unrecorded(), 0, -1, 0, 0, 0, 0);
        }
        long kept =
                used.set(Use.GRANTED)
                        | used.set(Use.CAPSET)
                        | used.set(Use.FILE)
                        | (mounts ? used.set(Use.BORROWED) : 0);
        return new LearnedCapabilities(
                Optional.empty(),
                kept,
                used.set(Use.FILE),
                used.set(Use.QUIET) & ~kept,
                used.set(Use.LACKING),
                kept & used.needed(),
                kept & used.spared());
    }

    private static boolean mounts(Run run) {
        return run.calls().stream().anyMatch(call -> MOUNTS.contains(call.displayName()));
    }

    /** As the lines of a list say it. */
    public Optional<String> comment() {
        if (spared == 0) {
            return Optional.empty();
        }
        String names = String.join(" ", Capability.unitNames(spared));
        return Optional.of("granted, not needed (" + SPARED + "): " + names);
    }

    /** What a user should know of them, in one line. */
    public String sentence() {
        if (unrecorded.isPresent()) {
            return "capabilities: not recorded (" + unrecorded.get() + ")";
        }
        return "capabilities: "
                + words(kept)
                + (needed == 0 ? "" : "; needed in these runs: " + words(needed))
                + (spared == 0 ? "" : "; granted, not needed (" + SPARED + "): " + words(spared))
                + (quiet == 0 ? "" : "; asked for, but not to fail without: " + words(quiet))
                + (lacking == 0 ? "" : "; asked for, but not there to give: " + words(lacking));
    }

    private static String words(long set) {
        return set == 0 ? "none" : String.join(" ", Capability.names(set));
    }
}
