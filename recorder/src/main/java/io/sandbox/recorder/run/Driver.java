// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.outcome.Signals;
import io.sandbox.recorder.run.Driven.Kind;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Drives a server through one run: waits until it is ready, has it exercised, reloads and stops it.
 * It has a thread of its own, because a recorded server answers only while the recorder's thread
 * goes on. All methods are for that thread, which also sends the signals.
 */
public final class Driver {
    /** An exercise may end the server, and then ends itself. */
    private static final int LAST_WORDS_MILLIS = 2000;

    /** The other way round, the server needs some time to end. */
    private static final int OWN_END_MILLIS = 100;

    /** Many servers do something each second: lighttpd first asks for the load after one. */
    private static final int FIRST_RUN_MILLIS = 2500;

    private static final int SCHED_OTHER = 0;

    private final Drive drive;
    private final boolean stops;
    private final boolean isFirst;
    private final Thread thread = new Thread(this::run, "driver");
    private final LinkedBlockingQueue<Integer> signals = new LinkedBlockingQueue<>();
    private volatile Stage stage = Stage.STARTING;
    private volatile boolean over;
    private volatile int polls;
    private volatile Optional<Driven.Trouble> trouble = Optional.empty();
    private int stoppedBy;

    /** What the server is doing. */
    public enum Stage {
        STARTING,
        EXERCISED,
        RELOADING,
        IDLE,
        SERVING,
        STOPPING;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Makes sure that the program can start. If the run ends after a time, nothing need stop it.
     */
    Driver(Drive drive, RunPlan plan) {
        this.drive = drive;
        isFirst = plan.filter().showsAll();
        stops = plan.limit().isEmpty() || drive.exercise().isPresent();
        drive.ready().ifPresent(ready -> ready.begin(drive.root()));
        thread.setDaemon(true);
    }

    Stage stage() {
        return stage;
    }

    /** The signal that the program is to get now. Begins to drive when it is first asked. */
    OptionalInt poll() {
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
        polls++;
        Integer signal = signals.poll();
        if (signal == null) {
            return OptionalInt.empty();
        }
        stoppedBy = stage == Stage.STOPPING ? signal : 0;
        return OptionalInt.of(signal);
    }

    /** The run is to end for another reason. */
    void cancel() {
        over = true;
    }

    /** The program did not react to the signal that should end it. */
    void programStays() {
        fail(Kind.NOT_STOPPED, "the program did not end after " + Signals.name(drive.stop()));
    }

    /** The run is over; how the driving went. */
    Driven finish() {
        boolean asked = over;
        try {
            if (stage == Stage.EXERCISED && !asked) {
                thread.join(LAST_WORDS_MILLIS);
            }
            over = true;
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Driven(stoppedBy, trouble, Map.of());
    }

    private void run() {
        // The recorder's thread may have another policy, which children inherit.
        LibC.schedSetScheduler(SCHED_OTHER);
        long start = System.nanoTime();
        boolean well = awaitReady();
        long begin = System.nanoTime();
        well = well && exercise();
        if (well && drive.reload().isPresent()) {
            stage = Stage.RELOADING;
            signals.add(drive.reload().getAsInt());
            awaitSent();
            well = Settling.await(() -> over) && isReadyAgain() && exercise();
        }
        if (well && !drive.idle().isZero()) {
            stage = Stage.IDLE;
            well = !Readiness.waitUntil(() -> over, drive.idle().toMillis()) && exercise();
        }
        if (well && drive.exercise().isPresent()) {
            stage = Stage.SERVING;
            while (!over && System.nanoTime() - start < drive.busy().toNanos()) {
                exercise(drive.exercise().get());
            }
        }
        if (well && stops && isFirst) {
            stage = Stage.IDLE;
            long passed = (System.nanoTime() - begin) / 1_000_000;
            Readiness.waitUntil(() -> over, FIRST_RUN_MILLIS - passed);
        } else if (drive.exercise().isPresent()) {
            Readiness.sleep(OWN_END_MILLIS);
        } else if (well) {
            // What kills it after a part of the run is to find it serving too.
            long started = Math.min((begin - start) / 1_000_000, FIRST_RUN_MILLIS);
            Readiness.waitUntil(() -> over, started + OWN_END_MILLIS);
        }
        stage = !well || stops ? Stage.STOPPING : Stage.SERVING;
        if (stage == Stage.STOPPING) {
            signals.add(drive.stop());
        }
    }

    /** The recorder's thread asks again when it has sent what it got, late on a busy machine. */
    private void awaitSent() {
        boolean going = true;
        while (going && !over && !signals.isEmpty()) {
            going = Readiness.sleep(Readiness.INTERVAL_MILLIS);
        }
        int taken = polls;
        while (going && !over && polls == taken) {
            going = Readiness.sleep(Readiness.INTERVAL_MILLIS);
        }
    }

    private boolean awaitReady() {
        Readiness ready = drive.ready().orElse(null);
        if (ready == null
                || Readiness.waitUntil(() -> over || ready.isReady(), drive.within().toMillis())) {
            if (!over) {
                return true;
            }
            return ready != null && ready.wasHeld()
                    ? fail(Kind.PORT_HELD, ready + ": old connections have the port")
                    : fail(Kind.NOT_READY, ready + ": the program ended before it was ready");
        }
        return fail(
                Kind.NOT_READY, ready + ": not ready within " + drive.within().toSeconds() + " s");
    }

    /** Who says it himself need not say it again. */
    private boolean isReadyAgain() {
        return drive.ready().filter(Readiness::isNotice).isPresent() || awaitReady();
    }

    private boolean exercise() {
        if (drive.exercise().isEmpty()) {
            return true;
        }
        stage = Stage.EXERCISED;
        Optional<String> mistake = exercise(drive.exercise().get());
        return mistake.isEmpty() || fail(Kind.NOT_EXERCISED, "the exercise " + mistake.get());
    }

    /** Its output goes to standard error, since standard output may be for the list alone. */
    private Optional<String> exercise(String command) {
        List<String> words = new ArrayList<>(drive.joining());
        words.addAll(List.of("sh", "-c", "exec >&2; " + command));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.inheritIO().redirectInput(new File("/dev/null"));
        long begin = System.nanoTime();
        long most = drive.most().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        try {
            Process shell = builder.start();
            while (!shell.waitFor(Readiness.INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (over || System.nanoTime() - begin > most) {
                    List<ProcessHandle> others = shell.descendants().toList();
                    // First, since it would report how the others end.
                    shell.destroy();
                    others.forEach(ProcessHandle::destroy);
                    return Optional.of(
                            over
                                    ? "went on when the program had ended"
                                    : "had no end, although it usually has");
                }
            }
            return shell.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of("ended with status " + shell.exitValue());
        } catch (IOException e) {
            return Optional.of("cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            return Optional.of("was interrupted");
        }
    }

    private boolean fail(Kind kind, String clause) {
        trouble = Optional.of(new Driven.Trouble(kind, clause));
        return false;
    }
}
