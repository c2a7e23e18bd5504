// SPDX-License-Identifier: Apache-2.0
package io.sandbox.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text is the one that libsandbox.so shows (tests/vectors hold both to their messages). */
final class ShownValueTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"a b~|a b~", "a\u001fb\u007f|a\\x1fb\\x7f", "\\|\\x5c", "\u00e9|\\xc3\\xa9"})
    void of_whatIsNotPrintableAscii_isHexadecimal(String value, String shown) {
        assertEquals(shown, ShownValue.of(value));
    }

    @Test
    void of_moreThanSixtyBytes_isCut() {
        assertEquals("x".repeat(60), ShownValue.of("x".repeat(60)));
        assertEquals("x".repeat(60) + "...", ShownValue.of("x".repeat(61)));
        assertEquals("\\xc3\\xa9".repeat(30) + "...", ShownValue.of("\u00e9".repeat(31)));
    }

    @Test
    void of_nothing_isInQuotes() {
        assertEquals("\"\"", ShownValue.of(""));
    }
}
