// SPDX-License-Identifier: Apache-2.0
package io.sandbox.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

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
}
