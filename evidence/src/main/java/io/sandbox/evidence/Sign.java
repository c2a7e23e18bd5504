// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.Optional;
import java.util.regex.Pattern;
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
     * All signs there are, with what each means and its sentence, in which {@code %d} stands for
     * the number and {@code %s} for the detail. The sentences are in this order in a verdict.
     */
    public enum Kind {
        // Records of the kernel: audit and kmsg.
        LOG_ACTION_CHANGED(
                Effect.INCOMPLETE,
                "kernel.seccomp.actions_logged was written during the run, so some calls may have"
                        + " left no record"),
        LOG_ACTION_UNWATCHED(
                Effect.INCOMPLETE,
                "cannot watch kernel.seccomp.actions_logged, from which somebody may remove log"
                        + " during the run (dnotify: %s)"),
        AUDIT_RULES_UNKNOWN(
                Effect.INCOMPLETE,
                "the kernel did not list all audit rules, and one of them may suppress records"),
        AUDIT_RULES_EXCLUDE(
                Effect.INCOMPLETE,
                "%d audit rules of the exclude list may suppress records (auditctl -l)"),
        AUDIT_DROPS_UNKNOWN(
                Effect.INCOMPLETE, "the kernel did not report how many audit records it dropped"),
        AUDIT_DROPPED(Effect.LOST, "the kernel dropped %d audit records of this machine (%s)"),
        SOCKET_DROPPED(
                Effect.LOST,
                "the socket overran and dropped %d audit messages (the reader was too slow)"),
        LINES_OVERWRITTEN(
                Effect.LOST, "%d lines of the kernel log were overwritten before they were read"),
        LINES_SUPPRESSED(Effect.LOST, "%d lines were suppressed by the printk rate limit"),
        RECORDS_UNREADABLE(Effect.LOST, "%d records could not be read"),
        LOST_WITHOUT_COUNT(
                Effect.INCOMPLETE, "the kernel reported lost audit records without a count"),

        // Counters in the kernel: bpf.
        TASKS_NOT_RECORDED(
                Effect.INCOMPLETE,
                "%d new threads or processes could not be recorded, since the kernel had no memory"
                        + " or was busy with others (try again)"),
        CALLS_NOT_STORED(Effect.LOST, "%d calls could not be stored in the kernel"),
        NUMBERS_NOT_STORED(Effect.LOST, "%d calls could not be stored: too many different numbers"),
        COUNTING_MISSED(
                Effect.LOST, "%d times the kernel did not run the program that counts calls"),
        PARENTS_ENDED(
                Effect.INCOMPLETE,
                "%d processes ended before they were found, so their children may have been"
                        + " overlooked (attach again)"),
        ANCESTORS_TOO_MANY(
                Effect.INCOMPLETE, "%d processes have too many ancestors to be assigned"),

        // The end of a recording.
        END_RECORD_MISSING(Effect.INCOMPLETE, "the record that marks the end did not arrive"),
        END_CALL_MISSING(Effect.INCOMPLETE, "the call that marks the end was not counted"),
        STILL_RUNNING(Effect.INCOMPLETE, "processes of the program were still running"),
        STILL_FILTERED(
                Effect.INCOMPLETE,
                "a process under the program's filter still runs and could not be found"),
        CONTAINER_STILL_RUNNING(Effect.INCOMPLETE, "processes of the container were still running"),
        RECORDER_ENDED(
                Effect.INCOMPLETE,
                "the recorder ended while it ran, so what it did until the next recorder began is"
                        + " missing"),
        SESSION_LEFT(
                Effect.INCOMPLETE,
                "a process of another audit session may have come from the program and could not"
                        + " be followed, so calls may be missing"),
        TOO_MANY_CALLS(
                Effect.LOST, "more than " + EvidenceCollector.MAX_DISTINCT + " distinct calls"),

        // Nothing was recorded.
        NOTHING_RECORDED(
                Effect.INCOMPLETE,
                "no call of the program was recorded, so its filter was never in force"),
        NOTHING_ASKED(Effect.INCOMPLETE, "no call of the program was recorded"),
        NO_PROCESS_FOUND(Effect.INCOMPLETE, "no process was found"),
        NO_CONTAINER(
                Effect.INCOMPLETE,
                "no container handed over its listener, so none was recorded (it has none if it is"
                        + " privileged, has a seccomp profile of its own or is run by a remote"
                        + " engine; docker and nerdctl get ours only if one of them is the command"
                        + " itself)"),
        NO_CONTAINER_FAILED(
                Effect.INCOMPLETE,
                "the command failed with status %d, and no container was recorded: see what it"
                        + " printed"),
        NO_SERVICE(
                Effect.INCOMPLETE,
                "the service handed over nothing, so none of its calls was recorded"),

        COMMAND_UNRECORDED(
                Effect.INCOMPLETE,
                "a command of the service could not hand over its calls, so they were not recorded"
                        + " (the journal of the service says why)"),
        CONTAINER_ENTERED(
                Effect.INCOMPLETE,
                "the kernel did not show each filter that was handed over, so not all calls were"
                        + " counted"),
        HAND_OVER_REFUSED(
                Effect.INCOMPLETE,
                "somebody handed over what was refused, so its calls were not recorded"),

        // The filter of ours, and those of the program.
        OWN_LISTENER(
                Effect.INCOMPLETE,
                "the program sets a filter with a listener of its own, which the kernel refuses"
                        + " beside ours (EBUSY)%s"),
        OWN_STRICT_MODE(
                Effect.INCOMPLETE,
                "the program asks for seccomp's strict mode, which the kernel refuses beside a"
                        + " filter of ours%s"),
        ENDED_BY_SIGSYS(
                Effect.INCOMPLETE,
                "a process without a filter of its own was ended by SIGSYS: a filter of ours does"
                        + " this when a program asks for seccomp's strict mode"),
        OWN_FILTER_HANDS_OVER(
                Effect.INCOMPLETE,
                "the program loads a filter of its own that can hand calls to a tracer%s"),
        OWN_FILTER_UNREAD(
                Effect.INCOMPLETE,
                "the program loads a filter of its own that cannot be read, and that may hand"
                        + " calls to a tracer%s"),
        OWN_FILTER_KILLS(
                Effect.INCOMPLETE,
                "under enforcement the program was killed for a call that only its own filter"
                        + " refuses otherwise"),
        GUARD_MISSING(Effect.INCOMPLETE, "the listener of the program's filter did not arrive"),
        GUARD_IMPOSSIBLE(
                Effect.INCOMPLETE,
                "the program may have loaded a filter, which could not be watched (%s), so calls"
                        + " may be missing"),
        QUESTION_LOST(
                Effect.LOST,
                "a signal interrupted a call before it could be recorded, and it is unknown which"),

        // Logs, and the evidence of many hosts.
        LOG_SUPPRESSED(Effect.LOST, "the kernel did not print %d audit lines (printk rate limit)"),
        LOG_LOST_IN_ALL(Effect.INCOMPLETE, "the kernel lost %d audit records in all"),
        LOG_LOST_WITHOUT_COUNT(
                Effect.INCOMPLETE,
                "the kernel reported lost audit records without a count, %d times"),
        LOG_UNREADABLE(Effect.LOST, "%s"),
        LOG_BEYOND_LIMIT(Effect.LOST, "%d records were not counted, because the log has %s"),
        LOG_LACKS_TIME(Effect.INCOMPLETE, "%d records have no time that is known"),
        LOG_LACKS_EXECUTABLE(Effect.INCOMPLETE, "%d records do not name their executable"),
        LOG_LACKS_CALL(Effect.INCOMPLETE, "%d records do not tell their architecture or call"),
        LOG_PROVES_NOTHING(Effect.INCOMPLETE, "a log does not show what never reached it"),
        HOSTS_SILENT(Effect.INCOMPLETE, "no call of these hosts was seen: %s"),
        HOSTS_LOST_RECORDS(Effect.INCOMPLETE, "records of these hosts may be missing: %s"),
        FILES_UNREAD(Effect.INCOMPLETE, "these files could not be read: %s"),

        // A recording of running processes, together with runs from the start.
        START_MISSING(
                Effect.INCOMPLETE,
                "the start of %s is missing: it ran already when the window opened, and no complete"
                        + " run shows how it starts"),
        START_ENDED_EARLY(
                Effect.INCOMPLETE,
                "no complete run of %s, where it was when the window opened, so the rest of its"
                        + " start is missing"),

        // What even a complete recording cannot show.
        OUTER_FILTER(
                Effect.RESERVATION,
                "a seccomp filter was already in force: calls that it refuses are not listed, and"
                        + " the program may have run differently because of it"),
        OUTER_FILTER_IS_SEEN(
                Effect.RESERVATION,
                "a seccomp filter was already in force: if it refused a call, the program may have"
                        + " run differently because of it"),
        OWN_FILTER_REFUSES(
                Effect.RESERVATION,
                "the program loads a filter of its own: calls that it refuses are not listed, and"
                        + " under a list without them the program may be killed"),
        OWN_FILTER_UNWATCHED(
                Effect.RESERVATION,
                "the program loads a seccomp filter of its own: calls that this filter refused in"
                        + " its first milliseconds may be missing"),
        NAMES_NOT_STORED(
                Effect.RESERVATION,
                "some calls have no executable or no origin: there were too many programs and"
                        + " libraries, or their paths are too long"),
        SERVICE_FAILED(
                Effect.RESERVATION,
                "the service failed to start, so what it does when it works is not in the list"
                        + " (its journal says why)"),
        WENT_ON(
                Effect.RESERVATION,
                "it still ran when the recording ended: what it did later is not in the list");

        private final Effect effect;
        private final String sentence;

        Kind(Effect effect, String sentence) {
            this.effect = effect;
            this.sentence = sentence;
        }

        /**
         * The kind of a sentence that a verdict has: recordings keep sentences alone. Empty if it
         * is of no kind, as one that another version wrote may be.
         */
        public static Optional<Kind> of(String sentence) {
            return Stream.of(values()).filter(kind -> kind.fits(sentence)).findFirst();
        }

        private boolean fits(String words) {
            String pattern =
                    Pattern.quote(sentence).replace("%d", "\\E[0-9]+\\Q").replace("%s", "\\E.*\\Q");
            return !sentence.equals("%s") && words.matches("(?s)" + pattern);
        }

        Effect effect() {
            return effect;
        }
    }

    public Sign {
        Required.all(kind, detail);
        if (number < 0) {
            throw new IllegalArgumentException(kind + ": " + number);
        }
    }

    /** One sentence. */
    public String sentence() {
        return kind.sentence.replace("%d", Long.toString(number)).replace("%s", detail);
    }

    @Override
    public int compareTo(Sign other) {
        int byKind = kind.compareTo(other.kind);
        int byNumber = byKind != 0 ? byKind : Long.compare(number, other.number);
        return byNumber != 0 ? byNumber : detail.compareTo(other.detail);
    }
}
