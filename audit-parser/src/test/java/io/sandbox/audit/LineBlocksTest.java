// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LineBlocksTest {
    private static final int MAX = LineBlocks.MAX_LINE;
    private static final int READ = 1 << 18;

    private final byte[] block = new byte[MAX];

    /** Fails at the end if that is wanted. */
    private static LineBlocks blocks(String stream, boolean fails) {
        InputStream in = new ByteArrayInputStream(stream.getBytes(US_ASCII));
        return new LineBlocks(
                (buf, off, len) -> {
                    int count = in.read(buf, off, Math.min(len, READ));
                    if (count < 0 && fails) {
                        throw new IOException("broken");
                    }
                    return count;
                });
    }

    private void assertNext(String expected, long position, LineBlocks blocks) throws IOException {
        int length = blocks.fill(block, false);
        assertEquals(expected, new String(block, 0, Math.max(0, length), US_ASCII));
        assertEquals(position, blocks.position());
    }

    @Table
    void recordInTheRestOfALongLine_isCounted(String head) throws IOException {
        int count = head.endsWith("SYSCALL") ? 0 : 1;
        String longLine = "y".repeat(2 * MAX) + head + "z".repeat(MAX);
        String second = "x".repeat(2 * MAX) + head;
        LineBlocks blocks = blocks("a\n" + longLine + "\nb\n" + second + "\nc\n", false);
        assertNext("a\n", 0, blocks);
        assertNext(longLine.substring(0, MAX), 2, blocks);
        assertEquals(0, blocks.tooLong());
        long next = 2 + longLine.length() + 1;
        assertNext("b\n", next, blocks);
        assertEquals(count, blocks.tooLong());
        assertNext(second.substring(0, MAX), next + 2, blocks);
        assertNext("c\n", next + 2 + second.length() + 1, blocks);
        assertEquals(2 * count, blocks.tooLong());
        assertEquals(2 * count, blocks.tooLongPosition());
        assertEquals(-1, blocks.fill(block, false));
    }

    @Test
    void headAcrossTwoReads_isCounted() throws IOException {
        for (int i = 0; i <= "type=SECCOMP".length(); i++) {
            for (int limit : new int[] {MAX, MAX + READ, MAX + 2 * READ}) {
                String line = "x".repeat(limit - i) + "type=SECCOMP" + "x".repeat(READ);
                LineBlocks blocks = blocks(line + "\nb", false);
                assertNext(line.substring(0, MAX), 0, blocks);
                assertNext("b", line.length() + 1, blocks);
                assertEquals(1, blocks.tooLong(), i + " before " + limit);
            }
        }
    }

    @Test
    void longestLine_isWhole() throws IOException {
        String line = "x".repeat(MAX - 1) + "\n";
        LineBlocks blocks = blocks("a\n" + line + line + "type=SECCOMP", false);
        byte[] larger = new byte[MAX + 2];
        assertEquals(MAX + 2, blocks.fill(larger, false));
        assertEquals(MAX, blocks.fill(larger, false));
        assertEquals(12, blocks.fill(larger, false));
        assertEquals(0, blocks.tooLong());
        blocks = blocks("a\n" + "x".repeat(MAX) + "\n", false);
        assertEquals(2, blocks.fill(larger, false));
        assertEquals(MAX + 1, blocks.fill(larger, false));
    }

    @Test
    void error_comesAfterWhatWasRead() throws IOException {
        LineBlocks blocks = blocks("a\nb", true);
        assertNext("a\nb", 0, blocks);
        assertThrows(IOException.class, () -> blocks.fill(block, false));
        blocks.reset(new ByteArrayInputStream("c\n".getBytes(US_ASCII))::read);
        assertNext("c\n", 0, blocks);
        assertEquals(-1, blocks.fill(block, false));
    }

    @Test
    void errorWithinALongLine_isTold() throws IOException {
        String line = "x".repeat(2 * MAX) + "type=SECCOMP";
        LineBlocks blocks = blocks(line, true);
        assertNext(line.substring(0, MAX), 0, blocks);
        assertThrows(IOException.class, () -> blocks.fill(block, false));
        assertEquals(1, blocks.tooLong());
    }

    @Test
    void blockThatIsTooSmall_isRefused() {
        LineBlocks blocks = blocks("", false);
        assertThrows(IllegalArgumentException.class, () -> blocks.fill(new byte[MAX - 1], false));
    }

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
