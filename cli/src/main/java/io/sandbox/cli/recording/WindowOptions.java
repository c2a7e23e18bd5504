// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.recorder.run.WindowTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The options that select running processes to record. */
public final class WindowOptions {
    private final Value<Integer> pid;
    private final Value<Path> cgroup;
    private final Value<String> unit;
    private final Value<String> container;

    public WindowOptions(Options options) {
        pid = options.named("--pid").number("PID");
        cgroup = options.named("--cgroup").file();
        unit = options.named("--unit").text("UNIT");
        container = options.named("--container").text("ID");
    }

    public boolean isGiven() {
        return count() > 0;
    }

    private long count() {
        return List.of(pid, cgroup, unit, container).stream().filter(Value::isGiven).count();
    }

    /** The name or id of the container that is meant. */
    Optional<String> container() {
        return container.optional();
    }

    Optional<String> unit() {
        return unit.optional();
    }

    /** The processes to record; empty if none of the options is given. */
    public Optional<WindowTarget> target() {
        Options.refuseIf(count() > 1, "--pid, --cgroup, --unit, --container: one of them");
        if (pid.isGiven()) {
            return Optional.of(new WindowTarget.Process(pid.get()));
        }
        if (cgroup.isGiven()) {
            return Optional.of(new WindowTarget.Cgroup(cgroup.get()));
        }
        return unit.isGiven()
                ? Optional.of(WindowTarget.ofUnit(unit.get()))
                : container.optional().map(WindowTarget::ofContainer);
    }
}
