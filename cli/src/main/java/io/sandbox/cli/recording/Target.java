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
import java.util.Set;
import java.util.function.Supplier;

/** What is recorded: a program that we start, or one that others start for us. */
public interface Target extends AutoCloseable {
    /** Opens what records it; to be closed by the caller. */
    Recorder open(SandboxExec sandboxExec, Recorder.Observer observer);

    /** Calls that no recording of it shows and that its list needs, with the reasons. */
    default Map<String, String> additions() {
        return Map.of();
    }

    /**
     * Its list with settings that only this target can have.
     *
     * @param policy the same list
     */
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
     */
    Optional<String> enforcing(Optional<Path> list);

    /** The default profiles of containers of which its list may replace one. */
    default List<DefaultProfile> replaced() {
        return List.of(DefaultProfile.values());
    }

    /** The container runtimes that were recorded by mistake; empty where they are left out. */
    default Set<String> runtimesAmong(Recording recording) {
        return Set.of();
    }

    /** What a script of a shell starts; empty for others. */
    default List<String> behindScript(Recording recording) {
        return List.of();
    }

    /** Removes all that it has made for the recording. */
    @Override
    default void close() {}
}
