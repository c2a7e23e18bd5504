// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.LongToIntFunction;
import org.junit.jupiter.api.Test;

class EightBytesTest {

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
}
