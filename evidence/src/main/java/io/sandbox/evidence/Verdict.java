// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.List;
import java.util.function.UnaryOperator;

/** Whether a recording holds every call, as {@link Judge} decided when it was made. */
public sealed interface Verdict {
    /**
     * There is no sign of loss.
     *
     * @param reservations what even a complete recording cannot show, one sentence each: calls that
     *     were refused before they could be seen
     */
    record Complete(List<String> reservations) implements Verdict {
        public Complete {
            reservations = List.copyOf(reservations);
        }

        public Complete() {
            this(List.of());
        }
    }

    /** Returns this verdict, with other words in place of each sentence. */
    default Verdict worded(UnaryOperator<String> words) {
        return this instanceof Incomplete incomplete
                ? new Incomplete(incomplete.lost, incomplete.causes.stream().map(words).toList())
                : new Complete(reservations().stream().map(words).toList());
    }

    /** What a complete recording cannot show; empty for an incomplete one. */
    default List<String> reservations() {
        return List.of();
    }

    /**
     * Records are missing or may be missing.
     *
     * @param lost how many records are missing at most (the kernel counts for the whole machine); 0
     *     if unknown
     * @param causes at least one, one sentence each
     */
    record Incomplete(long lost, List<String> causes) implements Verdict {
        public Incomplete {
            causes = List.copyOf(causes);
            if (causes.isEmpty()) {
                throw new IllegalArgumentException("an incomplete recording needs a cause");
            }
        }

        /** Returns a text such as {@code incomplete, up to 12 records lost: ...}. */
        @Override
        public String toString() {
            String count =
                    lost > 0
                            ? "up to " + lost + (lost == 1 ? " record lost" : " records lost")
                            : "how much is missing is unknown";
            return "incomplete, " + count + ": " + String.join("; ", causes);
        }
    }
}
