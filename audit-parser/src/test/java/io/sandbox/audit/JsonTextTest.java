// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** JSON (RFC 8259) in a range of bytes; what is around the range has no effect. */
final class JsonTextTest {
    private final List<String> skipped = new ArrayList<>();

    private final JsonText json =
            new JsonText() {
                @Override
                void skipped(int start, boolean isString) {
                    skipped.add(new String(buf, start, pos - start, UTF_8) + " " + isString);
                }
            };

    /** Begins to read a text that more of the same kind surrounds. */
    private void start(String text) {
        byte[] bytes = ("\"]}" + text + "\"]}0\"").getBytes(UTF_8);
        json.start(bytes, 3, bytes.length - 5);
    }

    private String decoded(String text) {
        start(text);
        boolean read = json.string();
        assertTrue(!read || json.pos == json.end, text);
        return read ? new String(json.text, 0, json.textLength, UTF_8) : "refused";
    }

    @Table
    void string_isDecodedOrRefused(String text, String expected) {
        assertEquals(expected, decoded(text));
    }

    @Test
    void string_controlCharacters_areOnlyEscaped() {
        assertEquals("\b\f\n\r\t", decoded("\"\\b\\f\\n\\r\\t\""));
        assertEquals("\u0000\u001f", decoded("\"\\u0000\\u001f\""));
        for (String control : new String[] {"\t", "\n", "\u0000", "\u001f"}) {
            assertEquals("refused", decoded("\"a" + control + "b\""));
        }
    }

    @Test
    void string_ofAnyLength_isDecoded() {
        for (int length : new int[] {0, 7, 8, 9, 511, 512, 513, 1025, 5000}) {
            assertEquals("\n".repeat(length), decoded("\"" + "\\n".repeat(length) + "\""));
            assertEquals("x".repeat(length), decoded("\"" + "x".repeat(length) + "\""));
            String half = "y".repeat(length);
            assertEquals(half + "\n" + half, decoded("\"" + half + "\\n" + half + "\""));
        }
    }

    @Test
    void skipValue_wholeValue_isSkipped() {
        String values =
                """
                0|-1.5e+3|true|null|""|"a\\"b\\\\"|[]|[ ]|[1]|[1 , "a" ,[2]]|{}|{ }|{"a":1}|\
                { "a" : 1 , "b" : [ null ] }| \t\r\n1\
                """;
        for (String text : values.split("\\|")) {
            start(text);
            assertTrue(json.skipValue(0), text);
            assertEquals(json.end, json.pos, text);
        }
    }

    @Test
    void skipValue_partOfAValue_isRefused() {
        String parts =
                """
                | |*|"a|"a\\"|[|[1|[1,|[1,]|[1 2]|[1}|[*]|["a]|{|{1:2}|{:1}|{a:1}|{"a"|{"a" 1}|{"a":|\
                {"a":*}|{"a":1|{"a":1,|{"a":1,}|{"a":1]|{"a:1}|\13\
                """
                        + "1";
        for (String text : parts.split("\\|")) {
            start(text);
            assertFalse(json.skipValue(0), text);
        }
    }

    @Test
    void skipValue_nesting_isLimited() {
        start("[".repeat(33) + "]".repeat(33));
        assertTrue(json.skipValue(0));
        start("[".repeat(34) + "]".repeat(34));
        assertFalse(json.skipValue(0));
        start("{\"a\":".repeat(32) + "1" + "}".repeat(32));
        assertTrue(json.skipValue(0));
        start("{\"a\":".repeat(33) + "1" + "}".repeat(33));
        assertFalse(json.skipValue(0));
    }

    /** For those who read the same line again. */
    @Test
    void skipValue_plainValues_areTold() {
        start("{\"a\":1,\"b\":[\"c\",{\"d\":null}]}");
        assertTrue(json.skipValue(0));
        assertEquals(List.of("1 false", "\"c\" true", "null false"), skipped);
    }
}
