// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.recorder.machine.Systemd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The processes to record in a window: they run already when the recording begins. */
public sealed interface WindowTarget {
    /** Where cgroups of version 2 are mounted, if version 1 is there too, and if it is not. */
    List<Path> CGROUPS = List.of(Path.of("/sys/fs/cgroup/unified"), Path.of("/sys/fs/cgroup"));

    /** A shorter id may match several containers. */
    int SHORTEST_CONTAINER_ID = 12;

    void attach(CallTrace trace);

    /** A process and its descendants. */
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

    /** The processes of a cgroup, also those that join it later. */
    record Cgroup(Path folder) implements WindowTarget {
        @Override
        public void attach(CallTrace trace) {
            trace.attachCgroup(folder.toString());
        }
    }

    /** The processes of a systemd unit. */
    static WindowTarget ofUnit(String unit) {
        String group = queryControlGroup(unit);
        for (Path root : CGROUPS) {
            Path folder = Path.of(root + group);
            if (!group.isEmpty() && Files.exists(folder.resolve("cgroup.controllers"))) {
                return new Cgroup(folder);
            }
        }
        throw CommandFailure.ownFailure(
                "--unit: " + unit + ": has no cgroup of version 2 (is the unit running?)");
    }

    private static String queryControlGroup(String unit) {
        return String.join(
                "",
                Systemd.lines(
                        "systemctl", "show", "--property=ControlGroup", "--value", "--", unit));
    }

    /** Whether a word has the form of the id of a container, at least of its first digits. */
    static boolean isContainerId(String word) {
        return word.matches("[0-9a-f]{" + SHORTEST_CONTAINER_ID + ",}");
    }

    /** The processes of a container, found by its id in the name of a cgroup. */
    static WindowTarget ofContainer(String id) {
        if (!isContainerId(id)) {
            throw CommandFailure.ownFailure(
                    "--container: "
                            + id
                            + ": not a container's id (give at least the first "
                            + SHORTEST_CONTAINER_ID
                            + " digits, from docker ps, podman ps or crictl ps)");
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
                                                    "--container: " + id + ": has no cgroup"));
                } catch (IOException e) {
                    throw CommandFailure.ownFailure(root + ": " + FileFailure.reason(e));
                }
            }
        }
        throw CommandFailure.ownFailure("--container: this machine has no cgroups of version 2");
    }
}
