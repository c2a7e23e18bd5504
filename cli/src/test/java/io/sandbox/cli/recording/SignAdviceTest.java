// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Evidence;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignAdviceTest {
    private static List<String> shown(Verdict verdict) {
        Run run = Evidence.run("1", RunFilter.LOG_ALL, 0, verdict);
        Verdict shown = SignAdvice.in(run).verdict();
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

    @Test
    void sentenceOfNoSign_staysAsItIs() {
        Verdict verdict = new Verdict.Incomplete(0, List.of("of another version"));
        assertEquals(List.of("of another version"), shown(verdict));
    }
}
