// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.testing.Seen;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Origin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EvidenceCollectorTest {
    private static final long START = 1000;
    private static final Origin ORIGIN = new Origin("/lib/x.so", 0x10);

    private int originsAsked;

    private final EvidenceCollector collector =
            new EvidenceCollector(
                    START,
                    sighting -> {
                        originsAsked++;
                        return Optional.of(ORIGIN);
                    });

    private void see(String exe, int number, long timeMillis) {
        collector.add(new Seen(exe, RandomRecordings.X86_64, number, timeMillis));
    }

    @Test
    void programs_countEachCallOfEachProgramAndKeepTheFirstAndTheLastTime() {
        see("/a", 1, START + 5);
        see("/b", 1, START + 6);
        see("/a", 1, START + 7);
        assertEquals(
                List.of(1L, 2L),
                collector.programs().stream()
                        .map(program -> program.calls().get(0).count())
                        .sorted()
                        .toList());
        CallEvidence first = onlyCall();
        assertEquals(5, first.firstMillis());
        assertEquals(OptionalLong.of(7), first.lastMillis());
        assertEquals(Optional.of(ORIGIN), first.origin());
        assertEquals(2, originsAsked, "only the first sighting of each is worth looking at");
        assertEquals(1, collector.callCount());
        assertEquals(3, collector.records());
    }

    /** These two paths have the same hash code. */
    @Test
    void programs_differByPathAndByArchitecture() {
        see("/Aa", 1, START);
        see("/BB", 1, START);
        collector.add(new Seen("/BB", RandomRecordings.I386, 1, START));
        List<String> programs = new ArrayList<>();
        for (ProgramEvidence each : collector.programs()) {
            String arch = each.auditArch() == RandomRecordings.I386 ? " i386 " : " x86_64 ";
            programs.add(each.executable() + arch + each.calls().get(0).count());
        }
        Collections.sort(programs);
        assertEquals(List.of("/Aa x86_64 1", "/BB i386 1", "/BB x86_64 1"), programs);
        assertEquals(
                Optional.of(ObservedCall.of(RandomRecordings.I386, 1)),
                collector.lastCall(),
                "the last added");
    }

    @Test
    void beforeEntry_untilTheProgramIsEntered_isUnknown() {
        see("/a", 1, START);
        assertEquals(OptionalLong.empty(), onlyCall().beforeEntry());
        see("/a", 1, START);
        collector.programEntered();
        see("/a", 1, START);
        assertEquals(OptionalLong.of(2), onlyCall().beforeEntry());
        assertEquals(3, onlyCall().count());
    }

    private CallEvidence onlyCall() {
        return collector.programs().get(0).calls().get(0);
    }

    /** Records of the kernel have none. */
    @Test
    void arguments_ofASourceThatDoesNotKnowThem_areNone() {
        EvidenceCollector wanting =
                new EvidenceCollector(START, seen -> Optional.empty(), ArgumentDetail.CLASSES);
        wanting.add(new Seen("/a", RandomRecordings.X86_64, 41, START));
        assertEquals(
                Optional.empty(), wanting.programs().get(0).calls().get(0).arguments(), "socket");
    }

    /** The clock of records is late by up to a tick. */
    @Test
    void add_recordStampedBeforeTheStart_isAtTheStart() {
        see("/a", 1, START - 4);
        assertEquals(0, onlyCall().firstMillis());
        assertEquals(OptionalLong.of(0), onlyCall().lastMillis());
    }

    @Test
    void add_floodOfDistinctNumbers_isCountedNotKept() {
        for (int i = 0; i < EvidenceCollector.MAX_DISTINCT + 10; i++) {
            see("/a", 0x1000000 + i, START);
        }
        see("/a", 0x1000000, START);
        assertEquals(EvidenceCollector.MAX_DISTINCT, collector.callCount());
        assertEquals(10, collector.beyondLimit());
        see("/b", 1, START);
        assertEquals(1, collector.programs().size());
        assertEquals(11, collector.beyondLimit());
    }

    @Test
    void mapped_floodOfLongNames_isLimitedForAllProgramsTogether() {
        for (String exe : List.of("/a", "/b")) {
            see(exe, 1, START);
            for (int i = 0; i < 4000; i++) {
                String file = "/" + "x".repeat(4000) + i;
                collector.mapped(exe, RandomRecordings.X86_64, file);
                collector.mapped(exe, RandomRecordings.X86_64, file);
            }
        }
        int files = collector.programs().stream().mapToInt(p -> p.mapped().size()).sum();
        assertTrue(files > 4000 && files < 5000, "" + files);
    }

    /** The tests of the calls, as NUMBER: TEST/SIZE. */
    private List<String> tests() {
        List<String> tests = new ArrayList<>();
        for (ProgramEvidence program : collector.programs()) {
            for (CallEvidence call : program.calls()) {
                CallTests made = call.tests().orElseThrow();
                tests.add(call.number() + ": " + made.makers() + "/" + made.calls());
            }
        }
        Collections.sort(tests);
        return tests;
    }

    @Test
    void tests_notWatched_areUnknown() {
        see("/a", 1, START);
        assertEquals(Optional.empty(), onlyCall().tests());
    }

    /** A test's size is the number of its distinct calls, whichever program made them for it. */
    @Test
    void tests_ofCalls_haveTheSizeOfAllTheirCalls() {
        OpenTests open = collector.watchTests();
        open.turnTo(7, 7);
        see("/a", 9, START);
        open.begin(7, 7, 1, "large");
        open.turnTo(7, 7);
        see("/a", 1, START);
        see("/a", 2, START);
        see("/b", 1, START);
        collector.add(new Seen("/b", RandomRecordings.I386, 1, START));
        open.end(7, 1);
        open.begin(7, 7, 2, "small");
        open.turnTo(7, 7);
        see("/a", 2, START);
        open.turnTo(7, 8);
        see("/a", 3, START);
        assertEquals(
                List.of(
                        "1: large/3",
                        "1: large/3",
                        "1: large/3",
                        "2: small/2",
                        "3: small, in another thread or process/2",
                        "9: none, only outside of tests/0"),
                tests());
    }
}
