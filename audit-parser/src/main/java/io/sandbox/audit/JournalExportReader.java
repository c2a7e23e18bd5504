// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;

import java.io.IOException;
import java.util.Arrays;

/**
 * Reads the entries of {@code journalctl -o export} (systemd's Journal Export Format): fields are
 * lines {@code NAME=value}; for values with unprintable bytes there are the name, a little-endian
 * length of 8 bytes and the value. An empty line ends the entry. A field of more than {@link
 * LineBlocks#MAX_LINE} bytes is skipped. Not thread-safe.
 */
public final class JournalExportReader {

    private static final byte[] FIRST_FIELD = ascii("__CURSOR=");

    private final LineBlocks.Source source;
    private final SeccompRecordParser parser = new SeccompRecordParser();
    private final JournalEntry entry = new JournalEntry();
    private byte[] buf = new byte[1 << 16];
    private int pos;
    private int end;
    private boolean atEnd;
    private long received;
    private ParseOutcome outcome = ParseOutcome.NOT_OURS;

    /** Whether the stream ended in a field whose length it had told. */
    private boolean cut;

    public JournalExportReader(LineBlocks.Source source) {
        this.source = source;
    }

    /** Whether a stream with this beginning has this form. */
    public static boolean isAt(byte[] start, int off, int len) {
        return AsciiBytes.matches(start, off, off + len, FIRST_FIELD);
    }

    /** Moves to the next entry but {@link ParseOutcome#NOT_OURS}; false at the end. */
    public boolean next() throws IOException {
        while (!atEnd || pos < end) {
            entry.clear();
            while (field()) {
                // Until the empty line.
            }
            if (cut) {
                cut = false;
                outcome = parser.cutEntry();
                return true;
            }
            outcome = entry.hasMessage() ? parser.parseEntry(entry) : ParseOutcome.NOT_OURS;
            if (outcome != ParseOutcome.NOT_OURS) {
                return true;
            }
        }
        return false;
    }

    /** The entry's outcome; never {@link ParseOutcome#NOT_OURS} if {@link #next()} was true. */
    public ParseOutcome outcome() {
        return outcome;
    }

    /** The parser with the details of this entry. */
    public SeccompRecordParser parser() {
        return parser;
    }

    /** The position in the stream where the entry ends, in bytes. */
    public long position() {
        return received - (end - pos);
    }

    /** Reads one field; false at the end of the entry. */
    private boolean field() throws IOException {
        int lineEnd = lineEnd();
        if (lineEnd < 0) {
            return false;
        }
        int start = pos;
        pos = lineEnd + 1;
        if (lineEnd == start) {
            return false;
        }
        int equals = AsciiBytes.indexOf(buf, start, lineEnd, (byte) '=');
        int field = JournalEntry.field(buf, start, equals);
        if (equals == lineEnd) {
            return binary(field);
        }
        if (field >= 0) {
            entry.put(field, buf, equals + 1, lineEnd);
        }
        return true;
    }

    /**
     * Index of the line feed that ends the line at {@link #pos}, or -1 at the end of the stream,
     * where the rest is cut. A line that is too long is replaced by an empty name.
     */
    private int lineEnd() throws IOException {
        int looked = 0;
        while (true) {
            int feed = AsciiBytes.indexOf(buf, pos + looked, end, (byte) '\n');
            if (feed < end) {
                return feed;
            }
            looked = end - pos;
            if (looked >= LineBlocks.MAX_LINE) {
                buf[pos] = '=';
                end = pos + 1;
                looked = 1;
            }
            if (!more()) {
                cutField(end);
                pos = end;
                return -1;
            }
        }
    }

    /** Notes a message that the end of the stream cuts, so that it does not count as absent. */
    private void cutField(int lineEnd) {
        int equals = AsciiBytes.indexOf(buf, pos, lineEnd, (byte) '=');
        int field = JournalEntry.field(buf, pos, equals);
        if (equals < lineEnd && field >= 0) {
            entry.putCut(field, buf, equals + 1, lineEnd);
        }
    }

    /** A length may be wrong in a damaged journal, and then hides all that follows. */
    private boolean binary(int field) throws IOException {
        if (!ensure(8)) {
            cut = true;
            return false;
        }
        long length = AsciiBytes.load8(buf, pos);
        pos += 8;
        if (length < 0 || length > LineBlocks.MAX_LINE) {
            cut = !skip(length);
            return !cut;
        }
        if (!ensure((int) length + 1)) {
            cut = true;
            return false;
        }
        if (field >= 0) {
            entry.put(field, buf, pos, pos + (int) length);
        }
        pos += (int) length + 1;
        return true;
    }

    private boolean skip(long length) throws IOException {
        long left = length < 0 ? Long.MAX_VALUE : length + 1;
        while (left > end - pos) {
            left -= end - pos;
            pos = end;
            if (!more()) {
                return false;
            }
        }
        pos += (int) left;
        return true;
    }

    /** Reads until so many bytes follow {@link #pos}; false if the stream ends before. */
    private boolean ensure(int count) throws IOException {
        while (end - pos < count) {
            if (!more()) {
                pos = end;
                return false;
            }
        }
        return true;
    }

    /** Reads more; false at the end. Drops the bytes before {@link #pos}. */
    private boolean more() throws IOException {
        if (pos > 0) {
            System.arraycopy(buf, pos, buf, 0, end - pos);
            end -= pos;
            pos = 0;
        }
        if (end == buf.length) {
            buf = Arrays.copyOf(buf, 2 * buf.length);
        }
        int count = source.read(buf, end, buf.length - end);
        atEnd = count < 0;
        end += Math.max(0, count);
        received += Math.max(0, count);
        return !atEnd;
    }
}
