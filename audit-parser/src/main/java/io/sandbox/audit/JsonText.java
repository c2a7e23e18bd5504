// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.util.Arrays;

/** Reads the tokens of JSON in a range of bytes, strictly. Grows to the longest text. */
class JsonText {

    private static final int MAX_DEPTH = 32;

    byte[] buf;
    int pos;
    int end;

    /** The text that {@link #string()} has decoded, of {@link #textLength} bytes. */
    byte[] text = new byte[512];

    int textLength;

    final void start(byte[] source, int from, int to) {
        buf = source;
        pos = from;
        end = to;
    }

    /** Skips blanks and then {@code wanted}, if it is there. */
    boolean take(char wanted) {
        blanks();
        boolean there = pos < end && buf[pos] == wanted;
        pos += there ? 1 : 0;
        return there;
    }

    void blanks() {
        while (pos < end && isBlank(buf[pos])) {
            pos++;
        }
    }

    static boolean isBlank(byte b) {
        return b <= ' ' && (b == ' ' || b == '\n' || b == '\t' || b == '\r');
    }

    /** Told of each value that {@link #skipValue} has skipped; it is no object or list. */
    void skipped(int start, boolean isString) {}

    boolean skipValue(int depth) {
        blanks();
        if (pos == end || depth > MAX_DEPTH) {
            return false;
        }
        int start = pos;
        switch (buf[pos]) {
            case '"':
                if (!skipString()) {
                    return false;
                }
                skipped(start, true);
                return true;
            case '[':
                pos++;
                return skipList(']', false, depth);
            case '{':
                pos++;
                return skipList('}', true, depth);
            default:
                if (!skipWord()) {
                    return false;
                }
                skipped(start, false);
                return true;
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
    final boolean skipWord() {
        int start = pos;
        // Most are numbers.
        pos = Math.min(end, pos + EightBytes.decimalRun(AsciiBytes.load8(buf, pos)));
        while (pos < end
                && (AsciiBytes.isWord(buf[pos])
                        || buf[pos] == '-'
                        || buf[pos] == '+'
                        || buf[pos] == '.')) {
            pos++;
        }
        return pos > start;
    }

    boolean skipString() {
        if (pos == end || buf[pos] != '"') {
            return false;
        }
        pos = stringRun(pos + 1);
        while (pos < end && buf[pos] != '"') {
            pos = stringRun(pos + (buf[pos] == '\\' ? 2 : 1));
        }
        return pos++ < end;
    }

    /** Index of the next quote, backslash or control byte, or {@link #end}. */
    final int stringRun(int from) {
        int i = from;
        int run = 8;
        while (run == 8 && i < end) {
            run = EightBytes.jsonRun(AsciiBytes.load8(buf, i));
            i += run;
        }
        return Math.min(i, end);
    }

    /** Decodes the string at {@link #pos} into {@link #text}. */
    boolean string() {
        textLength = 0;
        pos++;
        while (true) {
            int stop = stringRun(pos);
            add(pos, stop);
            pos = stop + 1;
            if (stop == end || buf[stop] == '"') {
                return stop < end;
            }
            if (buf[stop] != '\\' || !escape()) {
                return false;
            }
        }
    }

    private void add(int from, int to) {
        if (text.length - textLength < to - from) {
            text = Arrays.copyOf(text, 2 * (textLength + to - from));
        }
        System.arraycopy(buf, from, text, textLength, to - from);
        textLength += to - from;
    }

    private boolean escape() {
        if (pos >= end) {
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

    void add(int b) {
        if (textLength == text.length) {
            text = Arrays.copyOf(text, 2 * text.length);
        }
        text[textLength++] = (byte) b;
    }
}
