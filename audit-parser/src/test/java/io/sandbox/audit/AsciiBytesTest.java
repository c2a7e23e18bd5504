// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AsciiBytesTest {
    private static final byte[] TEXT = ascii("xx audit(1700000000.123:45): pid=1");

    @Test
    void load8_atTheEnd_isFilledWithZeros() {
        byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8, (byte) 0xff};
        assertEquals(0x0807060504030201L, AsciiBytes.load8(bytes, 0));
        assertEquals(0xff08070605040302L, AsciiBytes.load8(bytes, 1));
        assertEquals(0x00ff080706050403L, AsciiBytes.load8(bytes, 2));
        assertEquals(0xff, AsciiBytes.load8(bytes, 8));
        assertEquals(0, AsciiBytes.load8(bytes, 9));
    }

    @Test
    void store8_isTheReverse() {
        byte[] bytes = new byte[10];
        AsciiBytes.store8(bytes, 1, 0x0807060504030201L);
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 0}, bytes);
    }

    @Test
    void equal_findsADifferenceAtEachPlace() {
        for (int length = 8; length <= 26; length++) {
            byte[] shifted = new byte[TEXT.length + 3];
            System.arraycopy(TEXT, 2, shifted, 3, length);
            assertTrue(AsciiBytes.equal(TEXT, 2, shifted, 3, length));
            for (int i = 0; i < length; i++) {
                byte[] changed = shifted.clone();
                changed[3 + i]++;
                assertFalse(AsciiBytes.equal(TEXT, 2, changed, 3, length), length + " " + i);
            }
        }
    }

    @Test
    void matches_onlyTheWholeTextBeforeTheEnd() {
        byte[] word = ascii("audit(");
        assertTrue(AsciiBytes.matches(TEXT, 3, 9, word));
        assertFalse(AsciiBytes.matches(TEXT, 3, 8, word));
        assertFalse(AsciiBytes.matches(TEXT, 2, 9, word));
        assertFalse(AsciiBytes.matches(TEXT, -1, 9, word));
        assertTrue(AsciiBytes.matches(TEXT, 0, 2, ascii("xx")));
        assertFalse(AsciiBytes.matches(TEXT, 3, 9, ascii("audit)")));
    }

    @Test
    void isCutOf_isABeginningButNotTheWhole() {
        byte[] word = ascii("audit(");
        assertTrue(AsciiBytes.isCutOf(TEXT, 3, 3, word));
        assertTrue(AsciiBytes.isCutOf(TEXT, 3, 8, word));
        assertFalse(AsciiBytes.isCutOf(TEXT, 3, 9, word));
        assertFalse(AsciiBytes.isCutOf(TEXT, 3, 10, word));
        assertFalse(AsciiBytes.isCutOf(TEXT, 2, 6, word));
        assertFalse(AsciiBytes.isCutOf(TEXT, 3, 8, ascii("audix(")));
    }

    @Test
    void indexOf_isTheFirstOrTheEnd() {
        for (int at = 0; at < 30; at++) {
            byte[] bytes = new byte[32];
            Arrays.fill(bytes, (byte) 'a');
            bytes[at] = ';';
            bytes[31] = ';';
            for (int from = 0; from <= 31; from++) {
                for (int end = from; end <= 31; end++) {
                    int expected = at >= from && at < end ? at : end;
                    assertEquals(expected, AsciiBytes.indexOf(bytes, from, end, (byte) ';'));
                }
            }
        }
        assertEquals(5, AsciiBytes.indexOf(TEXT, 5, 3, (byte) ' '), "behind the end");
    }

    @Test
    void isWord_isLettersDigitsAndUnderscore() {
        for (int b = Byte.MIN_VALUE; b <= Byte.MAX_VALUE; b++) {
            boolean expected = b > 0 && String.valueOf((char) b).matches("[A-Za-z0-9_]");
            assertEquals(expected, AsciiBytes.isWord((byte) b), "byte " + b);
            assertEquals(b >= '0' && b <= '9', AsciiBytes.isDigit((byte) b), "byte " + b);
        }
    }
}
