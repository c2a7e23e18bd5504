// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.Recording;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.worth.DefaultProfile;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.RunPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What is recorded: a program that we start, or one that others start for us. */
public interface Target extends AutoCloseable {
    /** Opens what records it; to be closed by the caller. */
    Recorder open(SandboxExec sandboxExec, Recorder.Observer observer);

    /** Calls that no recording of it shows and that its list needs, with the reasons. */
    default Map<String, String> additions() {
        return Map.of();
    }

    /** Its list with settings that only this target can have. {@code policy}: the same list. */
    default byte[] completed(byte[] list, Recording recording, Supplier<PolicyDocument> policy) {
        return list;
    }

    /**
     * Runs the target under the list as it is printed, without recording.
     *
     * @param runs those before, of which some were made without the list
     * @return what speaks against the list
     */
    default Optional<String> prove(RunPlan plan, byte[] list, List<Recorder.Result> runs) {
        return Optional.empty();
    }

    /** Says what the target is worth under the list. */
    default void sayWorth(byte[] list) {}

    /**
     * What to type to put the list in force.
     *
     * @param list its file; empty if it was printed
     * @param capabilities the option for a program that we start, with a blank behind it, or empty
     */
    Optional<String> enforcing(Optional<Path> list, String capabilities);

    /** The default profiles of containers of which its list may replace one. */
    default List<DefaultProfile> replaced() {
        return List.of(DefaultProfile.values());
    }

    /** What is to be said as soon as one run shows that its list has more than it should. */
    default List<String> remarks(Recording firstRun) {
        return List.of();
    }

    /** Removes all that it has made for the recording. */
    @Override
    default void close() {}
}
