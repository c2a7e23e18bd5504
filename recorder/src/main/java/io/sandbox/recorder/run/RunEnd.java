// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.outcome.Signals;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Ends a target, because the user asked for it or because its time is over. */
final class RunEnd {
    /**
     * How long a target may take to end when asked to; docker(1) gives its containers the same
     * time.
     */
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private static final long FOR_EVER_SECONDS = 365L * 24 * 60 * 60;
    private static final Duration FOR_EVER = Duration.ofSeconds(FOR_EVER_SECONDS);

    private final Waiters clock;
    private long endNanos;
    private int requests;
    private boolean timeIsUp;
    private boolean abandoned;

    /**
     * @param limit from now on; empty for no limit
     */
    RunEnd(Optional<Duration> limit, Waiters clock) {
        this.clock = clock;
        long seconds = Math.min(FOR_EVER_SECONDS, limit.orElse(FOR_EVER).toSeconds());
        endNanos = clock.nanoTime() + seconds * 1_000_000_000L;
    }

    /** The signal to send when the time is over, and again when the target ignored it. */
    OptionalInt pollTime() {
        if (clock.nanoTime() - endNanos < 0) {
            return OptionalInt.empty();
        }
        timeIsUp = true;
        endNanos = clock.nanoTime() + PATIENCE_NANOS;
        return request();
    }

    /** The signal to send for a request to end: SIGTERM first, then SIGKILL, then none. */
    OptionalInt request() {
        requests++;
        if (requests > 2) {
            abandoned = true;
            return OptionalInt.empty();
        }
        return OptionalInt.of(requests == 1 ? Signals.SIGTERM : Signals.SIGKILL);
    }

    /** The signal to send for a request of the user, who has asked with this signal. */
    OptionalInt request(int userSignal) {
        return userSignal == Signals.SIGKILL ? OptionalInt.of(userSignal) : request();
    }

    boolean timeIsUp() {
        return timeIsUp;
    }

    /** Whether all signals were sent and the target still runs, so that we stop waiting for it. */
    boolean abandoned() {
        return abandoned;
    }
}
