// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
        return (text == null ? "" : text).getBytes(US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 1",
        "7 , 7 1",
        "12345678, 12345678 8",
        "123456789, 123456789 9",
        "4294967295, 4294967295 10",
        "4294967296, OVERFLOW 10",
        "99999999999999999999, OVERFLOW 10",
        "12a, 12 2",
        "00, BAD_NUMBER 2",
        "01, BAD_NUMBER 2",
        "x, BAD_NUMBER 0",
        "-1, BAD_NUMBER 0",
        "+1, BAD_NUMBER 0",
        ", TRUNCATED 0"
    })
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

    @ParameterizedTest
    @CsvSource({
        "0, 0 1",
        "-1, -1 2",
        "2147483647, 2147483647 10",
        "2147483648, OVERFLOW 10",
        "-2147483648, -2147483648 11",
        "-2147483649, OVERFLOW 11",
        "-, TRUNCATED 1",
        "--1, BAD_NUMBER 1",
        "-01, BAD_NUMBER 3",
        ", TRUNCATED 0"
    })
    void signed_isAnInt(String text, String expected) {
        byte[] bytes = bytes(text);
        assertEquals(expected, shown(reader.signed(bytes, 0, bytes.length)));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 16, 0 1",
        "c000003e, 8, 3221225534 8",
        "c000003e1, 8, OVERFLOW 8",
        "12, 1, OVERFLOW 1",
        "7fffffffffffffff, 16, 9223372036854775807 16",
        "ffffffffffffffff, 16, -1 16",
        "ffffffffffffffff0, 16, OVERFLOW 16",
        "0f, 8, BAD_NUMBER 2",
        "F, 8, BAD_NUMBER 0",
        "g, 8, BAD_NUMBER 0",
        "1G, 8, 1 1",
        ", 8, TRUNCATED 0"
    })
    void hex_hasUpToSoManyDigits(String text, int maxDigits, String expected) {
        byte[] bytes = bytes(text);
        assertEquals(expected, shown(reader.hex(bytes, 0, bytes.length, maxDigits)));
    }

    @ParameterizedTest
    @CsvSource({
        "0x0, 0 3",
        "0x1f, 31 4",
        "0xg, BAD_NUMBER 2",
        "0x, TRUNCATED 2",
        "0, TRUNCATED 1",
        "0X1, BAD_NUMBER 0",
        "1x1, BAD_NUMBER 0",
        "1, BAD_NUMBER 0",
        ", TRUNCATED 0"
    })
    void prefixedHex_beginsWith0x(String text, String expected) {
        byte[] bytes = bytes(text);
        assertEquals(expected, shown(reader.prefixedHex(bytes, 0, bytes.length, 16)));
    }
}
