// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

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

    @Table
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
