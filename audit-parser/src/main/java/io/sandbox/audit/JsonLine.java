// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;

import java.util.Arrays;

/**
 * Reads a line that is one JSON object: an entry of {@code journalctl -o json}, or a line of
 * Docker's json-file driver. It is strict, because its result is parsed further: it accepts no line
 * that is cut, has text behind the object, or has a field twice. Not thread-safe. One object serves
 * all lines, and grows to the longest text.
 */
final class JsonLine {

    /** The kind of the object. */
    enum Kind {
        JOURNAL,
        CONTAINER,
        OTHER
    }

    private static final byte[] LOG = ascii("log");
    private static final byte[] STREAM = ascii("stream");
    private static final byte[] TIME = ascii("time");
    private static final int MAX_DEPTH = 32;

    private final JournalEntry entry;
    private byte[] text = new byte[512];
    private int textLength;
    private byte[] log = new byte[512];
    private int logLength;
    private boolean stream;
    private boolean time;
    private byte[] buf;
    private int pos;
    private int end;

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

    /**
     * Reads a line without its line feed. A journal entry is stored in the {@link JournalEntry}.
     */
    Kind read(byte[] source, int from, int to) {
        buf = source;
        pos = from;
        end = to;
        entry.clear();
        logLength = -1;
        stream = false;
        time = false;
        if (!object() || entry.isRepeated()) {
            return Kind.OTHER;
        }
        boolean container = logLength >= 0 && (stream || time);
        if (container == entry.hasMessage()) {
            return Kind.OTHER;
        }
        return container ? Kind.CONTAINER : Kind.JOURNAL;
    }

    /** Reads an object with at least one member, and nothing behind it. */
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
            return journalField(field);
        }
        boolean isText = pos < end && buf[pos] == '"';
        stream |= isText && is(name, nameEnd, STREAM);
        time |= isText && is(name, nameEnd, TIME);
        if (!isText || !is(name, nameEnd, LOG)) {
            return skipValue(0);
        }
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

    /** Skips blanks and then {@code wanted}, if it is there. */
    private boolean take(char wanted) {
        blanks();
        boolean there = pos < end && buf[pos] == wanted;
        pos += there ? 1 : 0;
        return there;
    }

    private void blanks() {
        while (pos < end && (buf[pos] == ' ' || buf[pos] == '\t' || buf[pos] == '\r')) {
            pos++;
        }
    }

    private boolean skipValue(int depth) {
        blanks();
        if (pos == end || depth > MAX_DEPTH) {
            return false;
        }
        switch (buf[pos]) {
            case '"':
                return skipString();
            case '[':
                pos++;
                return skipList(']', false, depth);
            case '{':
                pos++;
                return skipList('}', true, depth);
            default:
                return skipWord();
        }
    }

    private boolean skipList(char close, boolean named, int depth) {
        if (take(close)) {
            return true;
        }
        do {
            blanks();
            if (named && !(skipString() && take(':'))) {
                return false;
            }
            if (!skipValue(depth + 1)) {
                return false;
            }
        } while (take(','));
        return take(close);
    }

    /** A number, true, false or null. */
    private boolean skipWord() {
        int start = pos;
        while (pos < end
                && (AsciiBytes.isWord(buf[pos])
                        || buf[pos] == '-'
                        || buf[pos] == '+'
                        || buf[pos] == '.')) {
            pos++;
        }
        return pos > start;
    }

    private boolean skipString() {
        if (pos == end || buf[pos] != '"') {
            return false;
        }
        pos++;
        while (pos < end && buf[pos] != '"') {
            if (buf[pos] == '\\') {
                pos++;
            }
            pos++;
        }
        return pos++ < end;
    }

    /** Decodes the string at {@link #pos} into {@link #text}. */
    private boolean string() {
        textLength = 0;
        pos++;
        while (pos < end && buf[pos] != '"') {
            byte b = buf[pos++];
            if (b == '\\') {
                if (!escape()) {
                    return false;
                }
            } else if (b >= 0 && b < ' ') {
                return false;
            } else {
                add(b);
            }
        }
        return pos++ < end;
    }

    private boolean escape() {
        if (pos == end) {
            return false;
        }
        byte b = buf[pos++];
        switch (b) {
            case '"', '\\', '/' -> add(b);
            case 'b' -> add('\b');
            case 'f' -> add('\f');
            case 'n' -> add('\n');
            case 'r' -> add('\r');
            case 't' -> add('\t');
            case 'u' -> {
                return unicode();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean unicode() {
        int c = unit();
        if (c < 0) {
            return false;
        }
        if (Character.isHighSurrogate((char) c)
                && pos + 1 < end
                && buf[pos] == '\\'
                && buf[pos + 1] == 'u') {
            int before = pos;
            pos += 2;
            int low = unit();
            if (low >= 0 && Character.isLowSurrogate((char) low)) {
                utf8(Character.toCodePoint((char) c, (char) low));
                return true;
            }
            pos = before;
        }
        utf8(Character.isSurrogate((char) c) ? 0xfffd : c);
        return true;
    }

    /** Four hex digits, or -1. */
    private int unit() {
        if (end - pos < 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(buf[pos++], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private void utf8(int c) {
        if (c < 0x80) {
            add(c);
        } else if (c < 0x800) {
            add(0xc0 | c >> 6);
            add(0x80 | c & 0x3f);
        } else if (c < 0x10000) {
            add(0xe0 | c >> 12);
            add(0x80 | c >> 6 & 0x3f);
            add(0x80 | c & 0x3f);
        } else {
            add(0xf0 | c >> 18);
            add(0x80 | c >> 12 & 0x3f);
            add(0x80 | c >> 6 & 0x3f);
            add(0x80 | c & 0x3f);
        }
    }

    private void add(int b) {
        if (textLength == text.length) {
            text = Arrays.copyOf(text, 2 * text.length);
        }
        text[textLength++] = (byte) b;
    }
}
