// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as the kernel prints them, and where reading stops at those that it does not print. */
class NumberReaderTest {
    private final NumberReader reader = new NumberReader();

    /** The value or the reason, and the end. */
    private String shown(MalformedReason reason) {
        return (reason == null ? reader.value() : reason) + " " + reader.end();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    @Table
    void unsigned_isUpToTheMaximum(String text, String expected) {
        byte[] bytes = bytes(text);
        assertEquals(expected, shown(reader.unsigned(bytes, 0, bytes.length, 0xffff_ffffL)));
    }

    /** What follows may be digits of the next line. */
    @ParameterizedTest
    @CsvSource({"0, TRUNCATED 0", "3, 123 3", "8, 12345678 8", "9, 123456789 9"})
    void unsigned_digitsBehindTheEnd_areNotRead(int to, String expected) {
        assertEquals(
                expected, shown(reader.unsigned(bytes("12345678999"), 0, to, Long.MAX_VALUE >> 4)));
        String hex = expected.replace("123456789 ", "4886718345 ");
        hex = hex.replace("12345678 ", "305419896 ").replace("123 ", "291 ");
        assertEquals(hex, shown(reader.hex(bytes("12345678999"), 0, to, 16)));
    }

    @Table
    void signed_isAnInt(String text, String expected) {
        byte[] bytes = bytes(text);
        assertEquals(expected, shown(reader.signed(bytes, 0, bytes.length)));
    }

    @Table
    void hex_hasUpToSoManyDigits(String text, int maxDigits, String expected) {
        byte[] bytes = bytes(text);
        assertEquals(expected, shown(reader.hex(bytes, 0, bytes.length, maxDigits)));
    }

    @Table
    void prefixedHex_beginsWith0x(String text, String expected) {
        byte[] bytes = bytes(text);
        assertEquals(expected, shown(reader.prefixedHex(bytes, 0, bytes.length, 16)));
    }
}
