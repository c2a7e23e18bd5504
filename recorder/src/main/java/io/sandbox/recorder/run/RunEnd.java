// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.outcome.Signals;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Ends a target: the user asked, its time is over, or its driver has done its work. */
final class RunEnd {
    /** How long a target may take to end; docker(1) gives its containers the same. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    /** How long a server may take to end in order. */
    private static final long ORDERLY_NANOS = 3 * PATIENCE_NANOS;

    /** A driver's signal should come at once. */
    private static final int DRIVEN_TICK_MILLIS = 20;

    private static final long FOR_EVER_SECONDS = 365L * 24 * 60 * 60;
    private static final Duration FOR_EVER = Duration.ofSeconds(FOR_EVER_SECONDS);

    private final Waiters clock;

    /** Null if nothing drives the target. */
    private final Driver driver;

    private final Supplier<Stream<Integer>> processes;

    private long endNanos;
    private int requests;
    private boolean stopping;
    private boolean timeIsUp;
    private boolean abandoned;

    /** The signals that the program could handle when it was to end, by executable. */
    private Map<String, Long> handled = Map.of();

    /** For a target that nothing drives. {@code limit}: from now on; empty for no limit. */
    RunEnd(Optional<Duration> limit, Waiters clock) {
        this(limit, clock, null, Stream::of);
    }

    /** For the target of a plan, which others start. */
    RunEnd(RunPlan plan, Waiters clock) {
        this(plan, clock, Stream::of);
    }

    /** For the target of a plan, which is about to start; {@code processes} tells who lives. */
    RunEnd(RunPlan plan, Waiters clock, Supplier<Stream<Integer>> processes) {
        this(
                plan.limit(),
                clock,
                plan.drive().map(each -> new Driver(each, plan)).orElse(null),
                processes);
    }

    private RunEnd(
            Optional<Duration> limit,
            Waiters clock,
            Driver driver,
            Supplier<Stream<Integer>> processes) {
        this.processes = processes;
        this.clock = clock;
        this.driver = driver;
        long seconds = Math.min(FOR_EVER_SECONDS, limit.orElse(FOR_EVER).toSeconds());
        endNanos = clock.nanoTime() + seconds * 1_000_000_000L;
    }

    /** How long to wait for events before this object is asked again. */
    int tickMillis(int usual) {
        return driver == null ? usual : DRIVEN_TICK_MILLIS;
    }

    /** The signal that the program itself gets from its driver now. */
    OptionalInt pollDriver(Recorder.Observer observer) {
        if (driver == null || requests > 0) {
            return OptionalInt.empty();
        }
        OptionalInt signal = driver.poll();
        observer.driven(driver.stage());
        if (signal.isPresent() && driver.stage() == Driver.Stage.STOPPING) {
            endNanos = clock.nanoTime() + ORDERLY_NANOS;
            stopping = true;
            handled = HandledSignals.query(processes.get());
        }
        return signal;
    }

    /** Whether the driver wants the target to end. */
    boolean isStopping() {
        return stopping;
    }

    /** How the driver's work went. To be asked once, when the run is over. */
    Driven finish() {
        Driven driven = driver == null ? Driven.NOT : driver.finish();
        return new Driven(driven.stop(), driven.trouble(), handled);
    }

    /** The signal to send when the time is over, and again when the target ignored it. */
    OptionalInt pollTime() {
        if (clock.nanoTime() - endNanos < 0) {
            return OptionalInt.empty();
        }
        handled = timeIsUp ? handled : HandledSignals.query(processes.get());
        timeIsUp = true;
        if (stopping) {
            driver.programStays();
        }
        endNanos = clock.nanoTime() + PATIENCE_NANOS;
        return request();
    }

    /** The signal to send for a request to end: SIGTERM first, then SIGKILL, then none. */
    OptionalInt request() {
        requests++;
        if (driver != null) {
            driver.cancel();
        }
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
