// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SubstringSearchTest {
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
}
