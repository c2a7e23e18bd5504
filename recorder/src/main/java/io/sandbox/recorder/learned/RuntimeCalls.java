// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.learned;

import io.sandbox.enforcer.launch.process.ObservedCall;
import io.sandbox.recorder.evidence.ProgramEvidence;
import io.sandbox.recorder.evidence.Recording;
import io.sandbox.recorder.evidence.Run;
import io.sandbox.recorder.machine.ContainerRuntime;
import io.sandbox.syscalldb.Arch;
import java.util.Map;
import java.util.TreeMap;

/**
 * Calls that a container runtime makes under the container's filter before it executes the program:
 * a list of the program alone does not start a container.
 */
public final class RuntimeCalls {
    private RuntimeCalls() {}

    /** Those that the recording shows, or that its runtimes hide, each with the reason. */
    public static Map<String, String> additions(Recording recording, Arch arch) {
        Map<String, String> additions = new TreeMap<>();
        for (Run run : recording.runs()) {
            for (ProgramEvidence program : run.runtime()) {
                ContainerRuntime runtime = new ContainerRuntime(program.executable(), false);
                for (String call : runtime.unseen()) {
                    additions.put(call, runtime.name() + " cannot let it be seen who makes it");
                }
            }
        }
        for (Run run : recording.runs()) {
            for (ObservedCall call : run.runtimeCalls()) {
                call.listEntry(arch).ifPresent(name -> additions.put(name, reason(run)));
            }
        }
        return additions;
    }

    private static String reason(Run run) {
        ContainerRuntime runtime = new ContainerRuntime(run.runtime().get(0).executable(), false);
        return runtime.name() + " makes it before the program";
    }
}
