// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.io.IOException;

/**
 * The lines of a file that begin in one part of it, so that several threads can read one file:
 * parts which together cover the file give each of its lines once. A line that begins in the part
 * is given to its end, wherever that is. Not thread-safe, unlike what it reads.
 */
public final class LinesOfPart implements LineBlocks.Source {
    /** A file of which any place can be read, by all threads at once. */
    public interface File {
        /** At least one byte, or -1 at the end. */
        int read(byte[] buf, int off, int len, long position) throws IOException;
    }

    /** Few lines are longer, so that a read which looks for the end of one finds it. */
    private static final int LINE = 4096;

    private final File file;
    private final long to;
    private long position;
    private boolean started;
    private boolean ended;
    private long start;

    /**
     * @param from first byte of the part
     * @param to behind its last byte; {@link Long#MAX_VALUE} for all up to the end of the file
     */
    public LinesOfPart(File file, long from, long to) {
        this.file = file;
        this.to = to;
        started = from == 0;
        // A line begins at the first byte if the byte before it ends one.
        position = Math.max(0, from - 1);
    }

    /** Where in the file the first of the lines begins, once it was read. */
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

    /** What lies far behind the part would be read in vain. */
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
