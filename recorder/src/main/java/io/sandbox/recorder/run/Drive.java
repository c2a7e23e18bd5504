// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is done with a server in each of its runs. It lasts for a series of runs.
 *
 * @param ready when it is ready; empty if it is at once
 * @param within how long it may take until it is ready
 * @param exercise a command for the shell, which has the server do its work
 * @param reload the signal that it gets after the exercise, which is then repeated
 * @param idle how long it then has nothing to do, before the exercise is repeated once more
 * @param stop the signal that ends it, or {@link #STOPPED_BY_OTHERS}
 */
public record Drive(
        Optional<Readiness> ready,
        Duration within,
        Optional<String> exercise,
        OptionalInt reload,
        Duration idle,
        int stop) {
    /** Those who start it end it, and need no signal for that. */
    public static final int STOPPED_BY_OTHERS = 0;

    /** The same, but it may take no longer until it is ready. */
    Drive within(Duration most) {
        Duration shorter = within.compareTo(most) < 0 ? within : most;
        return new Drive(ready, shorter, exercise, reload, idle, stop);
    }

    Drive idling(Duration time) {
        return new Drive(ready, within, exercise, reload, time, stop);
    }

    /** Whether it is found ready by a file, which it may have in a copy of the file systems. */
    boolean needsFile() {
        return ready.filter(Readiness::isOfFile).isPresent();
    }
}
