// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesOfPartTest {

    private static LinesOfPart.File file(byte[] content, Random random) {
        return (buf, off, len, position) -> {
            if (position >= content.length) {
                return -1;
            }
            int most = (int) Math.min(len, content.length - position);
            int count = 1 + random.nextInt(most);
            System.arraycopy(content, (int) position, buf, off, count);
            return count;
        };
    }

    private static byte[] read(LinesOfPart part, int bufferSize) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[bufferSize + 3];
        for (int n = part.read(buffer, 3, bufferSize);
                n >= 0;
                n = part.read(buffer, 3, bufferSize)) {
            all.write(buffer, 3, n);
        }
        assertEquals(-1, part.read(buffer, 3, bufferSize), "after the end");
        return all.toByteArray();
    }

    @Test
    void read_anyPartsOfAnyFile_giveEachLineOnceAndWhole() throws IOException {
        Random random = new Random(20261124);
        for (int round = 0; round < 20_000; round++) {
            byte[] content = new byte[random.nextInt(200)];
            int feedEvery = 1 + random.nextInt(40);
            for (int i = 0; i < content.length; i++) {
                content[i] = (byte) (random.nextInt(feedEvery) == 0 ? '\n' : 'a');
            }
            int size = 1 + random.nextInt(60);
            int bufferSize = 1 + random.nextInt(80);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int from = 0; from <= content.length; from += size) {
                boolean last = from + size > content.length;
                long to = last ? Long.MAX_VALUE : from + size;
                LinesOfPart part = new LinesOfPart(file(content, random), from, to);
                byte[] lines = read(part, bufferSize);
                if (lines.length > 0) {
                    assertEquals(all.size(), part.start());
                    assertTrue(part.start() >= from && part.start() < to);
                    boolean whole = all.size() + lines.length == content.length;
                    assertTrue(whole || lines[lines.length - 1] == '\n');
                }
                all.write(lines);
            }
            assertArrayEquals(content, all.toByteArray(), "round " + round);
        }
    }

    /** The last part ends at the end of the file, even if the file has grown since. */
    @Test
    void read_lastPart_takesWhatWasAppended() throws IOException {
        byte[] content = "one\ntwo\nthree\n".getBytes(StandardCharsets.US_ASCII);
        LinesOfPart part = new LinesOfPart(file(content, new Random(1)), 4, Long.MAX_VALUE);
        assertEquals("two\nthree\n", new String(read(part, 100), StandardCharsets.US_ASCII));
    }

    @Test
    void read_fileThatWasCut_ends() throws IOException {
        byte[] content = "one\n".getBytes(StandardCharsets.US_ASCII);
        assertEquals(0, read(new LinesOfPart(file(content, new Random(1)), 100, 200), 10).length);
    }

    @Test
    void read_failureOfTheFile_isPassedOn() {
        LinesOfPart.File broken =
                (buf, off, len, position) -> {
                    throw new IOException("disk");
                };
        for (long from : new long[] {0, 10}) {
            LinesOfPart part = new LinesOfPart(broken, from, 20);
            assertThrows(IOException.class, () -> part.read(new byte[10], 0, 10));
        }
    }
}
