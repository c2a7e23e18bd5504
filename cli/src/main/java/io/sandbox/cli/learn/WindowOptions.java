// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.recorder.run.WindowTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Options that name processes which run already. */
public final class WindowOptions {
    private final Value<Integer> pid;
    private final Value<Path> cgroup;
    private final Value<String> unit;
    private final Value<String> container;

    public WindowOptions(Options options) {
        pid =
                options.named("--pid")
                        .number(
                                "PID",
                                "Run nothing: record process PID and all that came from it, until"
                                    + " Ctrl-C, --duration, or the end of the last of them. They"
                                    + " are not touched. Takes CAP_BPF and CAP_PERFMON.");
        cgroup =
                options.named("--cgroup")
                        .file("The same, of the processes of a cgroup (version 2) at FILE.");
        unit = options.named("--unit").text("UNIT", "The same, of a unit of systemd.");
        container =
                options.named("--container-id")
                        .text("ID", "The same, of a container by its number (docker ps).");
    }

    /** Whether one of them was given. */
    public boolean isGiven() {
        return count() > 0;
    }

    private long count() {
        return List.of(pid, cgroup, unit, container).stream().filter(Value::isGiven).count();
    }

    /** Empty if none was given. */
    public Optional<WindowTarget> target() {
        if (count() > 1) {
            throw CommandFailure.ownFailure("--pid, --cgroup, --unit, --container-id: one of them");
        }
        if (pid.isGiven()) {
            return Optional.of(new WindowTarget.Process(pid.get()));
        }
        if (cgroup.isGiven()) {
            return Optional.of(new WindowTarget.Cgroup(cgroup.get()));
        }
        if (unit.isGiven()) {
            return Optional.of(WindowTarget.ofUnit(unit.get()));
        }
        return container.isGiven()
                ? Optional.of(WindowTarget.ofContainer(container.get()))
                : Optional.empty();
    }
}
