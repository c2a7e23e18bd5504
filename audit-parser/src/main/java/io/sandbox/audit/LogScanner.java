// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.util.Objects;

/**
 * Finds the records, losses and malformed records in a block of whole lines. Other lines cost
 * little more time than reading them. In a log of auditd a {@link RecordIndex} can find the records
 * even faster. Allocates nothing but the bounded memory of {@link RepeatedRecords}; not
 * thread-safe.
 *
 * <pre>{@code scanner.reset(block, 0, length); while (scanner.next()) {
 * switch (scanner.outcome()) ... } }</pre>
 */
public final class LogScanner {

    /** How many records the index finds at once. */
    private static final int FOUND = 4096;

    private final SeccompRecordParser parser = new SeccompRecordParser();

    /** Null to search without an index. */
    private final RecordIndex index;

    private final int[] found;
    private int foundCount;
    private int taken;
    private byte[] buf = {};
    private int pos;
    private int end;
    private int lineStart;
    private ParseOutcome outcome = ParseOutcome.NOT_OURS;

    public LogScanner() {
        index = null;
        found = null;
    }

    /** {@code index} is called only by the thread that uses this scanner. */
    public LogScanner(RecordIndex index) {
        this.index = Objects.requireNonNull(index);
        found = new int[FOUND + 1];
    }

    /**
     * Starts with another block. The last line may lack its line feed, and may then be cut. A form
     * feed or a NUL has no special meaning.
     *
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    public void reset(byte[] block, int off, int len) {
        Objects.checkFromIndexSize(off, len, block.length);
        buf = block;
        pos = off;
        end = off + len;
        foundCount = taken = 0;
    }

    /** Moves to the next line but {@link ParseOutcome#NOT_OURS}; false at the block's end. */
    public boolean next() {
        while (taken < foundCount || pos < end) {
            if (taken < foundCount) {
                parseRecord(found[taken++]);
                return true;
            }
            RawLine.Kind kind = RawLine.kindAt(buf, pos, end);
            if (index != null && kind.isPlain()) {
                foundCount = index.find(buf, pos, end, found);
                pos = found[foundCount];
                taken = 0;
                continue;
            }
            if (kind == RawLine.Kind.OTHER_TYPE) {
                pos = CandidateSearch.lineEnd(buf, pos + RawLine.SHORTEST_HEAD, end);
                continue;
            }
            if (kind == RawLine.Kind.SECCOMP) {
                pos = parseRecord(pos);
                return true;
            }
            if (readAlike(pos)) {
                return true;
            }
            int hit = kind == RawLine.Kind.SUSPECT ? pos : CandidateSearch.find(buf, pos, end);
            if (hit == end) {
                break;
            }
            lineStart = CandidateSearch.lineStart(buf, pos, hit);
            if (lineStart > pos && readAlike(lineStart)) {
                return true;
            }
            pos = CandidateSearch.lineEnd(buf, hit, end);
            outcome = parser.parseLine(buf, lineStart, pos - lineStart);
            if (outcome != ParseOutcome.NOT_OURS) {
                return true;
            }
        }
        pos = end;
        return false;
    }

    /** Parses a line of JSON that begins there, if it is like an earlier one. */
    private boolean readAlike(int start) {
        int lineEnd = buf[start] == '{' ? parser.parseAlike(buf, start, end) : -1;
        if (lineEnd < 0) {
            return false;
        }
        lineStart = start;
        pos = lineEnd;
        outcome = ParseOutcome.RECORD;
        return true;
    }

    /** Parses the record at {@code start}, and returns the index after its line. */
    private int parseRecord(int start) {
        lineStart = start;
        int lineEnd = parser.parseRawLine(buf, start, end);
        outcome = parser.outcome();
        return lineEnd;
    }

    /** The line's outcome; never {@link ParseOutcome#NOT_OURS} if {@link #next()} was true. */
    public ParseOutcome outcome() {
        return outcome;
    }

    /** The parser with the details of this line. */
    public SeccompRecordParser parser() {
        return parser;
    }

    /** Index of the line's first byte in the block. */
    public int lineStart() {
        return lineStart;
    }
}
