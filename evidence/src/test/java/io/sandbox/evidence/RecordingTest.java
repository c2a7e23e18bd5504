// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.testing.Evidence;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.policy.testing.Fuzz;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RecordingTest {
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

    private static final String VALID =
            """
            {"format":"sandbox-recording","version":1,"runs":[{"id":"a",\
            "started":"2026-11-24T18:11:30.912Z","millis":13,"source":"audit","command":["x"],\
            "enforced":false,"allowed":[],"status":0,"complete":true,\
            "machine":{"kernel":"6.18","arch":"x86_64","tool":"1"},"programs":[\
            {"executable":"/bin/x","arch":"x86_64","audit_arch":3221225534,"calls":[\
            {"name":"write","number":1,"count":2,"first_millis":3}]}]}]}\
            """;

    private static Recording read(String text) {
        return RecordingReader.read(text.getBytes(UTF_8));
    }

    private static String refusal(String text) {
        return assertThrows(RecordingFormatException.class, () -> read(text)).getMessage();
    }

    @Test
    void write_thenRead_givesTheSameRecording() {
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            Recording recording = RandomRecordings.next(random);
            byte[] text = RecordingWriter.write(recording);
            assertEquals(recording, RecordingReader.read(text));
            assertArrayEquals(text, RecordingWriter.write(RecordingReader.read(text)));
        }
    }

    /** A truncated recording always gives the same exception and never half a recording. */
    @Test
    void read_truncatedAnywhere_isRefused() {
        byte[] text = RecordingWriter.write(read(VALID));
        // Without its final newline it is still complete.
        for (int i = 0; i < text.length - 1; i++) {
            byte[] cut = Arrays.copyOf(text, i);
            assertThrows(
                    RecordingFormatException.class,
                    () -> RecordingReader.read(cut),
                    () -> new String(cut, UTF_8));
        }
    }

    @Table
    void read_mistake_isNamedWithItsPlace(String part, String instead, String words) {
        String text = VALID.replace(part, instead);
        assertTrue(!text.equals(VALID), "the case must change something");
        assertTrue(refusal(text).contains(words), () -> refusal(text));
    }

    /**
     * A foreign file may hold terminal sequences, or a megabyte in one field: BAD is such a text.
     */
    @Table
    void read_mistakeInAnyText_isSaidInOnePrintableLine(String part, String instead) {
        String bad = "\\u001b[2J\\n" + "x".repeat(1000);
        String message = refusal(VALID.replace(part, instead.replace("BAD", bad)));
        assertTrue(message.chars().allMatch(c -> c >= ' ' && c <= '~'), message);
        assertTrue(message.length() < 300, message);
    }

    @Test
    void read_otherJson_isRefused() {
        assertEquals("the text: not a JSON object", refusal("[]"));
        assertEquals("format: is missing", refusal("{}"));
        assertEquals("line 2: not JSON", refusal("{\n]"));
    }

    @Test
    void write_sameCallOfTwoArches_hasTheNameOfEach() {
        String text = VALID.replace("3221225534", "1073741827");
        String written = new String(RecordingWriter.write(read(text)), UTF_8);
        assertTrue(written.contains("\"name\" : \"exit\""), written);
        assertTrue(written.contains("\"arch\" : \"i386\""), written);
        assertTrue(written.endsWith("]\n}\n"), written);
    }

    @Test
    void read_highestStatus_isAccepted() {
        assertEquals(
                OptionalInt.of(255),
                read(VALID.replace("\"status\":0", "\"status\":255")).runs().get(0).status());
    }

    // Any recording file is either refused, or read and then written unchanged.

    private static List<byte[]> seeds() {
        Random random = new Random(5);
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            seeds.add(RecordingWriter.write(RandomRecordings.next(random)));
        }
        return seeds;
    }

    @Test
    void read_damaged_isReadOrRefused() {
        Fuzz.run(3000, seeds(), RecordingTest::readOrRefuse);
    }

    private static void readOrRefuse(byte[] input) {
        Recording recording;
        try {
            recording = RecordingReader.read(input);
        } catch (RecordingFormatException e) {
            assertTrue(e.getMessage().lines().count() == 1, e::getMessage);
            assertTrue(e.getMessage().length() < 1000, e::getMessage);
            return;
        }
        byte[] written = RecordingWriter.write(recording);
        assertEquals(recording, RecordingReader.read(written), () -> new String(written, UTF_8));
    }
}
