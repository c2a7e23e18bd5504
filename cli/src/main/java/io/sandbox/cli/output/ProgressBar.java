// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import io.sandbox.recorder.log.LogReader;
import java.util.Locale;

/** How far long work is, on a terminal on standard error, from the third second on. */
public final class ProgressBar implements LogReader.Progress {
    private static final int STDERR = 2;
    private static final int WIDTH = 30;
    private static final long AFTER_NANOS = 2_000_000_000L;
    private static final long INTERVAL_NANOS = 200_000_000L;

    private final long start = System.nanoTime();
    private final long total;
    private long next = start + AFTER_NANOS;
    private boolean shown;
    private boolean terminal = true;

    /**
     * @param total bytes; 0 if it is not known
     */
    public ProgressBar(long total) {
        this.total = total;
    }

    @Override
    public void reached(long bytes) {
        long now = System.nanoTime();
        if (now < next || !terminal) {
            return;
        }
        next = now + INTERVAL_NANOS;
        terminal = shown || StandardOutput.isTerminal(STDERR);
        if (terminal) {
            String text = text(bytes, (now - start) / 1e9);
            System.err.print("\r\033[K" + fitted(text, StandardOutput.columns(STDERR)));
            System.err.flush();
            shown = true;
        }
    }

    /**
     * One row, so that it can be removed again.
     *
     * @param columns 0 if that is not known
     */
    public static String fitted(String text, int columns) {
        return columns > 0 && text.length() > columns ? text.substring(0, columns) : text;
    }

    private String text(long bytes, double seconds) {
        double perSecond = bytes / seconds;
        if (total < bytes || total == 0) {
            return String.format(Locale.ROOT, "%.0f MB, %.0f MB/s", bytes / 1e6, perSecond / 1e6);
        }
        int done = (int) (bytes * WIDTH / total);
        return String.format(
                Locale.ROOT,
                "[%s%s] %d %% of %.0f MB, %.0f MB/s, %.0f s left",
                "#".repeat(done),
                ".".repeat(WIDTH - done),
                bytes * 100 / total,
                total / 1e6,
                perSecond / 1e6,
                (total - bytes) / perSecond);
    }

    /** Leaves the line as if nothing had been there. */
    public void clear() {
        if (shown) {
            System.err.print("\r\033[K");
            System.err.flush();
            shown = false;
        }
    }
}
