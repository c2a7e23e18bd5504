// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.LongToIntFunction;
import org.junit.jupiter.api.Test;

/** What is read and found in bytes. */
final class NumberReaderTest {
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
    @Table
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

    /** The kernel writes upper case. */
    @Table
    void hexEnd_isAfterWholePairs(String text, int from, int to, int end) {
        assertEquals(end, KernelText.hexEnd(ascii(text), from, to));
    }

    private static String random(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(3)));
        }
        return text.toString();
    }

    @Test
    void find_isTheFirstThatIsWhollyInTheRange() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            String wanted = random(random, 1 + random.nextInt(5));
            String text = random(random, random.nextInt(30));
            int from = random.nextInt(text.length() + 1);
            int end = from + random.nextInt(text.length() - from + 1);
            int found = text.substring(0, end).indexOf(wanted, from);
            assertEquals(
                    found < 0 ? end : found,
                    new SubstringSearch(wanted).find(ascii(text), from, end),
                    () -> wanted + " in " + text);
        }
    }

    @Test
    void find_bytesThatAreNoAscii_areNoHit() {
        byte[] text = {(byte) 0xff, (byte) 0x80, 'a', 'b'};
        assertEquals(2, new SubstringSearch("ab").find(text, 0, 4));
    }

    @Test
    void text_hasOneTo127Letters() {
        String longest = "x".repeat(127);
        assertEquals(1, new SubstringSearch(longest).find(ascii("y" + longest), 0, 128));
        for (String wrong : new String[] {"", longest + "x"}) {
            assertThrows(IllegalArgumentException.class, () -> new SubstringSearch(wrong));
        }
    }

    /** The bytes at the limits of each class. */
    private static final byte[] EDGES =
            "/09:@AFGZ[^_`afg !\"#~\u007f\u0080\u00ff\0".getBytes(StandardCharsets.ISO_8859_1);

    private final Random random = new Random(5);

    private byte[] randomBytes() {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        for (int i = 0; i < 8; i++) {
            if (random.nextInt(4) != 0) {
                bytes[i] = EDGES[random.nextInt(EDGES.length)];
            }
        }
        return bytes;
    }

    private void assertRun(LongToIntFunction run, IntPredicate belongs) {
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = randomBytes();
            int expected = 0;
            while (expected < 8 && belongs.test(bytes[expected] & 0xff)) {
                expected++;
            }
            assertEquals(
                    expected,
                    run.applyAsInt(AsciiBytes.load8(bytes, 0)),
                    () -> Arrays.toString(bytes));
        }
    }

    @Test
    void runs_anyBytes_endAtTheFirstOther() {
        assertRun(EightBytes::decimalRun, b -> b >= '0' && b <= '9');
        assertRun(EightBytes::hexRun, b -> b >= '0' && b <= '9' || b >= 'a' && b <= 'f');
        assertRun(EightBytes::nameRun, b -> b >= 'A' && b <= 'Z' || b == '_');
        assertRun(EightBytes::quotableRun, b -> b >= 0x21 && b <= 0x7e && b != '"');
        assertRun(word -> EightBytes.runWithout(word, (byte) 'a'), b -> b != 'a');
        assertRun(word -> EightBytes.runWithout(word, (byte) 0xff), b -> b != 0xff);
    }

    private static long word(String number) {
        return AsciiBytes.load8((number + " x9zzzzzzzz").getBytes(StandardCharsets.US_ASCII), 0);
    }

    @Test
    void numbers_withTextBehind_areRead() {
        for (int round = 0; round < 100_000; round++) {
            double power = Math.pow(10, 1 + random.nextInt(8));
            String number = Long.toString((long) (random.nextDouble() * power));
            assertEquals(Long.parseLong(number), EightBytes.decimal(word(number), number.length()));
            String hex = Integer.toHexString(random.nextInt() >>> random.nextInt(32));
            assertEquals(Long.parseLong(hex, 16), EightBytes.hex(word(hex), hex.length()));
        }
    }

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

    @Table
    void word_matchesBeforeTheEnd_orIsCutByIt(
            int from, int end, String word, boolean matches, boolean cut) {
        assertEquals(matches, AsciiBytes.matches(TEXT, from, end, ascii(word)));
        assertEquals(cut, from >= 0 && AsciiBytes.isCutOf(TEXT, from, end, ascii(word)));
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
}
