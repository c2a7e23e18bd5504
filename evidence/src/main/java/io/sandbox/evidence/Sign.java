// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.text.Shipped;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that a source noticed and that speaks against a recording. Sources notice signs, and
 * {@link Judge} alone decides what they mean.
 *
 * @param number how many there were; 0 if the kind has no number, or if it is unknown
 * @param detail what the sentence needs besides the number; empty for most kinds
 */
public record Sign(Kind kind, long number, String detail) implements Comparable<Sign> {
    /** What a sign means for the recording. */
    enum Effect {
        /** Calls are missing or may be missing. */
        INCOMPLETE,

        /** The same, and the sign's number says how many records are missing. */
        LOST,

        /** The recording has every call that was made, but it cannot show everything. */
        RESERVATION
    }

    /**
     * All signs there are. What each means, and its sentence, are in {@code signs.tsv}. The
     * sentences are in this order in a verdict.
     */
    public enum Kind {
        // Records of the kernel: audit and kmsg.
        LOG_ACTION_CHANGED,
        LOG_ACTION_UNWATCHED,
        AUDIT_RULES_UNKNOWN,
        AUDIT_RULES_EXCLUDE,
        AUDIT_DROPS_UNKNOWN,
        AUDIT_DROPPED,
        SOCKET_DROPPED,
        LINES_OVERWRITTEN,
        LINES_SUPPRESSED,
        RECORDS_UNREADABLE,
        LOST_WITHOUT_COUNT,

        // Counters in the kernel: bpf.
        TASKS_NOT_RECORDED,
        CALLS_NOT_STORED,
        NUMBERS_NOT_STORED,
        COUNTING_MISSED,
        PARENTS_ENDED,
        ANCESTORS_TOO_MANY,

        // The end of a recording.
        END_RECORD_MISSING,
        END_CALL_MISSING,
        STILL_RUNNING,
        STILL_FILTERED,
        CONTAINER_STILL_RUNNING,
        RECORDER_ENDED,
        SESSION_LEFT,
        TOO_MANY_CALLS,

        // Nothing was recorded.
        NOTHING_RECORDED,
        NOTHING_ASKED,
        NO_PROCESS_FOUND,
        NO_CONTAINER,
        NO_CONTAINER_FAILED,
        NO_SERVICE,
        COMMAND_UNRECORDED,
        CONTAINER_ENTERED,
        HAND_OVER_REFUSED,

        // The filter of ours, and those of the program.
        OWN_LISTENER,
        OWN_STRICT_MODE,
        ENDED_BY_SIGSYS,
        OWN_FILTER_HANDS_OVER,
        OWN_FILTER_UNREAD,
        OWN_FILTER_KILLS,
        GUARD_MISSING,
        GUARD_IMPOSSIBLE,
        QUESTION_LOST,

        // Logs, and the evidence of many hosts.
        LOG_SUPPRESSED,
        LOG_LOST_IN_ALL,
        LOG_LOST_WITHOUT_COUNT,
        LOG_LOSS_UNDATED,
        LOG_UNREADABLE,
        LOG_BEYOND_LIMIT,
        LOG_LACKS_TIME,
        LOG_LACKS_EXECUTABLE,
        LOG_LACKS_CALL,
        LOG_PROVES_NOTHING,
        HOSTS_SILENT,
        HOSTS_LOST_RECORDS,
        FILES_UNREAD,

        // A recording of running processes, together with runs from the start.
        START_MISSING,
        START_ENDED_EARLY,

        // What even a complete recording cannot show.
        OUTER_FILTER,
        OUTER_FILTER_IS_SEEN,
        OWN_FILTER_REFUSES,
        OWN_FILTER_UNWATCHED,
        OWN_FILTER_ANSWERED,
        NAMES_NOT_STORED,
        SERVICE_FAILED,
        WENT_ON;

        /**
         * The kind of a sentence that a verdict has: recordings keep sentences alone. Empty if it
         * is of no kind, as one that another version wrote may be.
         */
        public static Optional<Kind> of(String sentence) {
            return Stream.of(values()).filter(kind -> kind.fits(sentence)).findFirst();
        }

        private boolean fits(String words) {
            String sentence = sentence();
            String pattern =
                    Pattern.quote(sentence).replace("%d", "\\E[0-9]+\\Q").replace("%s", "\\E.*\\Q");
            return !sentence.equals("%s") && words.matches("(?s)" + pattern);
        }

        Effect effect() {
            return Effect.valueOf(Table.ROWS.get(this)[1]);
        }

        private String sentence() {
            return Table.ROWS.get(this)[2];
        }
    }

    /** A separate class, since most recordings have no sign. */
    private static final class Table {
        private static final Map<Kind, String[]> ROWS =
                Shipped.lines(Sign.class, "signs.tsv")
                        .map(line -> line.split("\t"))
                        .collect(Collectors.toMap(row -> Kind.valueOf(row[0]), row -> row));
    }

    public Sign {
        Required.all(kind, detail);
        if (number < 0) {
            throw new IllegalArgumentException(kind + ": " + number);
        }
    }

    public String sentence() {
        return kind.sentence().replace("%d", Long.toString(number)).replace("%s", detail);
    }

    @Override
    public int compareTo(Sign other) {
        int byKind = kind.compareTo(other.kind);
        int byNumber = byKind != 0 ? byKind : Long.compare(number, other.number);
        return byNumber != 0 ? byNumber : detail.compareTo(other.detail);
    }
}
