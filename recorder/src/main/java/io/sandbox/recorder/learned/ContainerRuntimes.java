// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.learned;

import io.sandbox.recorder.evidence.ProgramEvidence;
import io.sandbox.recorder.evidence.Recording;
import io.sandbox.recorder.evidence.Run;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Programs that run others in a container. A list learned from them is not the list of the program
 * inside.
 */
public final class ContainerRuntimes {
    private static final Set<String> NAMES =
            Set.of(
                    "apptainer",
                    "buildah",
                    "bwrap",
                    "conmon",
                    "containerd",
                    "containerd-shim",
                    "containerd-shim-runc-v2",
                    "crun",
                    "docker",
                    "dockerd",
                    "lxc-start",
                    "nerdctl",
                    "podman",
                    "runc",
                    "runsc",
                    "singularity",
                    "systemd-nspawn",
                    "youki");

    private ContainerRuntimes() {}

    /** The names of the runtimes that ran, sorted. */
    public static Set<String> in(Recording recording) {
        Set<String> found = new TreeSet<>();
        for (Run run : recording.runs()) {
            for (ProgramEvidence program : run.programs()) {
                found.add(nameOf(program.executable()));
            }
            // A runtime may execute a copy of itself that has another name.
            List<String> command = run.command();
            command.stream().limit(1).forEach(word -> found.add(nameOf(word)));
        }
        found.retainAll(NAMES);
        return found;
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
