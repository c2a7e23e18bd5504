// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ProgressBar;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.Progress;
import io.sandbox.recorder.run.Driver;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * Shows the progress of a recording in one line of a terminal on standard error. Elsewhere, as in
 * continuous integration, a series of runs says now and then that it goes on.
 */
final class LiveLine {
    private static final int STDERR = 2;
    private static final long AFTER_NANOS = 1_000_000_000L;
    private static final long INTERVAL_NANOS = 200_000_000L;

    private static final long WORD_NANOS = 60_000_000_000L;

    private final Console console;
    private final LongSupplier clock;
    private final long start;
    private long next;
    private long nextWord;
    private boolean shown;
    private int run = 1;
    private String state = "";

    /** Null if nothing drives the program. */
    private Driver.Stage stage;

    /** When all runs will have ended; 0 if that is not known. */
    private long end;

    private int runs;

    private int lastCallCount = -1;
    private long lastNewNanos;
    private long lastRecords;

    /** {@code clock} tells nanoseconds. */
    LiveLine(Console console, LongSupplier clock) {
        this.console = console;
        this.clock = clock;
        start = clock.getAsLong();
        next = start + AFTER_NANOS;
        nextWord = start + WORD_NANOS;
        lastNewNanos = start;
    }

    /** The line says what the driver does. */
    void driven(Driver.Stage now) {
        stage = now;
    }

    /** The line says its state, of how many runs it is, and about how long they still take. */
    void begins(String name, int atLeast, long millis) {
        state = name.isEmpty() ? "" : " (state " + name + ")";
        runs = atLeast;
        end = clock.getAsLong() + millis * 1_000_000;
    }

    /** Shows the line again if it is time. */
    void update(Progress evidence, LongSupplier losses) {
        long now = clock.getAsLong();
        if (evidence.callCount() != lastCallCount) {
            lastCallCount = evidence.callCount();
            lastNewNanos = now;
        }
        if (now < next) {
            return;
        }
        long perSecond =
                (evidence.records() - lastRecords)
                        * 1_000_000_000L
                        / Math.max(1, now - next + INTERVAL_NANOS);
        lastRecords = evidence.records();
        next = now + INTERVAL_NANOS;
        if (run > 1 && now >= nextWord && !StandardOutput.isTerminal(STDERR)) {
            nextWord = now + WORD_NANOS;
            console.say(
                    String.format(
                            Locale.ROOT,
                            "still recording: run %d of at least %d%s, %.0f s so far%s",
                            run,
                            Math.max(run, runs),
                            state,
                            (now - start) / 1e9,
                            left(now)));
        }
        // We must not draw over a program that uses the whole terminal, nor over its question while
        // it waits for the answer, nor over what the user types in the shell meanwhile.
        if (LibC.isLineTerminal(STDERR)
                && (stage != null || !isReading(evidence, perSecond))
                && !isInBackground()) {
            String text = text(evidence, now, perSecond, losses.getAsLong());
            // After text in the last column the cursor would be in the next line.
            show(ProgressBar.fitted(text, LibC.columns(STDERR) - 1));
        }
    }

    /** Whether the program may wait for input: by its last call, or if it makes none. */
    private static boolean isReading(Progress evidence, long perSecond) {
        return evidence.lastCall()
                .map(call -> call.displayName().equals("read"))
                .orElse(perSecond == 0);
    }

    /** Our own session has no terminal, but sandbox-exec is in the group of the user's command. */
    private static boolean isInBackground() {
        OptionalInt parent = ProcessStatus.query(LibC.getpid()).parent();
        return parent.isPresent() && ProcessStatus.queryInBackground(parent.getAsInt());
    }

    private String text(Progress evidence, long now, long perSecond, long lost) {
        return String.format(
                Locale.ROOT,
                "[%s %.0f s, %d syscalls, last new %.0f s ago, %d records/s, %s]",
                stage == null ? "recording" : "run " + run + state + " is " + stage + ",",
                (now - start) / 1e9,
                evidence.callCount(),
                (now - lastNewNanos) / 1e9,
                perSecond,
                (lost == 0 ? "nothing lost" : lost + " lost") + left(now));
    }

    private String left(long now) {
        long left = (end - now) / 1_000_000_000;
        return left > 0 ? ", about " + left + " s left" : "";
    }

    /** Puts the cursor at the start of the line, so that the program's next output replaces it. */
    private void show(String text) {
        System.err.print("\r\033[K" + text + "\r");
        System.err.flush();
        shown = true;
    }

    void clear() {
        if (shown) {
            System.err.print("\033[K");
            System.err.flush();
            shown = false;
        }
    }

    /** Removes the line, and starts the counts of the next run from zero. */
    void runEnded() {
        clear();
        lastCallCount = -1;
        lastRecords = 0;
        stage = null;
        run++;
    }
}
