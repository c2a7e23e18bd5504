// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.outcome.CommandFailure;
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
        this(options, Optional.empty());
    }

    /**
     * @param given the option for the id of a container, if it is declared already; its value is
     *     empty if it has another meaning
     */
    WindowOptions(Options options, Optional<Value<String>> given) {
        pid =
                options.named("--pid")
                        .number(
                                "PID",
                                "Run no program, but record process PID and its descendants, which"
                                    + " are not disturbed. The recording ends by Ctrl-C, after"
                                    + " --duration, or when no process is left. Needs CAP_BPF and"
                                    + " CAP_PERFMON.");
        cgroup =
                options.named("--cgroup")
                        .file("Like --pid, for the processes of the cgroup (version 2) at FILE.");
        unit = options.named("--unit").text("UNIT", "Like --pid, for a systemd unit.");
        container =
                given.orElseGet(
                        () ->
                                options.named("--container")
                                        .text(
                                                "ID",
                                                "Like --pid, for a container by its id or name"
                                                        + " (docker ps)."));
    }

    /** Whether at least one of the options is given. */
    public boolean isGiven() {
        return count() > 0;
    }

    private long count() {
        long others = List.of(pid, cgroup, unit).stream().filter(Value::isGiven).count();
        return others + (isContainer() ? 1 : 0);
    }

    private boolean isContainer() {
        return container.isGiven() && !container.get().isEmpty();
    }

    /** The processes to record; empty if none of the options is given. */
    public Optional<WindowTarget> target() {
        if (count() > 1) {
            throw CommandFailure.ownFailure("--pid, --cgroup, --unit, --container: one of them");
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
        return isContainer()
                ? Optional.of(WindowTarget.ofContainer(container.get()))
                : Optional.empty();
    }
}
