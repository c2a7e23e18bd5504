// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.Signals;
import io.sandbox.enforcer.launch.Waiters;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** How the end of a target is brought about, by the user or because its time is over. */
final class RunEnd {
    /** What a target that was asked to end has left to do so, as docker(1) gives its containers. */
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

    /** The signal to send because the time is over, or because one sent for that did not help. */
    OptionalInt pollTime() {
        if (clock.nanoTime() - endNanos < 0) {
            return OptionalInt.empty();
        }
        timeIsUp = true;
        endNanos = clock.nanoTime() + PATIENCE_NANOS;
        return request();
    }

    /** The signal to send for a request to end; each request is more pressing than the last. */
    OptionalInt request() {
        requests++;
        if (requests > 2) {
            abandoned = true;
            return OptionalInt.empty();
        }
        return OptionalInt.of(requests == 1 ? Signals.SIGTERM : Signals.SIGKILL);
    }

    boolean timeIsUp() {
        return timeIsUp;
    }

    /** Whether nothing helped, and the target is left to itself. */
    boolean abandoned() {
        return abandoned;
    }
}
