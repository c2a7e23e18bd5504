// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import static io.sandbox.evidence.testing.Evidence.X86_64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReportModelTest {
    private static CallEvidence call(String name, long count, long millis, long before) {
        return new CallEvidence(
                Evidence.number(name), count, millis, OptionalLong.of(before), Optional.empty());
    }

    private static ProgramEvidence program(String path, CallEvidence... calls) {
        return new ProgramEvidence(path, X86_64, List.of(calls));
    }

    private static CallRow row(ReportModel model, String name) {
        return model.calls().stream()
                .filter(each -> each.call().displayName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void calls_addUpOverRunsAndPrograms() {
        Run first =
                Evidence.run(
                        "1",
                        program("/a", call("read", 5, 9, 0)),
                        program("/b", call("read", 2, 7, 0)));
        Run second = Evidence.run("2", program("/a", call("read", 1, 8, 0)));
        ReportModel model = ReportModel.of(new Recording(List.of(first, second)));
        CallRow read = row(model, "read");
        assertEquals(8, read.count());
        assertEquals(2, read.runs());
        assertEquals(2, read.ofRuns());
        // The clock begins with the first recorded call of each run.
        assertEquals(0, read.firstMillis());
        assertEquals(List.of(0, 1), read.programs());
    }

    @Test
    void calls_areSortedByRisk() {
        ReportModel model = ReportModel.of(Evidence.calls("write", "ptrace", "openat", "read"));
        assertEquals(
                List.of("ptrace", "openat", "read", "write"),
                model.calls().stream().map(each -> each.call().displayName()).toList());
    }

    @Test
    void unknownCall_countsAsHighRisk() {
        ProgramEvidence program = Evidence.program("/a", X86_64, List.of(9999));
        ReportModel model = ReportModel.of(Recording.of(Evidence.run("1", program)));
        assertEquals(true, model.calls().get(0).isHigh());
    }

    /** Calls with their first times; a star: before the entry; {@code ld}: by the linker. */
    private static CallEvidence call(String text) {
        String[] part = text.split("@");
        Optional<Origin> linker = Optional.of(new Origin("/lib64/ld-linux-x86-64.so.2", 16));
        return new CallEvidence(
                Evidence.number(part[0]),
                1,
                Long.parseLong(part[1]),
                OptionalLong.of(part.length > 2 && part[2].equals("*") ? 1 : 0),
                part.length > 2 && part[2].equals("ld") ? linker : Optional.empty());
    }

    /** A server is starting until it listens, and not longer than until its first accept. */
    @Table
    void phases_areLinkerStartAndServing(String calls, String phases) {
        List<CallEvidence> all = Stream.of(calls.split(" ")).map(ReportModelTest::call).toList();
        ProgramEvidence program = new ProgramEvidence("/a", X86_64, all);
        ReportModel model = ReportModel.of(Recording.of(Evidence.run("1", program)));
        assertEquals(
                phases,
                all.stream()
                        .map(each -> ObservedCall.of(X86_64, each.number()).displayName())
                        .map(name -> row(model, name).phase().name())
                        .collect(Collectors.joining(" ")));
    }

    /** It has no call by which its start could be known. */
    @Test
    void runThatRecordsOnlyNewCalls_hasTheStartOfTheOthers() {
        Run quiet =
                Evidence.run(
                        "2",
                        new RunFilter(false, List.of("mmap", "socket")),
                        0,
                        new Verdict.Complete(),
                        program("/a", call("mkdir", 1, 70, 0)));
        Run first =
                Evidence.run("1", program("/a", call("mmap", 1, 20, 1), call("socket", 1, 30, 0)));
        ReportModel model = ReportModel.of(new Recording(List.of(first, quiet)));
        assertEquals(
                List.of(0L, 10L, 50L),
                model.programs().get(0).sightings().stream().map(each -> each.millis()).toList());
        assertEquals(10, row(model, "socket").firstMillis());
        assertEquals(50, row(model, "mkdir").firstMillis());
        // The second run would not have recorded mmap.
        assertEquals(1, row(model, "mmap").ofRuns());
        assertEquals(2, row(model, "mkdir").ofRuns());
    }

    private static CallEvidence call(String name, long first, OptionalLong last) {
        return new CallEvidence(
                Evidence.number(name),
                2,
                first,
                last,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static List<String> startOnly(CallEvidence... calls) {
        return ReportModel.of(Recording.of(Evidence.run("1", program("/a", calls))))
                .programs()
                .get(0)
                .sightings()
                .stream()
                .filter(ProgramRow.Sighting::startOnly)
                .map(each -> each.call().displayName())
                .toList();
    }

    @Test
    void startOnly_isWhatWasNotMadeOnceTheProgramServed() {
        CallEvidence bind = call("bind", 40, OptionalLong.of(900));
        CallEvidence read = call("read", 30, OptionalLong.of(1000));
        CallEvidence mkdir = call("mkdir", 35, OptionalLong.empty());
        CallEvidence accept = call("accept4", 1000, OptionalLong.of(1000));
        assertEquals(List.of("bind"), startOnly(bind, read, mkdir, accept));
        assertEquals(List.of(), startOnly(bind, read, mkdir), "it never served");
    }

    @Test
    void startUp_endsAtTheFirstLongPause() {
        assertEquals(0, ReportModel.startUp(List.of()));
        assertEquals(3, ReportModel.startUp(List.of(1L, 2L, 251L)));
        assertEquals(2, ReportModel.startUp(List.of(1L, 2L, 252L, 9000L)));
        assertEquals(2, ReportModel.startUp(List.of(1L, 200L, 600L, 9000L)));
        assertEquals(4, ReportModel.startUp(List.of(1L, 200L, 400L, 700L)));
    }
}
