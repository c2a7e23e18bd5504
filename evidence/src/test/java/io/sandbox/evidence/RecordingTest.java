// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.evidence.testing.Evidence;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What several runs say together. */
class RecordingTest {
    private static String names(List<ObservedCall> calls) {
        return calls.stream().map(ObservedCall::displayName).toList().toString();
    }

    /** All that a recording says, apart from what is usual. */
    private static String facts(Recording recording) {
        List<String> facts = new ArrayList<>(List.of(recording.verdictWords()));
        facts.addAll(recording.missingStarts().sentences());
        facts.add("unhealed " + recording.unhealed().stream().map(Run::id).toList());
        facts.add("reservations " + recording.reservations());
        facts.add("calls " + names(recording.calls()));
        facts.add(
                "runs "
                        + recording.runs().stream()
                                .map(run -> run.id() + " " + run.records())
                                .toList());
        facts.removeIf(fact -> fact.endsWith(" []"));
        Optional<Estimate> estimate = Estimate.of(recording);
        if (estimate.isPresent()) {
            Estimate e = estimate.get();
            String of = "estimate of %d runs, sample %d, finds %d, once %s: ";
            String chances = "%.4f, at most %.4f, %.4f of 5";
            facts.add(
                    of.formatted(e.runs(), e.sample(), e.finds(), names(e.singular()))
                            + chances.formatted(
                                    e.chanceOfNew(), e.upperBound(), e.chanceOfMissing(5)));
        }
        assertEquals(recording.verdictWords().equals("incomplete"), !recording.isComplete());
        return String.join("; ", facts);
    }

    /** The numbers are Clopper's and Pearson's, such as (1-p)^3 + 3 p (1-p)^2 = 0.05. */
    @Table
    void recording_runs_saysTogether(String name, String runs, String facts) {
        assertEquals(facts, facts(RunText.recording(runs)), name);
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
        Recording one = RunText.recording("x: /bin/x write");
        Recording other = RunText.recording("x: /bin/x open");
        Exception e = assertThrows(IllegalArgumentException.class, () -> one.merge(other));
        assertEquals("two different runs have the id x", e.getMessage());
    }

    /** Programs by path, calls by number; a call that is there twice is found wherever it is. */
    @Test
    void run_programsAndCallsInAnyOrder_areSorted() {
        Run run = RunText.recording("a: /bin/z 7 1 3; /bin/a 2; /bin/a@i386 5").runs().get(0);
        assertEquals(
                List.of("/bin/a 5", "/bin/a 2", "/bin/z 1", "/bin/z 3", "/bin/z 7"),
                run.programs().stream()
                        .flatMap(
                                p ->
                                        p.calls().stream()
                                                .map(call -> p.executable() + " " + call.number()))
                        .toList());
        assertThrows(
                IllegalArgumentException.class,
                () -> Evidence.program("/bin/a", Evidence.X86_64, List.of(1, 2, 1)));
    }
}
