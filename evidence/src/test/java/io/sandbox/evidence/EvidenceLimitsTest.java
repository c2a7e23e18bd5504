// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EmptySource;

/** Values at the limits of evidence are accepted, and values beyond them are refused. */
final class EvidenceLimitsTest {
    private static CallEvidence call(long count, long firstMillis, OptionalLong beforeEntry) {
        return new CallEvidence(1, count, firstMillis, beforeEntry, Optional.empty());
    }

    private static CallEvidence call(List<String> arguments) {
        return new CallEvidence(1, 1, 0).withArguments(Optional.of(arguments));
    }

    @Table
    void call_countsThatCanBe_areAccepted(long count, long firstMillis, long beforeEntry) {
        CallEvidence call = call(count, firstMillis, OptionalLong.of(beforeEntry));
        assertEquals(count, call.count());
        assertEquals(firstMillis, call.firstMillis());
        assertEquals(OptionalLong.of(beforeEntry), call.beforeEntry());
    }

    @Table
    void call_countsThatCannotBe_areRefused(long count, long firstMillis, long beforeEntry) {
        OptionalLong before = OptionalLong.of(beforeEntry);
        assertThrows(IllegalArgumentException.class, () -> call(count, firstMillis, before));
    }

    @Test
    void call_arguments_areSortedAndUnique() {
        assertEquals(
                Optional.of(List.of("arg0==1", "arg0==2")),
                call(List.of("arg0==2", "arg0==1", "arg0==2")).arguments());
    }

    @Table
    @EmptySource
    void call_argumentsThatAreNoConditions_areRefused(String conditions) {
        assertThrows(IllegalArgumentException.class, () -> call(List.of(conditions)));
    }

    @Test
    void call_noArgumentsAtAll_areRefused() {
        assertThrows(IllegalArgumentException.class, () -> call(List.of()));
    }

    @Table
    void verdict_incomplete_saysHowMuchAndWhy(long lost, String text) {
        assertEquals(text, new Verdict.Incomplete(lost, List.of("a", "b")).toString());
    }

    @Table
    void estimate_numbersThatCannotBe_areRefused(int runs, int sample, int finds) {
        assertThrows(
                IllegalArgumentException.class, () -> new Estimate(runs, sample, finds, List.of()));
    }

    // The upper bound of Clopper and Pearson at 95 %, for no finds 1 - 0.05^(1/sample).
    @Table
    void estimate_chances_areTheShareAndItsUpperBound(
            int runs, int sample, int finds, double chance, double bound) {
        Estimate estimate = new Estimate(runs, sample, finds, List.of());
        assertEquals(chance, estimate.chanceOfNew(), 1e-9);
        assertEquals(bound, estimate.upperBound(), 1e-4);
    }

    @Test
    void estimate_chanceOfMissing_isThatOfEachRun() {
        assertEquals(0.9 * 0.9 * 0.9, new Estimate(3, 3, 0, List.of()).chanceOfMissing(10), 1e-9);
    }

    private static ObservedCall call(int number) {
        return ObservedCall.of(RandomRecordings.X86_64, number);
    }

    /** The call that is named as an example is so rare that the runs may well have missed it. */
    @Table
    void estimate_sentence_saysBoundAndReason(
            int runs, int sample, int finds, String singular, String words) {
        List<ObservedCall> calls =
                Stream.of(singular.split(" "))
                        .filter(number -> !number.isEmpty())
                        .map(number -> call(Integer.parseInt(number)))
                        .toList();
        String sentence = new Estimate(runs, sample, finds, calls).sentence();
        assertTrue(sentence.contains(words), sentence);
    }

    @Test
    void percent_isNeverZero() {
        assertEquals("1 %", Estimate.percent(0.0001));
        assertEquals("1 %", Estimate.percent(0.0149));
        assertEquals("2 %", Estimate.percent(0.015));
        assertEquals("100 %", Estimate.percent(1));
    }
}
