// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.enforcer.launch.CallTrace.Tally;
import io.sandbox.enforcer.launch.TraceCounter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.syscalldb.testing.Table;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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

    private static List<Sign> expected(TraceCounter counter, long number) {
        return KINDS.containsKey(counter)
                ? List.of(new Sign(KINDS.get(counter), number, ""))
                : List.of();
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

    /** The conditions are what the method has behind the counters. */
    @Table
    void eachCondition_isItsSign(
            String of, TraceCounter counter, long number, String conditions, String sign) {
        Tally tally = tally(counter, number);
        String[] words = conditions.split(" ");
        List<Boolean> are = Stream.of(words).map(Boolean::valueOf).toList();
        Signs signs =
                switch (of) {
                    case "run" -> BpfSigns.ofRun(tally, are.get(0), are.get(1), are.get(2));
                    case "window" -> BpfSigns.ofWindow(tally, are.get(0));
                    default ->
                            BpfSigns.ofEnds(tally, Stream.of(words).map(Integer::valueOf).toList());
                };
        List<Sign> expected =
                sign.isEmpty() ? List.of() : List.of(new Sign(Sign.Kind.valueOf(sign), 0, ""));
        assertEquals(expected, signs.all());
    }
}
