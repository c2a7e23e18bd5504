// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class KernelTextTest {
    private static int quotedEnd(String text) {
        byte[] bytes = ascii(text + "\"\"\"");
        return KernelText.quotedEnd(bytes, 0, text.length());
    }

    @Test
    void quotedEnd_isBehindTheClosingQuote() {
        for (int length = 0; length < 20; length++) {
            String quoted = "\"" + "a".repeat(length) + "\"";
            assertEquals(quoted.length(), quotedEnd(quoted));
            assertEquals(quoted.length(), quotedEnd(quoted + " x"));
        }
    }

    /** The place of the mistake is told. Quotes after the end are not those of the text. */
    @Test
    void quotedEnd_withoutAClosingQuote_isWhereItIsWrong() {
        for (int length = 0; length < 20; length++) {
            String open = "\"" + "a".repeat(length);
            assertEquals(-1 - open.length(), quotedEnd(open));
            for (String wrong : new String[] {" ", "\n", "\u007f", "\u0001"}) {
                assertEquals(-1 - open.length(), quotedEnd(open + wrong + "\""));
            }
        }
    }

    @Test
    void hexEnd_isAfterWholePairs() {
        byte[] text = ascii("2F62696EAF x");
        assertEquals(10, KernelText.hexEnd(text, 0, text.length));
        assertEquals(8, KernelText.hexEnd(text, 0, 9), "half a pair");
        assertEquals(9, KernelText.hexEnd(text, 1, text.length));
        assertEquals(0, KernelText.hexEnd(ascii("2f"), 0, 2), "the kernel writes upper case");
        assertEquals(0, KernelText.hexEnd(ascii("G0"), 0, 2));
        assertEquals(0, KernelText.hexEnd(ascii("@0"), 0, 2));
        assertEquals(0, KernelText.hexEnd(ascii("A:"), 0, 2));
    }
}
