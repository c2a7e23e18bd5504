// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Processes that run already and are to be recorded. */
public sealed interface WindowTarget {
    /** Where the cgroups of version 2 are, alone or beside those of version 1. */
    List<Path> CGROUPS = List.of(Path.of("/sys/fs/cgroup/unified"), Path.of("/sys/fs/cgroup"));

    /** Shorter than that, it may be the number of several. */
    int SHORTEST_CONTAINER_ID = 12;

    void attach(CallTrace trace);

    /** A process, and all that came from it. */
    record Process(int pid) implements WindowTarget {
        public Process {
            if (pid < 1 || !Files.exists(Path.of("/proc/" + pid))) {
                throw CommandFailure.ownFailure("--pid: " + pid + ": no such process");
            }
        }

        @Override
        public void attach(CallTrace trace) {
            trace.attachProcess(pid);
        }
    }

    /** The processes of a cgroup, and those that get into it. */
    record Cgroup(Path folder) implements WindowTarget {
        @Override
        public void attach(CallTrace trace) {
            trace.attachCgroup(folder.toString());
        }
    }

    /** Those of a unit of systemd. */
    static WindowTarget ofUnit(String unit) {
        String group = queryControlGroup(unit);
        for (Path root : CGROUPS) {
            Path folder = Path.of(root + group);
            if (!group.isEmpty() && Files.exists(folder.resolve("cgroup.controllers"))) {
                return new Cgroup(folder);
            }
        }
        throw CommandFailure.ownFailure(
                "--unit: " + unit + ": has no control group (is it running?)");
    }

    private static String queryControlGroup(String unit) {
        List<String> command =
                List.of("systemctl", "show", "--property=ControlGroup", "--value", "--", unit);
        try {
            java.lang.Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return new String(process.getInputStream().readAllBytes()).strip();
        } catch (IOException e) {
            throw CommandFailure.ownFailure("--unit: systemctl: " + e.getMessage());
        }
    }

    /** Those of a container: its runtime has put its number into the name of a cgroup. */
    static WindowTarget ofContainer(String id) {
        if (!id.matches("[0-9a-f]{" + SHORTEST_CONTAINER_ID + ",}")) {
            throw CommandFailure.ownFailure(
                    "--container-id: "
                            + id
                            + ": takes the number of a container, at least its first "
                            + SHORTEST_CONTAINER_ID
                            + " digits (docker ps, podman ps, crictl ps)");
        }
        for (Path root : CGROUPS) {
            if (Files.exists(root.resolve("cgroup.controllers"))) {
                try (Stream<Path> folders = Files.walk(root)) {
                    return folders.filter(folder -> folder.getFileName().toString().contains(id))
                            .findFirst()
                            .map(Cgroup::new)
                            .orElseThrow(
                                    () ->
                                            CommandFailure.ownFailure(
                                                    "--container-id: " + id + ": has no cgroup"));
                } catch (IOException e) {
                    throw CommandFailure.ownFailure(root + ": " + FileFailure.reason(e));
                }
            }
        }
        throw CommandFailure.ownFailure("--container-id: there are no cgroups of version 2 here");
    }
}
