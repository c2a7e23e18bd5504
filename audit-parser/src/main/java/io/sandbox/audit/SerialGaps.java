package io.sandbox.audit;

import java.util.BitSet;

/**
 * Counts the serials that are missing in a stream of audit events. The kernel numbers all events of
 * the machine with one counter, so what lies between two seccomp records is either an event of
 * another type or not there. Not there does not mean lost: the kernel also numbers events that its
 * rules then drop. Not thread-safe; memory does not depend on the length of the stream.
 *
 * <p>Several records may share a serial, and events that were made on several processors at once
 * come up to {@link #WINDOW} serials out of order. A serial further back than that begins a new
 * count: the machine was started again.
 */
public final class SerialGaps {

    /** How far behind the highest serial one may come. */
    public static final int WINDOW = 4096;

    private static final long NONE = -1;

    /** Which of the last serials were there, by their low bits. */
    private final BitSet seccomp = new BitSet(WINDOW);

    private final BitSet other = new BitSet(WINDOW);
    private long first = NONE;
    private long highest = NONE;
    private long missing;
    private long explained;

    /** Serials that passed by since the last seccomp record; they count when another follows. */
    private long pendingMissing;

    private long pendingExplained;

    /**
     * Notes a seccomp record.
     *
     * @param serial 0 to 4294967295
     */
    public void addSeccomp(long serial) {
        add(serial, seccomp);
    }

    /** Notes an event of another type; before the first seccomp record it does not matter. */
    public void addOther(long serial) {
        if (highest != NONE) {
            add(serial, other);
        }
    }

    private void add(long serial, BitSet kind) {
        if (highest != NONE && serial <= highest - WINDOW) {
            settle();
            highest = NONE;
        }
        if (highest == NONE) {
            first = serial;
            highest = serial;
            seccomp.clear();
            other.clear();
        }
        while (highest < serial) {
            advance(serial);
        }
        kind.set(slot(serial));
    }

    /** Moves the window on by one, or past a gap that is wider than it. */
    private void advance(long serial) {
        if (serial - highest > 2L * WINDOW) {
            for (int i = 0; i < WINDOW; i++) {
                step();
            }
            long skipped = serial - highest - WINDOW;
            pendingMissing += skipped;
            highest += skipped;
        }
        step();
    }

    private void step() {
        highest++;
        leave(highest - WINDOW);
        seccomp.clear(slot(highest));
        other.clear(slot(highest));
    }

    /** What the serial that leaves the window was is final. */
    private void leave(long serial) {
        if (serial < first) {
            return;
        }
        if (seccomp.get(slot(serial))) {
            missing += pendingMissing;
            explained += pendingExplained;
            pendingMissing = 0;
            pendingExplained = 0;
        } else {
            pendingMissing++;
            pendingExplained += other.get(slot(serial)) ? 1 : 0;
        }
    }

    private void settle() {
        for (long serial = Math.max(first, highest - WINDOW + 1); serial <= highest; serial++) {
            leave(serial);
        }
        pendingMissing = 0;
        pendingExplained = 0;
    }

    private static int slot(long serial) {
        return (int) (serial & WINDOW - 1);
    }

    /** Ends the stream; another may follow, with a count of its own. */
    public void finish() {
        if (highest != NONE) {
            settle();
            highest = NONE;
        }
    }

    /**
     * Serials between the first and the last seccomp record that no seccomp record has; complete
     * after {@link #finish()}.
     */
    public long missing() {
        return missing;
    }

    /** How many of the {@link #missing()} are events of other types. */
    public long explained() {
        return explained;
    }
}
