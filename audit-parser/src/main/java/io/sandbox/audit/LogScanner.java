package io.sandbox.audit;

import java.util.Objects;

/**
 * Finds the records, losses and malformed records in a block of whole lines. Lines that can be none
 * of them cost little more than reading them. Allocates nothing but the bounded memory of {@link
 * RepeatedRecords}; not thread-safe.
 *
 * <pre>{@code
 * scanner.reset(block, 0, length);
 * while (scanner.next()) {
 *     switch (scanner.outcome()) ...
 * }
 * }</pre>
 */
public final class LogScanner {

    private final SeccompRecordParser parser = new SeccompRecordParser();
    private byte[] buf = {};
    private int pos;
    private int end;
    private int lineStart;
    private ParseOutcome outcome = ParseOutcome.NOT_OURS;

    /**
     * Starts with another block. A last line without line feed is one too, and taken for one that
     * may be cut. A form feed or a NUL is a byte like others.
     *
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    public void reset(byte[] block, int off, int len) {
        Objects.checkFromIndexSize(off, len, block.length);
        buf = block;
        pos = off;
        end = off + len;
    }

    /** Moves to the next line that is ours; false at the end of the block. */
    public boolean next() {
        while (pos < end) {
            RawLine.Kind kind = RawLine.kindAt(buf, pos, end);
            if (kind == RawLine.Kind.OTHER_TYPE) {
                pos = CandidateSearch.lineEnd(buf, pos + RawLine.SHORTEST_HEAD, end);
                continue;
            }
            if (kind == RawLine.Kind.SECCOMP) {
                lineStart = pos;
                pos = parser.parseRawLine(buf, lineStart, end);
                outcome = parser.outcome();
                return true;
            }
            int hit = kind == RawLine.Kind.SUSPECT ? pos : CandidateSearch.find(buf, pos, end);
            if (hit == end) {
                break;
            }
            lineStart = CandidateSearch.lineStart(buf, pos, hit);
            pos = CandidateSearch.lineEnd(buf, hit, end);
            outcome = parser.parseLine(buf, lineStart, pos - lineStart);
            if (outcome != ParseOutcome.NOT_OURS) {
                return true;
            }
        }
        pos = end;
        return false;
    }

    /** What the line is: never {@link ParseOutcome#NOT_OURS} after a {@link #next()}. */
    public ParseOutcome outcome() {
        return outcome;
    }

    /** The parser, whose last outcome is this line's. */
    public SeccompRecordParser parser() {
        return parser;
    }

    /** Index of the line's first byte in the block. */
    public int lineStart() {
        return lineStart;
    }
}
