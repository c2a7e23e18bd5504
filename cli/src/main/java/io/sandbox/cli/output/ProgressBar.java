// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import io.sandbox.recorder.log.LogReader;
import java.util.Locale;

/** Shows the progress of long work on a terminal on standard error, from the third second on. */
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

    /** {@code total}: the number of bytes; 0 if unknown. */
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
     * Cuts the text to one row, so that it can be removed again.
     *
     * @param columns the width of the terminal; 0 if unknown
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

    public void clear() {
        if (shown) {
            System.err.print("\r\033[K");
            System.err.flush();
            shown = false;
        }
    }
}
