// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.io.IOException;

/**
 * Cuts a stream of bytes into blocks of whole lines. Memory is bounded by the blocks, whatever the
 * length of a line: of one that does not fit only the beginning is handed over, and what follows is
 * merely searched for a record, so that none is passed over silently. Not thread-safe.
 */
public final class LineBlocks {

    /** A line up to this length is whole; auditd writes 8970 bytes at most (MAX_AUDIT_MESSAGE). */
    public static final int MAX_LINE = 1 << 20;

    private static final SubstringSearch[] HEADS = {
        new SubstringSearch("type=SECCOMP"),
        new SubstringSearch("type=1326"),
        new SubstringSearch("SECCOMP auid="),
    };

    /**
     * So that a head which lies across two reads is found in the second: as much of the longest as
     * may be taken for text.
     */
    private static final int OVERLAP = RawLine.STAMP_OFFSET;

    /** Where the bytes come from, as {@link java.io.InputStream#read(byte[], int, int)}. */
    public interface Source {
        /** At least one byte, or -1 at the end. */
        int read(byte[] buf, int off, int len) throws IOException;
    }

    private Source source;

    /** The beginning of a line whose end was not there yet. */
    private final byte[] rest = new byte[MAX_LINE];

    private int restLength;
    private boolean inLongLine;
    private boolean atEnd;

    /** Why reading ended, if not by the end of the stream. */
    private IOException trouble;

    private long tooLong;

    /** Where the block began that has the beginning of the first of those lines. */
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
     * Fills the block with whole lines; the last line of the stream may lack its line feed, and a
     * line longer than {@link #MAX_LINE} its end.
     *
     * @param block at least {@link #MAX_LINE} bytes
     * @param eager whether to return as soon as there is one line, as for a pipe whose writer waits
     * @return how many bytes, or -1 at the end
     * @throws IOException if the source failed; first, what it gave before is handed over
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
            throwTrouble();
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

    private void throwTrouble() throws IOException {
        if (trouble != null) {
            throw trouble;
        }
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

    /** Reads on to the end of a line of which enough was handed over. */
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

    /** Where in the stream the last block began, in bytes. */
    public long position() {
        return position;
    }

    /**
     * Lines so far of which only the beginning was handed over and in whose rest a record seems to
     * begin: each is a {@link MalformedReason#LINE_TOO_LONG}.
     */
    public long tooLong() {
        return tooLong;
    }

    /** Where in the stream the block began that has the beginning of the first of them. */
    public long tooLongPosition() {
        return tooLongPosition;
    }
}
