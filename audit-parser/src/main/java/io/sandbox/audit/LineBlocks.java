// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.io.IOException;

/**
 * Cuts a stream of bytes into blocks of whole lines. Memory is bounded by the blocks, for lines of
 * any length. If a line does not fit, only its beginning is handed over. The rest is searched for
 * the beginning of a record, so that no record is lost silently. Not thread-safe.
 */
public final class LineBlocks {

    /** Lines up to this length are whole. auditd writes up to 8970 (MAX_AUDIT_MESSAGE). */
    public static final int MAX_LINE = 1 << 20;

    private static final SubstringSearch[] HEADS = {
        new SubstringSearch("type=SECCOMP"),
        new SubstringSearch("type=1326"),
        new SubstringSearch("SECCOMP auid="),
    };

    /** Bytes that are kept for the next read, so that a head that spans two is found. */
    private static final int OVERLAP = RawLine.STAMP_OFFSET;

    /** The source of the bytes; works like {@link java.io.InputStream#read(byte[], int, int)}. */
    public interface Source {
        /** Reads at least one byte; -1 at the end. */
        int read(byte[] buf, int off, int len) throws IOException;
    }

    private Source source;

    /** The beginning of a line whose end was not read yet. */
    private final byte[] rest = new byte[MAX_LINE];

    private int restLength;
    private boolean inLongLine;
    private boolean atEnd;

    /** The error that ended the reading, if any. */
    private IOException trouble;

    private long tooLong;

    /** Where the block with the beginning of the first such line began. */
    private long tooLongPosition;

    /** Bytes that were handed over or skipped. */
    private long consumed;

    private long position;

    public LineBlocks(Source source) {
        this.source = source;
    }

    /** Starts with another stream. */
    public void reset(Source next) {
        source = next;
        restLength = 0;
        inLongLine = false;
        atEnd = false;
        trouble = null;
        tooLong = 0;
        consumed = 0;
        position = 0;
    }

    /**
     * Fills the block with whole lines. The last line of the stream may lack its line feed, and a
     * line longer than {@link #MAX_LINE} lacks its end.
     *
     * @param block an array of at least {@link #MAX_LINE} bytes
     * @param eager whether to return as soon as there is one line, for a pipe whose writer may wait
     * @return the number of bytes, or -1 at the end
     * @throws IOException if the source failed; everything read before the error is handed over
     *     first
     */
    public int fill(byte[] block, boolean eager) throws IOException {
        if (block.length < MAX_LINE) {
            throw new IllegalArgumentException("block of " + block.length + " bytes");
        }
        if (inLongLine) {
            skipLine();
        }
        System.arraycopy(rest, 0, block, 0, restLength);
        int length = restLength;
        restLength = 0;
        boolean enough = false;
        while (length < block.length && !atEnd && !enough) {
            int count = read(block, length, block.length - length);
            enough = eager && !atEnd && holdsFeed(block, length, length + count);
            length += Math.max(0, count);
        }
        if (atEnd && length == 0) {
            if (trouble != null) {
                throw trouble;
            }
            return -1;
        }
        int whole = atEnd ? length : keepRest(block, length);
        position = consumed;
        consumed += whole;
        return whole;
    }

    private int read(byte[] buf, int off, int len) {
        int count = -1;
        try {
            count = source.read(buf, off, len);
        } catch (IOException e) {
            trouble = e;
        }
        atEnd = count < 0;
        return count;
    }

    private static boolean holdsFeed(byte[] block, int from, int to) {
        return block[CandidateSearch.lineEnd(block, from, to) - 1] == '\n';
    }

    private int keepRest(byte[] block, int length) {
        int lines = CandidateSearch.lineStart(block, 0, length);
        if (length - lines > MAX_LINE || lines == 0) {
            inLongLine = true;
            System.arraycopy(block, length - OVERLAP, rest, 0, OVERLAP);
            return length;
        }
        restLength = length - lines;
        System.arraycopy(block, lines, rest, 0, restLength);
        return lines;
    }

    /** Skips the rest of a line whose beginning was handed over. */
    private void skipLine() {
        boolean record = false;
        int kept = OVERLAP;
        while (inLongLine && !atEnd) {
            int count = read(rest, kept, rest.length - kept);
            if (count < 0) {
                break;
            }
            int length = kept + count;
            int lineEnd = CandidateSearch.lineEnd(rest, kept, length);
            inLongLine = rest[lineEnd - 1] != '\n';
            record |= holdsHead(lineEnd);
            consumed += lineEnd - kept;
            if (inLongLine) {
                kept = Math.min(OVERLAP, length);
                System.arraycopy(rest, length - kept, rest, 0, kept);
            } else {
                restLength = length - lineEnd;
                System.arraycopy(rest, lineEnd, rest, 0, restLength);
            }
        }
        inLongLine = false;
        if (record && tooLong++ == 0) {
            tooLongPosition = position;
        }
    }

    private boolean holdsHead(int length) {
        for (SubstringSearch head : HEADS) {
            if (head.find(rest, 0, length) < length) {
                return true;
            }
        }
        return false;
    }

    /** The position in the stream where the last block began, in bytes. */
    public long position() {
        return position;
    }

    /**
     * The number of lines that were too long and in whose skipped rest a record seems to begin.
     * Each is a {@link MalformedReason#LINE_TOO_LONG}.
     */
    public long tooLong() {
        return tooLong;
    }

    /** The position in the stream of the block with the beginning of the first such line. */
    public long tooLongPosition() {
        return tooLongPosition;
    }
}
