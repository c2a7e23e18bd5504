// SPDX-License-Identifier: Apache-2.0
package io.sandbox.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;
import org.junit.jupiter.api.Test;

/** What is shown of texts of others. */
final class VisibleTextTest {
    @Test
    void of_everyCharacter_isOneThatIsSeen() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String shown = VisibleText.of(new String(Character.toChars(c)));
            boolean kept = shown.codePointAt(0) == c;
            int type = Character.getType(c);
            boolean invisible =
                    Character.isISOControl(c)
                            || type == Character.FORMAT
                            || type == Character.SURROGATE
                            || type == Character.LINE_SEPARATOR
                            || type == Character.PARAGRAPH_SEPARATOR;
            if (invisible) {
                assertEquals('\\', shown.charAt(0), Integer.toHexString(c));
            } else if (Character.isLetterOrDigit(c)) {
                assertEquals(true, kept, Integer.toHexString(c));
            }
        }
    }

    @Test
    void of_lineOfATerminal_isOneLine() {
        assertEquals("\\uffff\\U0001ffff", VisibleText.of("\uffff\ud83f\udfff"));
        assertEquals("a\\x0ab\\x1b[31m\\u202ec", VisibleText.of("a\nb\u001b[31m\u202ec"));
    }

    // The text is the one that libsandbox.so shows (tests/vectors hold both to their messages).

    @Table
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
