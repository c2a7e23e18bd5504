// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static io.sandbox.evidence.testing.Evidence.X86_64;
import static io.sandbox.evidence.testing.Evidence.drift;
import static io.sandbox.evidence.testing.Evidence.made;
import static io.sandbox.evidence.testing.Evidence.program;
import static io.sandbox.evidence.testing.Evidence.run;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.Machine;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DoubtsTest {
    private static final Tolerance NONE = new Tolerance(false, false);
    private static final Verdict LOST = new Verdict.Incomplete(1, List.of("dropped"));
    private static final Verdict COMPLETE = new Verdict.Complete();
    private static final String GAP = "./x: incomplete, up to 1 record lost: dropped";

    private static Drift driftOf(int status, Verdict verdict, RunFilter filter, String policy) {
        return drift(made(filter, status, verdict, 1), policy);
    }

    private static Drift driftOf(int status, Verdict verdict) {
        return driftOf(status, verdict, RunFilter.LOG_ALL, "write\n");
    }

    @Test
    void about_goodEvidence_isNone() {
        assertEquals(List.of(), Doubts.about(driftOf(0, COMPLETE), NONE));
    }

    @Test
    void about_noEvidence_saysSo() {
        assertEquals(
                List.of(new Doubt(Doubt.Kind.OTHER, "the evidence holds no call of any program")),
                Doubts.about(drift(new Recording(List.of()), "write\n"), NONE));
    }

    @Test
    void about_gap_isADoubtUnlessTolerated() {
        Drift drift = driftOf(0, LOST);
        Tolerance gaps = new Tolerance(true, false);
        assertEquals(List.of(new Doubt(Doubt.Kind.GAP, GAP)), Doubts.about(drift, NONE));
        assertEquals(List.of("a"), Doubts.withTolerated(List.of("a"), drift, NONE));
        assertEquals(List.of(), Doubts.about(drift, gaps));
        assertEquals(List.of("a", GAP), Doubts.withTolerated(List.of("a"), drift, gaps));
    }

    @ParameterizedTest
    @CsvSource({"window, bpf, the window", ", log, the log"})
    void about_gapOfWhatIsNoRunOfAProgram_namesIt(String from, String source, String name) {
        Run run =
                new Run(
                        "1",
                        Instant.EPOCH,
                        1,
                        source,
                        Optional.ofNullable(from),
                        List.of(),
                        RunFilter.LOG_ALL,
                        OptionalInt.empty(),
                        LOST,
                        new Machine("6.18", "x86_64", "0.1.0"),
                        List.of(program("/bin/x", X86_64, List.of(1))));
        assertEquals(
                List.of(new Doubt(Doubt.Kind.GAP, GAP.replace("./x", name))),
                Doubts.about(drift(Recording.of(run), "write\n"), NONE));
    }

    @ParameterizedTest
    @CsvSource({
        "1, FAILURE, a program that fails does not show what it needs",
        "143, ENDED_BY_SIGTERM, SIGTERM ended it",
    })
    void about_failure_tellsASignalApart(int status, Doubt.Kind kind, String why) {
        Drift drift = driftOf(status, COMPLETE);
        assertEquals(
                List.of(new Doubt(kind, "./x ended with status " + status + ": " + why)),
                Doubts.about(drift, NONE));
        assertEquals(List.of(), Doubts.about(drift, new Tolerance(false, true)));
    }

    @Test
    void about_callThatPassedUnseen_isNamed() {
        Drift drift = driftOf(0, COMPLETE, new RunFilter(false, List.of("read")), "write\n");
        assertEquals(
                List.of(
                        new Doubt(
                                Doubt.Kind.OTHER,
                                "read: was allowed without a record in some run, but the policy"
                                        + " does not allow it")),
                Doubts.about(drift, NONE));
    }

    /** What sandbox review tells beside its questions. */
    @Test
    void inEvidence_isWhateverTheUserWouldAccept() {
        assertEquals(List.of(), Doubts.inEvidence(driftOf(0, COMPLETE)));
        assertEquals(
                List.of(
                        GAP,
                        "./x ended with status 1: a program that fails does not show what it"
                                + " needs",
                        "read: was allowed without a record in some run, but the policy does not"
                                + " allow it"),
                Doubts.inEvidence(
                        driftOf(1, LOST, new RunFilter(false, List.of("read")), "write\n")));
    }

    @Test
    void about_undecidedCall_isToldApart() {
        Drift drift = driftOf(0, COMPLETE, RunFilter.LOG_ALL, "write(arg0==1)\n");
        assertEquals(
                List.of(
                        new Doubt(
                                Doubt.Kind.UNDECIDED,
                                "write: the policy says allow if arg0==1, otherwise kill, and the"
                                        + " evidence does not tell the arguments")),
                Doubts.about(drift, NONE));
    }
}
