// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.testing.Seen;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EmptySource;

final class ProgramEvidenceTest {
    private static final Origin EARLY = new Origin("/early", 1);
    private static final Origin LATE = new Origin("/late", 2);
    private static final CallTests OF_A_TEST = new CallTests(1, 1, List.of("a"), true, 3);

    private static CallEvidence call(
            int number, long count, long millis, OptionalLong before, Origin origin) {
        return new CallEvidence(number, count, millis, before, Optional.of(origin));
    }

    private static CallEvidence call(int number) {
        return call(number, 1, 0, OptionalLong.empty(), EARLY);
    }

    private static CallEvidence call(List<String> arguments) {
        return new CallEvidence(1, 1, 0).withArguments(Optional.of(arguments));
    }

    private static CallEvidence call(Optional<CallTests> tests) {
        OptionalLong none = OptionalLong.empty();
        return new CallEvidence(1, 1, 0, none, none, Optional.empty(), Optional.empty(), tests);
    }

    private static ProgramEvidence program(String path, int arch, CallEvidence... calls) {
        return new ProgramEvidence(
                path,
                arch,
                Optional.of("musl"),
                Optional.of("0a1b2c"),
                List.of(calls),
                List.of("/lib/a"),
                false);
    }

    private static CallEvidence merged(CallEvidence one, CallEvidence other) {
        List<ProgramEvidence> merged =
                ProgramEvidence.merge(
                        List.of(
                                program("/a", RandomRecordings.X86_64, one),
                                program("/a", RandomRecordings.X86_64, other)));
        return merged.get(0).calls().get(0);
    }

    @Test
    void merge_programs_isOneForEachPathAndArchitecture() {
        assertEquals(
                List.of(
                        program("/a", RandomRecordings.I386, call(5)),
                        program("/a", RandomRecordings.X86_64, call(2), call(3)),
                        program("/b", RandomRecordings.X86_64, call(1))),
                ProgramEvidence.merge(
                        List.of(
                                program("/b", RandomRecordings.X86_64, call(1)),
                                program("/a", RandomRecordings.X86_64, call(3)),
                                program("/a", RandomRecordings.I386, call(5)),
                                program("/a", RandomRecordings.X86_64, call(2)))));
    }

    @Test
    void merge_calls_areCountedTogetherAndKeepTheEarliest() {
        CallEvidence early = call(1, 3, 10, OptionalLong.of(2), EARLY);
        CallEvidence late = call(1, 5, 20, OptionalLong.of(1), LATE);
        CallEvidence both = call(1, 8, 10, OptionalLong.of(3), EARLY);
        assertEquals(both, merged(early, late));
        assertEquals(both, merged(late, early));
        CallEvidence asEarly = call(1, 1, 10, OptionalLong.of(0), LATE);
        assertEquals(Optional.of(EARLY), merged(early, asEarly).origin(), "the first given");
    }

    /** What one part of the evidence does not tell is not known of all. */
    @Test
    void merge_callsOfWhichOneIsNotKnown_areNotKnown() {
        CallEvidence known = call(1, 3, 10, OptionalLong.of(2), EARLY);
        CallEvidence unknown = call(1, 3, 10, OptionalLong.empty(), EARLY);
        assertEquals(OptionalLong.empty(), merged(known, unknown).beforeEntry());
        assertEquals(OptionalLong.empty(), merged(unknown, known).beforeEntry());
        CallEvidence one = call(List.of("arg0==1"));
        assertEquals(Optional.empty(), merged(one, unknown).arguments());
        assertEquals(Optional.empty(), merged(unknown, one).arguments());
        assertEquals(
                Optional.of(List.of("arg0==1", "arg0==2")),
                merged(call(List.of("arg0==2")), one).arguments());
    }

    /** Not every program is told of the tests: the others' calls are no reason to forget them. */
    @Test
    void merge_tests_areThoseThatAreKnown() {
        CallEvidence tested = call(Optional.of(OF_A_TEST));
        CallEvidence untold = call(Optional.empty());
        assertEquals(Optional.of(OF_A_TEST), merged(tested, untold).tests());
        assertEquals(Optional.of(OF_A_TEST), merged(untold, tested).tests());
        assertEquals(Optional.of(OF_A_TEST.plus(OF_A_TEST)), merged(tested, tested).tests());
        assertEquals(Optional.empty(), merged(untold, untold).tests());
    }

    /** The C library and the build belong to the file that had the old name. */
    @Test
    void named_keepsWhatTheProgramDidButNotItsFile() {
        assertEquals(
                new ProgramEvidence("/b", RandomRecordings.I386, List.of(call(5)))
                        .mapping(List.of("/lib/a")),
                program("/a", RandomRecordings.I386, call(5)).named("/b"));
    }

    private static ArgumentDetail detail(String name) {
        return switch (name) {
            case "classes" -> ArgumentDetail.CLASSES;
            case "modes" -> ArgumentDetail.MODES;
            default -> ArgumentDetail.values(Integer.parseInt(name));
        };
    }

    /** Of calls with their registers. A number as detail is how many values are kept. */
    @Table
    void arguments_ofCalls_areKept(
            String arch, int number, String detail, String registers, String expected) {
        EvidenceCollector collector =
                new EvidenceCollector(0, sighting -> Optional.empty(), detail(detail));
        int auditArch = SyscallDb.get().arch(arch).auditArch();
        for (String call : registers.split("; ")) {
            long[] values = Stream.of(call.split(" ")).mapToLong(Long::decode).toArray();
            collector.add(new Seen("", auditArch, number, 0, values));
        }
        Optional<List<String>> arguments = collector.programs().get(0).calls().get(0).arguments();
        assertEquals(expected, arguments.map(each -> String.join(" | ", each)).orElse("none"));
    }

    /**
     * The place of each argument in the kernel's programs, and its bits that no plain call sets.
     */
    @Table
    void watched_ofACall_isFoundThere(String call, String detail, String expected) {
        Arch arch = SyscallDb.get().arch("x86_64");
        assertTrue(WatchedArgument.calls(detail(detail)).contains(call));
        assertEquals(
                expected,
                WatchedArgument.of(arch, call, detail(detail)).stream()
                        .map(each -> each.place() + " " + each.unusual())
                        .collect(Collectors.joining(", ")));
    }

    /** The kernel's programs have room for so many, on two architectures together. */
    @Test
    void calls_watched_areFew() {
        for (ArgumentDetail detail : List.of(ArgumentDetail.MANY_VALUES, ArgumentDetail.MODES)) {
            long both = 0;
            for (String name : List.of("x86_64", "i386")) {
                Arch arch = SyscallDb.get().arch(name);
                both +=
                        WatchedArgument.calls(detail).stream()
                                .filter(call -> !WatchedArgument.of(arch, call, detail).isEmpty())
                                .count();
            }
            assertTrue(both <= 64, detail + ": " + both);
        }
        assertTrue(
                WatchedArgument.calls(ArgumentDetail.MANY_VALUES)
                        .containsAll(WatchedArgument.calls(ArgumentDetail.CLASSES)));
    }

    @Test
    void find_argumentOfACall_isTheOneOfThatIndex() {
        assertEquals(List.of("SOCK_"), WatchedArgument.find("socket", 1).orElseThrow().prefixes());
        assertEquals(Optional.empty(), WatchedArgument.find("socket", 3));
        assertEquals(Optional.empty(), WatchedArgument.find("read", 0));
    }

    // Values at the limits of evidence are accepted, and values beyond them are refused.

    @Table
    void call_counts_areAcceptedOrRefused(
            boolean good, long count, long firstMillis, long beforeEntry) {
        Supplier<CallEvidence> call =
                () -> call(1, count, firstMillis, OptionalLong.of(beforeEntry), EARLY);
        if (good) {
            assertEquals(count, call.get().count());
            assertEquals(firstMillis, call.get().firstMillis());
            assertEquals(OptionalLong.of(beforeEntry), call.get().beforeEntry());
        } else {
            assertThrows(IllegalArgumentException.class, call::get);
        }
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

    /** The call that is named as an example is so rare that the runs may well have missed it. */
    @Table
    void estimate_sentence_saysBoundAndReason(
            int runs, int sample, int finds, String singular, String words) {
        List<ObservedCall> calls =
                Stream.of(singular.split(" "))
                        .filter(number -> !number.isEmpty())
                        .map(Integer::valueOf)
                        .map(number -> ObservedCall.of(RandomRecordings.X86_64, number))
                        .toList();
        String sentence = new Estimate(runs, sample, finds, calls).sentence();
        assertTrue(sentence.contains(words), sentence);
    }

    @Table
    void percent_isNeverZero(double share, String percent) {
        assertEquals(percent, Estimate.percent(share));
    }
}
