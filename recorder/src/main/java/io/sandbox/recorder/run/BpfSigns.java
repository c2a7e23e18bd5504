// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace.Tally;
import io.sandbox.enforcer.launch.TraceCounter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.outcome.Signals;
import io.sandbox.outcome.WaitStatus;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The signs that the bpf source hands in. */
final class BpfSigns {
    /**
     * Of a run.
     *
     * @param endCounted whether the call that marks the end was counted
     * @param abandoned whether processes were still running
     * @param empty whether no call was counted although every call should have been
     */
    static Signs ofRun(Tally tally, boolean endCounted, boolean abandoned, boolean empty) {
        return ofTally(tally)
                .addIf(!endCounted, Sign.Kind.END_CALL_MISSING)
                .addIf(abandoned, Sign.Kind.STILL_RUNNING)
                .addIf(empty, Sign.Kind.NOTHING_RECORDED);
    }

    /**
     * Of the ends of a run under a filter that kills for nothing but strict mode.
     *
     * @param waitStatuses of the processes that failed
     */
    static Signs ofEnds(Tally tally, List<Integer> waitStatuses) {
        boolean bySigsys =
                waitStatuses.stream().anyMatch(each -> WaitStatus.signal(each) == Signals.SIGSYS);
        boolean noFilters = tally.get(TraceCounter.FILTERS) == 0;
        return new Signs().addIf(noFilters && bySigsys, Sign.Kind.ENDED_BY_SIGSYS);
    }

    /** Of processes that ran already, when nothing is counted any more. */
    static Signs ofWindow(Tally tally, boolean endCounted) {
        return ofTally(tally)
                .addIf(!endCounted, Sign.Kind.END_CALL_MISSING)
                // Who makes calls all the time becomes a member before it can be found.
                .addIf(
                        tally.get(TraceCounter.MARKED) == 0
                                && tally.get(TraceCounter.PROCESSES) == 0,
                        Sign.Kind.NO_PROCESS_FOUND);
    }

    /** Of one of many containers: what was lost while it ran may have been its own. */
    static Signs ofContainer(Tally before, Tally now) {
        Map<TraceCounter, Long> since = new EnumMap<>(TraceCounter.class);
        for (TraceCounter counter : TraceCounter.values()) {
            since.put(counter, now.get(counter) - before.get(counter));
        }
        // Without its name, it is not known to which container a program belongs.
        return ofTally(new Tally(since))
                .addCount(Sign.Kind.CALLS_NOT_STORED, since.get(TraceCounter.UNNAMED));
    }

    /** Of what has been counted so far. */
    static Signs ofTally(Tally tally) {
        Signs signs = new Signs();
        for (TraceCounter counter : TraceCounter.values()) {
            add(signs, counter, tally);
        }
        return signs;
    }

    /** Whether all calls made are counted, with those of programs without a name. */
    static boolean hasAllCalls(Tally tally) {
        Signs signs = new Signs();
        Arrays.stream(TraceCounter.values())
                .filter(counter -> counter != TraceCounter.UNWATCHED)
                .filter(counter -> counter != TraceCounter.UNNAMED)
                .forEach(counter -> add(signs, counter, tally));
        return signs.all().isEmpty();
    }

    private static void add(Signs signs, TraceCounter counter, Tally tally) {
        // C sends numbers without a sign. Of one that does not fit, only the number is lost.
        long number = tally.get(counter);
        kind(counter).ifPresent(kind -> signs.addCount(kind, number < 0 ? Long.MAX_VALUE : number));
    }

    /** The sign that a counter above 0 is, if it is one. There is no default, for new counters. */
    private static Optional<Sign.Kind> kind(TraceCounter counter) {
        return switch (counter) {
            case LOST_TASKS -> Optional.of(Sign.Kind.TASKS_NOT_RECORDED);
            case LOST_CALLS -> Optional.of(Sign.Kind.CALLS_NOT_STORED);
            case LOST_OTHERS -> Optional.of(Sign.Kind.NUMBERS_NOT_STORED);
            case MISSES -> Optional.of(Sign.Kind.COUNTING_MISSED);
            case ORPHANS -> Optional.of(Sign.Kind.PARENTS_ENDED);
            case DEEP -> Optional.of(Sign.Kind.ANCESTORS_TOO_MANY);
            case UNWATCHED -> Optional.of(Sign.Kind.OWN_FILTER_UNWATCHED);
            case ANSWERED -> Optional.of(Sign.Kind.OWN_FILTER_ANSWERED);
            case UNNAMED -> Optional.of(Sign.Kind.NAMES_NOT_STORED);
            // The kernel's own numbers of runs say whether something was lost: MISSES.
            case NO_CALL_COPY, NO_TASK_COPY -> Optional.empty();
            // Of files and addresses, which no list depends on.
            case LOST_USES -> Optional.empty();
            case ALIVE,
                    MARKED,
                    PROCESSES,
                    DISTINCT,
                    ENTERED,
                    PROGRAMS,
                    PATHS,
                    FILTERS,
                    LISTENERS,
                    TARGET_ENDED,
                    FAILED,
                    CAPABILITIES,
                    OPERATIONS,
                    CALLS ->
                    Optional.empty();
        };
    }
}
