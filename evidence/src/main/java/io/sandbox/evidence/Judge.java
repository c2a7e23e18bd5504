// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides whether a recording is complete. Nobody else does: each source hands in the {@link Signs}
 * that it has noticed, and {@link Sign.Kind} is the table that says what each of them means.
 */
public final class Judge {
    private Judge() {}

    /** Complete only if no sign says that calls may be missing. */
    public static Verdict judge(Signs signs) {
        Set<String> causes = new LinkedHashSet<>();
        Set<String> reservations = new LinkedHashSet<>();
        for (Sign sign : signs.all()) {
            switch (sign.kind().effect()) {
                case INCOMPLETE, LOST -> causes.add(sign.sentence());
                case RESERVATION -> reservations.add(sign.sentence());
            }
        }
        return verdict(lost(signs), causes, reservations);
    }

    /** How many records are missing at most, as far as the signs tell; 0 if that is unknown. */
    public static long lost(Signs signs) {
        long lost = 0;
        for (Sign sign : signs.all()) {
            if (sign.kind().effect() == Sign.Effect.LOST) {
                lost = sum(lost, sign.number());
            }
        }
        return lost;
    }

    /**
     * Judges what consists of several recordings.
     *
     * @param parts the verdict on each of them
     * @param signs what speaks against the whole
     */
    public static Verdict together(List<Verdict> parts, Signs signs) {
        List<Verdict> all = new ArrayList<>(List.of(judge(signs)));
        all.addAll(parts);
        long lost = 0;
        Set<String> causes = new LinkedHashSet<>();
        Set<String> reservations = new LinkedHashSet<>();
        for (Verdict part : all) {
            reservations.addAll(part.reservations());
            if (part instanceof Verdict.Incomplete incomplete) {
                causes.addAll(incomplete.causes());
                lost = sum(lost, incomplete.lost());
            }
        }
        return verdict(lost, causes, reservations);
    }

    /** The sum, or the largest number that a file can hold; {@code a} is at most that. */
    private static long sum(long a, long b) {
        return Math.min(RecordingReader.MAX_COUNT, a + Math.min(b, RecordingReader.MAX_COUNT));
    }

    private static Verdict verdict(long lost, Set<String> causes, Set<String> reservations) {
        return causes.isEmpty()
                ? new Verdict.Complete(List.copyOf(reservations))
                : new Verdict.Incomplete(lost, List.copyOf(causes));
    }
}
