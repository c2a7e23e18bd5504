// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.evidence.testing.Evidence;
import io.sandbox.syscalldb.ObservedCall;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordingTest {
    private static final Verdict LOSSY = new Verdict.Incomplete(3, List.of("records were lost"));
    private static final Verdict WHOLE = new Verdict.Complete();

    private static Run run(String id, long startMillis, Verdict verdict, int... calls) {
        return run(id, startMillis, List.of("prog"), verdict, calls);
    }

    private static Run run(
            String id, long startMillis, List<String> command, Verdict verdict, int... numbers) {
        return run(id, startMillis, "audit", command, RunFilter.LOG_ALL, verdict, numbers);
    }

    private static Run run(
            String id,
            long startMillis,
            String source,
            List<String> command,
            RunFilter filter,
            Verdict verdict,
            int... numbers) {
        return new Run(
                id,
                Instant.ofEpochMilli(startMillis),
                1,
                source,
                Optional.of("preload"),
                command,
                filter,
                OptionalInt.of(0),
                verdict,
                new Machine("6.18", "x86_64", "1"),
                List.of(
                        Evidence.program(
                                "/bin/prog",
                                Evidence.X86_64,
                                IntStream.of(numbers).boxed().toList())));
    }

    private static List<String> unhealed(Run... runs) {
        return new Recording(List.of(runs)).unhealed().stream().map(Run::id).toList();
    }

    @Test
    void merge_isCommutativeAssociativeAndIdempotent() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            Recording a = RandomRecordings.next(random);
            Recording b = RandomRecordings.next(random);
            Recording c = RandomRecordings.next(random);
            assertEquals(a.merge(b), b.merge(a));
            assertEquals(a.merge(b).merge(c), a.merge(b.merge(c)));
            assertEquals(a, a.merge(a));
            assertEquals(a.merge(b), a.merge(b).merge(a));
        }
    }

    @Test
    void merge_otherRunOfTheSameId_isRefused() {
        Recording one = Recording.of(run("x", 1, WHOLE, 1));
        Recording other = Recording.of(run("x", 1, WHOLE, 2));
        Exception e = assertThrows(IllegalArgumentException.class, () -> one.merge(other));
        assertEquals("two different runs have the id x", e.getMessage());
    }

    @Test
    void calls_ofSeveralRuns_areSortedAndUnique() {
        Recording both =
                new Recording(List.of(run("a", 1, WHOLE, 231, 1), run("b", 2, WHOLE, 1, 0)));
        assertEquals(
                List.of("read", "write", "exit_group"),
                both.calls().stream().map(ObservedCall::displayName).toList());
    }

    /** By time, then by id. */
    @Test
    void runs_inAnyOrder_areSorted() {
        Recording recording =
                new Recording(
                        List.of(
                                run("a", 9, WHOLE, 1),
                                run("c", 2, WHOLE, 1),
                                run("b", 2, WHOLE, 1)));
        assertEquals(List.of("b", "c", "a"), recording.runs().stream().map(Run::id).toList());
    }

    /** Programs by path, calls by number; a call that is there twice is found wherever it is. */
    @Test
    void run_programsAndCallsInAnyOrder_areSortedAndCounted() {
        Run run =
                Evidence.run(
                        "a",
                        Evidence.program("/bin/z", Evidence.X86_64, List.of(7, 1, 3)),
                        Evidence.program("/bin/a", Evidence.X86_64, List.of(2)),
                        Evidence.program("/bin/a", Evidence.I386, List.of(5)));
        assertEquals(
                List.of("/bin/a 5", "/bin/a 2", "/bin/z 1", "/bin/z 3", "/bin/z 7"),
                run.programs().stream()
                        .flatMap(
                                program ->
                                        program.calls().stream()
                                                .map(
                                                        call ->
                                                                program.executable()
                                                                        + " "
                                                                        + call.number()))
                        .toList());
        assertEquals(10, run.records());
        assertThrows(
                IllegalArgumentException.class,
                () -> Evidence.program("/bin/a", Evidence.X86_64, List.of(1, 2, 1)));
    }

    @Test
    void unhealed_lossBeforeACompleteRun_isHealed() {
        assertEquals(List.of(), unhealed(run("a", 1, LOSSY, 1), run("b", 2, WHOLE, 1)));
    }

    @Test
    void unhealed_lossAfterACompleteRun_remains() {
        assertEquals(List.of("b"), unhealed(run("a", 1, WHOLE, 1), run("b", 2, LOSSY, 1)));
    }

    @Test
    void unhealed_completeRunOfAnotherCommand_healsNothing() {
        Run other = run("b", 2, List.of("prog", "--other"), WHOLE, 1);
        assertEquals(List.of("a"), unhealed(run("a", 1, LOSSY, 1), other));
    }

    @Test
    void unhealed_log_isHealedByNothing() {
        Run log = run("a", 1, List.of(), LOSSY, 1);
        assertEquals(List.of("a"), unhealed(log, run("b", 2, List.of(), WHOLE, 1)));
    }

    @Test
    void estimate_isTheShareOfSingularCalls() {
        Recording three =
                new Recording(
                        List.of(
                                run("a", 1, WHOLE, 0, 1),
                                run("b", 2, WHOLE, 0, 1, 3),
                                run("c", 3, WHOLE, 0),
                                run("lossy", 4, LOSSY, 9)));
        Estimate estimate = Estimate.of(three).orElseThrow();
        assertEquals(3, estimate.runs());
        assertEquals(
                List.of("close"),
                estimate.singular().stream().map(ObservedCall::displayName).toList());
        assertEquals(1.0 / 3, estimate.chanceOfNew(), 1e-9);
        // Clopper and Pearson for 1 of 3: (1-p)^3 + 3 p (1-p)^2 = 0.05.
        assertEquals(0.8646, estimate.upperBound(), 1e-4);
    }

    @Test
    void estimate_noCallSeenOnce_isTheRuleOfThree() {
        Recording three =
                new Recording(
                        List.of(
                                run("a", 1, WHOLE, 0, 1),
                                run("b", 2, WHOLE, 0, 1),
                                run("c", 3, WHOLE, 0, 1)));
        Estimate estimate = Estimate.of(three).orElseThrow();
        assertEquals(0, estimate.chanceOfNew());
        assertEquals(1 - Math.cbrt(0.05), estimate.upperBound(), 1e-9);
        assertEquals(0.512, estimate.chanceOfMissing(5), 1e-9);
    }

    /** A run with two calls that no other run made counts as one find. */
    @Test
    void estimate_runWithSeveralSingularCalls_isOneFind() {
        Recording two = new Recording(List.of(run("a", 1, WHOLE, 0), run("b", 2, WHOLE, 0, 1, 2)));
        assertEquals(1, Estimate.of(two).orElseThrow().finds());
    }

    /** Calls that the filter allowed left no record, so it is unknown which were made only once. */
    @Test
    void estimate_runsThatShowOnlyNewCalls_countsThoseAfterTheLastFind() {
        List<Run> runs =
                List.of(
                        run("a", 1, WHOLE, 0),
                        later("b", 2, WHOLE, 1),
                        later("c", 3, WHOLE),
                        later("lossy", 4, LOSSY),
                        later("d", 5, WHOLE));
        Estimate estimate = Estimate.of(new Recording(runs)).orElseThrow();
        assertEquals(4, estimate.runs());
        assertEquals(2, estimate.sample());
        assertEquals(1 - Math.sqrt(0.05), estimate.upperBound(), 1e-9);
        Estimate found = Estimate.of(new Recording(runs.subList(0, 2))).orElseThrow();
        assertEquals(0, found.sample());
        assertEquals(1, found.upperBound(), 1e-9);
    }

    private static Run later(String id, long startMillis, Verdict verdict, int... numbers) {
        RunFilter known = new RunFilter(false, List.of("read"));
        return run(id, startMillis, "audit", List.of("prog"), known, verdict, numbers);
    }

    @Test
    void estimate_fromOneRun_isNone() {
        assertEquals(Optional.empty(), Estimate.of(Recording.of(run("a", 1, WHOLE, 0, 1))));
    }

    @Test
    void verdictWords_areThoseOfTheWorstRun() {
        Run reserved = run("c", 3, new Verdict.Complete(List.of("refused")), 1);
        assertEquals("complete", Recording.of(run("a", 1, WHOLE, 1)).verdictWords());
        Recording both = new Recording(List.of(run("a", 1, WHOLE, 1), reserved));
        assertEquals("complete, with a reservation", both.verdictWords());
        Recording lossy = both.merge(Recording.of(run("d", 4, LOSSY, 1)));
        assertEquals("incomplete", lossy.verdictWords());
        assertEquals("complete", new Recording(List.of()).verdictWords());
    }

    private static Recording series(String source, String first, String last, boolean enforced) {
        List<String> command = List.of("prog");
        RunFilter listed = new RunFilter(enforced, List.of());
        return new Recording(
                List.of(
                        run("0", 0, source, command, new RunFilter(false, List.of()), with(first)),
                        run("1", 1, source, command, listed, with(last))));
    }

    private static Verdict with(String reservation) {
        return new Verdict.Complete(reservation.isEmpty() ? List.of() : List.of(reservation));
    }

    /** The last run shows what a filter of the program's own refuses, or has the same doubt. */
    @Test
    void reservations_ofAFilterOfItsOwn_areResolvedByALaterRun() {
        String own = "the program loads a filter of its own: calls may be missing";
        String outer = "an earlier filter may have refused calls";
        assertEquals(List.of(), series("audit", own, "", true).reservations());
        assertEquals("complete", series("audit", own, "", true).verdictWords());
        assertEquals(List.of(own), series("audit", own, "", false).reservations());
        assertEquals(List.of(own), series("audit", own, own, true).reservations());
        assertEquals(List.of(own), series("audit", "", own, true).reservations());
        assertEquals(List.of(outer), series("audit", outer, "", true).reservations());
        assertEquals(List.of(), series("bpf", own, "", false).reservations());
        assertEquals("complete, with a reservation", series("bpf", own, own, false).verdictWords());
    }
}
