// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingFormatTest {
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

    @Test
    void read_anyByteChanged_isRefusedOrARecording() {
        byte[] text = VALID.getBytes(UTF_8);
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = text.clone();
            changed[random.nextInt(text.length)] = (byte) random.nextInt(256);
            try {
                RecordingReader.read(changed);
            } catch (RecordingFormatException e) {
                assertTrue(e.getMessage().lines().count() <= 1, e::getMessage);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"version\":1 | \"version\":2 | version: 2 is of a newer sandbox",
                "\"version\":1 | \"version\":1.5 | version: not a whole number",
                "sandbox-recording | other | format: not sandbox-recording",
                "\"millis\":13 | \"millis\":-1 | runs[0].millis: not a whole number",
                "\"millis\":13 | \"millis\":\"13\" | runs[0].millis: not a number",
                "\"millis\":13, | '' | runs[0].millis: is missing",
                "\"millis\":13 | \"millis\":13,\"more\":1 | runs[0].more: no field",
                "\"millis\":13 | \"millis\":13,\"millis\":13 | not JSON",
                "18:11:30.912Z | noon | runs[0]: started: not a time",
                "\"count\":2 | \"count\":10000000000001 | calls[0].count: not a whole number",
                "\"2026- | \"+1000000000- | runs[0]: started: not a time",
                "\"2026- | \"-1000000000- | runs[0]: started: not a time",
                "\"complete\":true | \"complete\":false | runs[0].causes: is missing",
                "[\"x\"] | [1] | runs[0].command: not an array of strings",
                "\"count\":2 | \"count\":0 | runs[0].programs[0].calls[0].count: not a whole",
                "\"number\":1 | \"number\":4294967296 | calls[0].number: not a whole number",
                "\"first_millis\":3 | \"first_millis\":3,\"origin\":\"x\" | not MODULE+0xOFFSET",
                "\"first_millis\":3 | \"first_millis\":3,\"before_entry\":3 | more calls before",
                "\"first_millis\":3 | \"first_millis\":3,\"last_millis\":2 | before the first",
                "\"first_millis\":3 | \"first_millis\":3,\"arguments\":[] | calls[0]: arguments:"
                        + " empty",
                "\"first_millis\":3 | \"first_millis\":3,\"arguments\":[\"arg7==1\"] | calls[0]:"
                        + " arguments: not conditions",
                "\"executable\" | \"phase\":\"start\",\"executable\" | phase: not runtime",
                "\"status\":0 | \"status\":256 | runs[0].status: not a whole number from 0 to 255",
            })
    void read_mistake_isNamedWithItsPlace(String part, String instead, String words) {
        String text = VALID.replace(part, instead);
        assertTrue(!text.equals(VALID), "the case must change something");
        assertTrue(refusal(text).contains(words), () -> refusal(text));
    }

    /** A foreign file may hold terminal sequences, or a megabyte in one field. */
    @Test
    void read_mistakeInAnyText_isSaidInOnePrintableLine() {
        String bad = "\\u001b[2J\\n" + "x".repeat(1000);
        for (String text :
                List.of(
                        VALID.replace("18:11:30.912Z", bad),
                        VALID.replace("\"status\":0", "\"" + bad + "\":0"),
                        VALID.replace(
                                "\"first_millis\":3",
                                "\"first_millis\":3,\"origin\":\"" + bad + "\""))) {
            String message = refusal(text);
            assertTrue(message.chars().allMatch(c -> c >= ' ' && c <= '~'), message);
            assertTrue(message.length() < 300, message);
        }
    }

    @Test
    void read_otherJson_isRefused() {
        assertEquals("the text: not a JSON object", refusal("[]"));
        assertEquals("format: is missing", refusal("{}"));
    }

    @Test
    void write_sameCallOfTwoArches_hasTheNameOfEach() {
        String text = VALID.replace("3221225534", "1073741827");
        String written = new String(RecordingWriter.write(read(text)), UTF_8);
        assertTrue(written.contains("\"name\" : \"exit\""), written);
        assertTrue(written.contains("\"arch\" : \"i386\""), written);
    }

    @Test
    void write_anything_endsWithANewline() {
        String written = new String(RecordingWriter.write(read(VALID)), UTF_8);
        assertTrue(written.endsWith("]\n}\n"), written);
    }

    @Test
    void read_highestStatus_isAccepted() {
        assertEquals(
                OptionalInt.of(255),
                read(VALID.replace("\"status\":0", "\"status\":255")).runs().get(0).status());
    }

    @Test
    void read_noJson_isRefusedWithItsLine() {
        assertEquals("line 2: not JSON", refusal("{\n]"));
    }
}
