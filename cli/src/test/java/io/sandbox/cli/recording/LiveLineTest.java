// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.cli.output.Console;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Progress;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.syscalldb.ObservedCall;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LiveLineTest {
    private long seconds;

    private record Counts(long records, int callCount) implements Progress {
        @Override
        public Optional<ObservedCall> lastCall() {
            return Optional.empty();
        }
    }

    private String said(boolean ofSeveral) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true));
        try {
            LiveLine line = new LiveLine(new Console("learn"), () -> seconds * 1_000_000_000);
            if (ofSeveral) {
                line.runEnded();
                line.begins("busy", 9, 100_000);
            }
            for (int i = 0; i < 120; i++) {
                seconds++;
                line.update(new Counts(i, 1), () -> 0);
            }
        } finally {
            System.setErr(before);
        }
        return said.toString();
    }

    @Test
    void series_isSaidToGoOn_eachMinute() {
        String expected =
                """
                learn: still recording: run 2 of at least 9 (state busy), 60 s so far, about 40 s left
                learn: still recording: run 2 of at least 9 (state busy), 120 s so far
                """;
        assertEquals(expected, said(true));
    }

    @Test
    void oneRun_saysNothing_howeverLongItTakes() {
        assertEquals("", said(false));
    }

    private static List<String> shown(Verdict verdict) {
        Verdict shown = SignAdvice.in(Evidence.run("1", RunFilter.LOG_ALL, 0, verdict)).verdict();
        return shown instanceof Verdict.Incomplete incomplete
                ? incomplete.causes()
                : shown.reservations();
    }

    @ParameterizedTest
    @EnumSource
    void eachSign_isShownWithItsAdvice(Sign.Kind kind) {
        Sign sign = new Sign(kind, 3, "");
        String advice = SignAdvice.of(kind).map(words -> " (" + words + ")").orElse("");
        assertEquals(List.of(sign.sentence() + advice), shown(Judge.judge(new Signs().add(sign))));
    }

    @Test
    void sentenceWithAdvice_asOlderRecordingsHaveIt_staysAsItIs() {
        for (String old :
                List.of(
                        "the program asks for seccomp's strict mode, which the kernel refuses"
                                + " beside a filter of ours (--source bpf can record it)",
                        "the program loads a filter of its own: calls that it refuses are not"
                                + " listed, and under a list without them the program may be killed"
                                + " (sandbox-learn --verify tries it)")) {
            assertEquals(List.of(old), shown(new Verdict.Complete(List.of(old))));
        }
    }
}
