// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.evidence.Required;
import io.sandbox.syscalldb.Origin;
import java.time.Instant;
import java.util.Optional;

/**
 * What all runs showed of one call by one executable.
 *
 * @param executable its path; empty if the source did not tell it
 * @param count how often the executable made the call
 * @param first when it was first made, by the machine's clock
 * @param firstMillis when it was first made, in ms after the start of that run
 * @param origin where in the program it was first made, if known
 * @param host on which machine, if the evidence is of several
 */
public record Seen(
        String executable,
        long count,
        Instant first,
        long firstMillis,
        Optional<Origin> origin,
        Optional<String> host) {
    public Seen(
            String executable,
            long count,
            Instant first,
            long firstMillis,
            Optional<Origin> origin) {
        this(executable, count, first, firstMillis, origin, Optional.empty());
    }

    public Seen {
        Required.all(executable, first, origin, host);
    }

    Seen on(String name) {
        return new Seen(executable, count, first, firstMillis, origin, Optional.of(name));
    }

    /** The sum of two records of the same executable. */
    Seen plus(Seen other) {
        Seen earlier = other.first.isBefore(first) ? other : this;
        Seen later = earlier == this ? other : this;
        return new Seen(
                executable,
                count + other.count,
                earlier.first,
                earlier.firstMillis,
                earlier.origin.or(later::origin),
                host);
    }
}
