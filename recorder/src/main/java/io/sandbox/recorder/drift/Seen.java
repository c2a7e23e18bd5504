// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.drift;

import io.sandbox.enforcer.launch.process.Origin;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A call as one executable made it, in all runs.
 *
 * @param executable its path; empty where the source did not tell
 * @param count how often
 * @param first when first, by the clock of the machine
 * @param firstMillis the same, in ms after the start of that run
 * @param origin where in the program the first one was made, if that is known
 */
public record Seen(
        String executable, long count, Instant first, long firstMillis, Optional<Origin> origin) {
    public Seen {
        Objects.requireNonNull(executable, "executable");
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(origin, "origin");
    }

    /** Both together, of the same executable. */
    Seen plus(Seen other) {
        Seen earlier = other.first.isBefore(first) ? other : this;
        Seen later = earlier == this ? other : this;
        return new Seen(
                executable,
                count + other.count,
                earlier.first,
                earlier.firstMillis,
                earlier.origin.or(later::origin));
    }
}
