// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.syscalldb.Arch;
import java.util.Map;
import java.util.TreeMap;

/** Calls of a container runtime under the container's filter, before the program's. */
public final class RuntimeCalls {
    private RuntimeCalls() {}

    /** Those that the recording shows, or that its runtimes hide, each with the reason. */
    public static Map<String, String> additions(Recording recording, Arch arch) {
        Map<String, String> additions = new TreeMap<>();
        for (Run run : recording.runs()) {
            for (ProgramEvidence program : run.runtime()) {
                String runtime = program.executable();
                for (String call : ContainerRuntimes.unseenOf(runtime)) {
                    additions.put(
                            call,
                            ContainerRuntimes.nameOf(runtime)
                                    + " cannot let it be seen who makes it");
                }
            }
        }
        for (Run run : recording.runs()) {
            for (ProgramEvidence program : run.runtime()) {
                if (program.calls().isEmpty()) {
                    ContainerRuntimes.neededBy(program.executable())
                            .forEach(entry -> additions.putIfAbsent(entry, reason(program)));
                }
                ContainerRuntimes.neededByExec(program.executable())
                        .forEach(
                                call ->
                                        additions.putIfAbsent(
                                                call, reason(program) + " of an exec"));
            }
        }
        for (Run run : recording.runs()) {
            LearnedPolicy.of(run.runtimeCalls(), arch, LearnedConditions.ofRuntime(run))
                    .allowlist()
                    .entries()
                    .forEach(entry -> additions.putIfAbsent(entry, reason(run.runtime().get(0))));
        }
        return additions;
    }

    private static String reason(ProgramEvidence runtime) {
        return ContainerRuntimes.nameOf(runtime.executable()) + " makes it before the program";
    }
}
