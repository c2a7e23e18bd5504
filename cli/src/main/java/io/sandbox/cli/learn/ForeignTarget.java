// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.RunPlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A target that others start, and that has a list of its own format. */
interface ForeignTarget extends AutoCloseable {
    /** Opens what records it; to be closed by the caller. */
    Recorder open(SandboxExec sandboxExec, Recorder.Listener listener);

    /** Calls that no recording of it shows and that its list needs, with the reasons. */
    Map<String, String> additions();

    /**
     * Runs the target under the list as it is printed, without recording.
     *
     * @param wanted the exit status that it has without the list
     * @return what speaks against the list
     */
    Optional<String> prove(RunPlan plan, byte[] list, int wanted);

    /** A shell command that puts the list of a file in force for the target. */
    String enforcing(Path list);

    /** Removes all that it has made for the recording. */
    @Override
    void close();
}
