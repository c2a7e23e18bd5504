// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.enforcer.launch.CallTrace.Tally;
import io.sandbox.enforcer.launch.TraceCounter;
import io.sandbox.evidence.Sign;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each counter that shows a loss, and each way in which a recording may lack its end. */
class BpfSignsTest {
    private static final Map<TraceCounter, Sign.Kind> KINDS =
            Map.of(
                    TraceCounter.LOST_TASKS, Sign.Kind.TASKS_NOT_RECORDED,
                    TraceCounter.LOST_CALLS, Sign.Kind.CALLS_NOT_STORED,
                    TraceCounter.LOST_OTHERS, Sign.Kind.NUMBERS_NOT_STORED,
                    TraceCounter.MISSES, Sign.Kind.COUNTING_MISSED,
                    TraceCounter.ORPHANS, Sign.Kind.PARENTS_ENDED,
                    TraceCounter.DEEP, Sign.Kind.ANCESTORS_TOO_MANY,
                    TraceCounter.UNNAMED, Sign.Kind.NAMES_NOT_STORED,
                    TraceCounter.UNWATCHED, Sign.Kind.OWN_FILTER_UNWATCHED);

    private static Tally tally(TraceCounter counter, long number) {
        Map<TraceCounter, Long> values = new EnumMap<>(TraceCounter.class);
        for (TraceCounter each : TraceCounter.values()) {
            values.put(each, 0L);
        }
        values.put(TraceCounter.MARKED, 1L);
        values.put(counter, number);
        return new Tally(values);
    }

    private static Tally nothing() {
        return tally(TraceCounter.MARKED, 1);
    }

    private static List<Sign> expected(TraceCounter counter, long number) {
        return KINDS.containsKey(counter)
                ? List.of(new Sign(KINDS.get(counter), number, ""))
                : List.of();
    }

    private static List<Sign> only(Sign.Kind kind) {
        return List.of(new Sign(kind, 0, ""));
    }

    @ParameterizedTest
    @EnumSource(TraceCounter.class)
    void eachCounter_above0_isItsSign(TraceCounter counter) {
        Tally tally = tally(counter, 5);
        List<Sign> expected = expected(counter, 5);
        assertEquals(expected, BpfSigns.ofTally(tally).all());
        assertEquals(expected, BpfSigns.ofRun(tally, true, false, false).all());
        assertEquals(expected, BpfSigns.ofWindow(tally, true).all());
    }

    /** Beside audit records, neither a filter's refusals nor programs' names matter. */
    @ParameterizedTest
    @EnumSource(TraceCounter.class)
    void hasAllCalls_counterAbove0_onlyIfNoneIsLost(TraceCounter counter) {
        Set<TraceCounter> harmless = EnumSet.of(TraceCounter.UNNAMED, TraceCounter.UNWATCHED);
        assertEquals(
                !KINDS.containsKey(counter) || harmless.contains(counter),
                BpfSigns.hasAllCalls(tally(counter, 5)));
    }

    /** C counts in 64 bits without a sign. */
    @Test
    void counter_tooLargeForJava_isASignAllTheSame() {
        Tally tally = tally(TraceCounter.LOST_CALLS, -1);
        assertEquals(
                expected(TraceCounter.LOST_CALLS, Long.MAX_VALUE), BpfSigns.ofTally(tally).all());
    }

    @Test
    void nothing_noSigns() {
        assertEquals(List.of(), BpfSigns.ofRun(nothing(), true, false, false).all());
        assertEquals(List.of(), BpfSigns.ofWindow(nothing(), true).all());
    }

    @Test
    void ofRun_eachCondition_isASign() {
        assertEquals(
                only(Sign.Kind.END_CALL_MISSING),
                BpfSigns.ofRun(nothing(), false, false, false).all());
        assertEquals(
                only(Sign.Kind.STILL_RUNNING), BpfSigns.ofRun(nothing(), true, true, false).all());
        assertEquals(
                only(Sign.Kind.NOTHING_RECORDED),
                BpfSigns.ofRun(nothing(), true, false, true).all());
    }

    @Test
    void ofEnds_sigsysWithoutAFilterOfItsOwn_isASign() {
        assertEquals(
                only(Sign.Kind.ENDED_BY_SIGSYS),
                BpfSigns.ofEnds(nothing(), List.of(256, 31)).all());
        assertEquals(List.of(), BpfSigns.ofEnds(nothing(), List.of(0, 256, 9)).all());
        assertEquals(List.of(), BpfSigns.ofEnds(tally(TraceCounter.FILTERS, 1), List.of(31)).all());
    }

    @Test
    void ofWindow_eachCondition_isASign() {
        assertEquals(only(Sign.Kind.END_CALL_MISSING), BpfSigns.ofWindow(nothing(), false).all());
        assertEquals(
                only(Sign.Kind.NO_PROCESS_FOUND),
                BpfSigns.ofWindow(tally(TraceCounter.MARKED, 0), true).all());
    }
}
