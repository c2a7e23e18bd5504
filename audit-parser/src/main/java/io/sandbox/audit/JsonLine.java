// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;

/**
 * Reads a line that is one JSON object: an entry of {@code journalctl -o json}, or a line of
 * Docker's json-file driver. It is strict, because its result is parsed further: it accepts no line
 * that is cut, has text after the object, or has a field twice. Not thread-safe. One object serves
 * all lines, and grows to the longest text.
 */
final class JsonLine extends JsonText {

    enum Kind {
        JOURNAL,
        CONTAINER,
        OTHER
    }

    private static final byte[] LOG = ascii("log");
    private static final byte[] STREAM = ascii("stream");
    private static final byte[] TIME = ascii("time");

    private final JournalEntry entry;
    private byte[] log = new byte[512];
    private int logLength;
    private boolean stream;
    private boolean time;
    private boolean own;

    JsonLine(JournalEntry entry) {
        this.entry = entry;
    }

    /** The decoded text that the container wrote, of {@link #logLength()} bytes. */
    byte[] log() {
        return log;
    }

    int logLength() {
        return logLength;
    }

    /** Whether the line had any member that this class reads. */
    boolean hasOwn() {
        return own;
    }

    /** Reads a line without its line feed. A journal entry goes to the {@link JournalEntry}. */
    Kind read(byte[] source, int from, int to) {
        start(source, from, to);
        entry.clear();
        logLength = -1;
        stream = false;
        time = false;
        own = false;
        if (!object() || entry.isRepeated()) {
            return Kind.OTHER;
        }
        boolean container = logLength >= 0 && (stream || time);
        if (container == entry.hasMessage()) {
            return Kind.OTHER;
        }
        return container ? Kind.CONTAINER : Kind.JOURNAL;
    }

    /** Reads an object with at least one member, and nothing after it. */
    private boolean object() {
        if (!take('{')) {
            return false;
        }
        do {
            if (!member()) {
                return false;
            }
        } while (take(','));
        boolean closed = take('}');
        blanks();
        return closed && pos == end;
    }

    private boolean member() {
        blanks();
        int name = pos + 1;
        if (!skipString()) {
            return false;
        }
        int nameEnd = pos - 1;
        if (!take(':')) {
            return false;
        }
        blanks();
        int field = JournalEntry.field(buf, name, nameEnd);
        if (field >= 0) {
            own = true;
            return journalField(field);
        }
        boolean isText = pos < end && buf[pos] == '"';
        stream |= isText && is(name, nameEnd, STREAM);
        time |= isText && is(name, nameEnd, TIME);
        if (!isText || !is(name, nameEnd, LOG)) {
            return skipValue(0);
        }
        own = true;
        if (logLength >= 0 || !string()) {
            return false;
        }
        byte[] decoded = text;
        text = log;
        log = decoded;
        logLength = textLength;
        return true;
    }

    private boolean is(int from, int to, byte[] name) {
        return to - from == name.length && AsciiBytes.matches(buf, from, to, name);
    }

    /** Reads a text, or an array of numbers, the form of unprintable bytes. */
    private boolean journalField(int field) {
        int start = pos;
        boolean read = pos < end && (buf[pos] == '"' ? string() : buf[pos] == '[' && bytes());
        if (read) {
            entry.put(field, text, 0, textLength);
            return true;
        }
        // The kernel never writes a field with several values.
        pos = start;
        return skipValue(0);
    }

    private boolean bytes() {
        textLength = 0;
        pos++;
        if (take(']')) {
            return true;
        }
        do {
            blanks();
            int value = 0;
            int digits = pos;
            while (pos < end && AsciiBytes.isDigit(buf[pos]) && pos - digits < 3) {
                value = value * 10 + (buf[pos++] - '0');
            }
            if (pos == digits || value > 255) {
                return false;
            }
            add(value);
        } while (take(','));
        return take(']');
    }
}
