// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.recorder.machine.RunningContainer;
import io.sandbox.recorder.machine.Systemd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processes to record in a window: they run already when the recording begins. */
public sealed interface WindowTarget {
    /** Where cgroups of version 2 are mounted, if version 1 is there too, and if it is not. */
    List<Path> CGROUPS = List.of(Path.of("/sys/fs/cgroup/unified"), Path.of("/sys/fs/cgroup"));

    void attach(CallTrace trace);

    /** A process and its descendants. */
    record Process(int pid) implements WindowTarget {
        public Process {
            if (pid < 1 || !Files.exists(Path.of("/proc/" + pid))) {
                throw CommandFailure.ownFailure("process " + pid + ": no such process");
            }
        }

        @Override
        public void attach(CallTrace trace) {
            trace.attachProcess(pid);
        }
    }

    /** The processes of a cgroup, also those that join it later. */
    record Cgroup(Path folder) implements WindowTarget {
        @Override
        public void attach(CallTrace trace) {
            trace.attachCgroup(folder.toString());
        }
    }

    static WindowTarget ofUnit(String unit) {
        String property = "--property=ControlGroup";
        List<String> question =
                Systemd.SYSTEM.command("systemctl", "show", property, "--value", "--", unit);
        String group = String.join("", Systemd.lines(question));
        for (Path root : CGROUPS) {
            Path folder = Path.of(root + group);
            if (!group.isEmpty() && Files.exists(folder.resolve("cgroup.controllers"))) {
                return new Cgroup(folder);
            }
        }
        throw CommandFailure.ownFailure(
                "unit " + unit + ": has no cgroup of version 2 (is the unit running?)");
    }

    /** The processes of a container, which its runtime knows by this name or id. */
    static WindowTarget ofContainer(String word) {
        for (Path root : CGROUPS) {
            if (Files.exists(root.resolve("cgroup.controllers"))) {
                return new Cgroup(RunningContainer.cgroup(word, root));
            }
        }
        throw CommandFailure.ownFailure("containers: this machine has no cgroups of version 2");
    }
}
