// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that are longer than a block, streams that fail, and where the blocks are. */
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

    @ParameterizedTest
    @ValueSource(strings = {"type=SECCOMP", "type=1326", "SECCOMP auid=", "type=SYSCALL"})
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
        InputStream other = new ByteArrayInputStream("c\n".getBytes(US_ASCII));
        blocks.reset(other::read);
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
}
