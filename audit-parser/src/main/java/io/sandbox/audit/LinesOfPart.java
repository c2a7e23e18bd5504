// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.io.IOException;

/**
 * Reads the lines of a file that begin in one part of it, so that several threads can read one
 * file. If the parts cover the file, each line is read exactly once. A line that begins in the part
 * is read to its end, even after the part. Not thread-safe, but the file must be.
 */
public final class LinesOfPart implements LineBlocks.Source {
    /** A file that several threads can read at any position. */
    public interface File {
        /** Reads at least one byte; -1 at the end. */
        int read(byte[] buf, int off, int len, long position) throws IOException;
    }

    /** Few lines are longer, so one read of this size usually finds the end of a line. */
    private static final int LINE = 4096;

    private final File file;
    private final long to;
    private long position;
    private boolean started;
    private boolean ended;
    private long start;

    /**
     * @param from the first byte of the part
     * @param to the position after its last byte; {@link Long#MAX_VALUE} for the end of the file
     */
    public LinesOfPart(File file, long from, long to) {
        this.file = file;
        this.to = to;
        started = from == 0;
        // One byte earlier: only a line feed there shows that a line begins at the first byte.
        position = Math.max(0, from - 1);
    }

    /** The position in the file where the first of the lines begins, after it was read. */
    public long start() {
        return start;
    }

    @Override
    public int read(byte[] buf, int off, int len) throws IOException {
        if (!started) {
            started = true;
            findStart(buf, off, len);
        }
        int count = ended ? -1 : file.read(buf, off, wanted(len), position);
        if (count < 0) {
            ended = true;
            return -1;
        }
        long inside = to - 1 - position;
        if (count > inside) {
            int lineEnd =
                    CandidateSearch.lineEnd(buf, off + (int) Math.max(0, inside), off + count);
            ended = buf[lineEnd - 1] == '\n';
            count = lineEnd - off;
        }
        position += count;
        return count;
    }

    /** How much to read: not far after the part, whose rest is not needed. */
    private int wanted(int len) {
        long inside = Math.max(0, to - position);
        return inside >= len ? len : (int) Math.min(len, inside + LINE);
    }

    private void findStart(byte[] buf, int off, int len) throws IOException {
        boolean found = false;
        while (!found && !ended) {
            int count = file.read(buf, off, Math.min(len, LINE), position);
            if (count > 0) {
                int lineEnd = CandidateSearch.lineEnd(buf, off, off + count);
                found = buf[lineEnd - 1] == '\n';
                position += lineEnd - off;
            }
            ended = count < 0 || position >= to;
        }
        start = position;
    }
}
