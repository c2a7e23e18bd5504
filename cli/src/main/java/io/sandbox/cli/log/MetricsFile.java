// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.log;

import io.sandbox.audit.SeccompRecord;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.recorder.log.DenialMetrics;
import io.sandbox.recorder.log.LogFollower;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Keeps a file of metrics up to date while a log is followed, and passes on what is read. Each
 * time, a new file replaces the old one, so that the node exporter never reads half of one.
 */
final class MetricsFile implements LogFollower.Observer, AutoCloseable {
    private static final long WAIT_MILLIS = 5_000;

    private final Path file;
    private final Console console;
    private final LogFollower.Observer next;
    private final DenialMetrics metrics = new DenialMetrics();
    private final Thread writer = new Thread(this::keepWriting, "metrics");

    /** Writes what has come since the last time if a signal ends us. */
    private final Thread lastWriter = new Thread(this::writeAtEnd, "last metrics");

    private String written = "";
    private boolean saidLimit;
    private boolean saidTrouble;

    private MetricsFile(Path file, Console console, LogFollower.Observer next) {
        this.file = file;
        this.console = console;
        this.next = next;
    }

    /**
     * Writes the file, and again every few seconds if something has changed.
     *
     * @throws CommandFailure if it cannot be written now
     */
    static MetricsFile open(Path file, Console console, LogFollower.Observer next) {
        MetricsFile metrics = new MetricsFile(file, console, next);
        metrics.write();
        metrics.writer.setDaemon(true);
        metrics.writer.start();
        Runtime.getRuntime().addShutdownHook(metrics.lastWriter);
        return metrics;
    }

    @Override
    public void record(SeccompRecord record, boolean isNew) {
        metrics.record(record, isNew);
        if (metrics.notShown() > 0 && !saidLimit) {
            saidLimit = true;
            console.say(
                    String.format(
                            "%s: more than %s series: further ones are only counted, in"
                                    + " seccomp_denials_not_shown_total",
                            file, DenialMetrics.MAX_SERIES));
        }
        next.record(record, isNew);
    }

    @Override
    public void canary(SeccompRecord record) {
        metrics.canary(record);
        next.canary(record);
    }

    @Override
    public void gap(String what, long lost) {
        metrics.gap(what, lost);
        next.gap(what, lost);
    }

    private void keepWriting() {
        while (true) {
            try {
                Thread.sleep(WAIT_MILLIS);
                write();
                saidTrouble = false;
            } catch (InterruptedException e) {
                return;
            } catch (IllegalStateException e) {
                if (!Console.isJavaEnding()) {
                    throw e;
                }
                // Then no file can be begun.
                return;
            } catch (CommandFailure e) {
                // A full disk should not end what watches the machine.
                if (!saidTrouble) {
                    console.say(e.getMessage());
                }
                saidTrouble = true;
            }
        }
    }

    private void writeAtEnd() {
        try {
            write(ResultOutput::openAtEnd);
        } catch (CommandFailure e) {
            console.say(e.getMessage());
        }
    }

    private void write() {
        write(ResultOutput::open);
    }

    private synchronized void write(Function<Path, ResultOutput> open) {
        String text = metrics.text();
        if (text.equals(written)) {
            return;
        }
        try (ResultOutput output = open.apply(file)) {
            output.write(text);
        }
        written = text;
    }

    /** Writes the file at the end of the log. Throws {@link CommandFailure} if that fails. */
    @Override
    public void close() {
        writer.interrupt();
        if (!Console.isJavaEnding()) {
            Runtime.getRuntime().removeShutdownHook(lastWriter);
            write();
        }
    }
}
