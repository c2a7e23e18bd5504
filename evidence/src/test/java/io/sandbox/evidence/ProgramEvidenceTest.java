// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.Origin;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgramEvidenceTest {
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
}
