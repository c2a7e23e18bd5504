// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.SandboxExec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is done with a server in each of its runs. It lasts for a series of runs.
 *
 * @param ready when it is ready; empty if it is at once
 * @param within how long it may take until it is ready
 * @param exercise a command for the shell, which has the server do its work
 * @param reload the signal that it gets after the exercise, which is then repeated
 * @param most how long an exercise may take, of a server that may never answer; empty for no limit
 * @param idle how long it then has nothing to do, before the exercise is repeated once more
 * @param busy how long it is exercised again and again, so that what comes meanwhile finds it busy
 * @param stop the signal that ends it, or {@link #STOPPED_BY_OTHERS}
 * @param copy of the file systems, in which it is and where it is exercised
 */
public record Drive(
        Optional<Readiness> ready,
        Duration within,
        Optional<String> exercise,
        OptionalInt reload,
        Optional<Duration> most,
        Duration idle,
        Duration busy,
        int stop,
        Optional<SandboxExec.FileCopy> copy) {
    /** Those who start it end it, and need no signal for that. */
    public static final int STOPPED_BY_OTHERS = 0;

    /**
     * How the program is driven in a state, where the exercise may fail and is not shown.
     *
     * @param start how long it may take there until it is ready
     * @param time how long it then has nothing to do
     * @param work how long it is exercised again and again
     */
    Drive in(Duration start, Duration time, Duration work, Optional<SandboxExec.FileCopy> place) {
        Duration shorter = within.compareTo(start) < 0 ? within : start;
        Optional<String> silent = exercise.map("exec >/dev/null 2>&1\n"::concat);
        return new Drive(ready, shorter, silent, reload, most, time, work, stop, place);
    }

    Drive exercisedFor(Duration time) {
        return new Drive(
                ready, within, exercise, reload, Optional.of(time), idle, busy, stop, copy);
    }

    /** What a path begins with to lead into the copy. */
    String root() {
        return copy.map(SandboxExec.FileCopy::root).orElse("");
    }

    /** The words that have the command after them run in the copy, in the folder where we are. */
    List<String> joining() {
        return copy.map(
                        place ->
                                List.of(
                                        "nsenter",
                                        "--mount=" + place.mounts(),
                                        "--ipc=" + place.ipc(),
                                        "env",
                                        "--chdir=" + System.getProperty("user.dir")))
                .orElse(List.of());
    }

    /** Whether it is found ready by a file, which it may have in a copy of the file systems. */
    boolean needsFile() {
        return ready.filter(Readiness::isOfFile).isPresent();
    }
}
