package io.sandbox.recorder.evidence;

import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one run showed of one call by one program.
 *
 * @param number as the kernel recorded it
 * @param count how often it was recorded, at least once
 * @param firstMillis when first, in ms after the start of the run
 * @param beforeEntry how many of these calls came before the program's entry, from the dynamic
 *     linker and constructors; empty where that is not known
 * @param origin where the first one was made, if the process still lived when it was looked up
 */
public record CallEvidence(
        int number,
        long count,
        long firstMillis,
        OptionalLong beforeEntry,
        Optional<Origin> origin) {
    static final Comparator<CallEvidence> ORDER = CallEvidence::compare;

    private static int compare(CallEvidence a, CallEvidence b) {
        return Integer.compare(a.number, b.number);
    }

    public CallEvidence {
        Objects.requireNonNull(beforeEntry, "beforeEntry");
        Objects.requireNonNull(origin, "origin");
        if (count < 1) {
            throw new IllegalArgumentException("a call that was made " + count + " times");
        }
        if (firstMillis < 0) {
            throw new IllegalArgumentException("a call before the start: " + firstMillis + " ms");
        }
        if (beforeEntry.isPresent()
                && (beforeEntry.getAsLong() < 0 || beforeEntry.getAsLong() > count)) {
            throw new IllegalArgumentException("more calls before the entry than calls");
        }
    }
}
