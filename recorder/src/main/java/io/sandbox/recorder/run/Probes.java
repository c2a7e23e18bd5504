// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.audit.SeccompRecord;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Calls that nobody else makes. Records arrive in the order in which the kernel queued them, so
 * when the record of such a call arrives, all earlier ones have arrived.
 */
final class Probes {
    /** The time limit while records of other programs arrive without a pause. */
    private static final long FLOOD_PATIENCE_NANOS = 60_000_000_000L;

    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final LogChannel channel;
    private final Set<Integer> numbers = new HashSet<>();
    private boolean seen;
    private long lastArrivalNanos;

    Probes(LogChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes a call and waits for its record. The record may be dropped on the way, so another call
     * is made every second.
     *
     * @param pumpUntil takes in events and records, which it shows to {@link #take}
     */
    boolean arrive(Consumer<BooleanSupplier> pumpUntil) {
        numbers.clear();
        seen = false;
        long begin = now();
        lastArrivalNanos = begin;
        while (!seen
                && lastArrivalNanos + channel.source().patienceNanos() > now()
                && begin + FLOOD_PATIENCE_NANOS > now()) {
            int number = ProbeNumber.next();
            numbers.add(number);
            channel.sandboxExec().canary(number);
            long next = now() + INTERVAL_NANOS;
            pumpUntil.accept(() -> seen || next < now());
        }
        return seen;
    }

    /** Whether a record, which has just arrived, is that of a probe. */
    boolean take(SeccompRecord record) {
        lastArrivalNanos = now();
        boolean ours = numbers.contains(record.syscall());
        seen |= ours;
        return ours;
    }

    private long now() {
        return channel.waiters().nanoTime();
    }
}
