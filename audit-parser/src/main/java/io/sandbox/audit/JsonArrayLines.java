// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.io.IOException;
import java.util.Arrays;

/**
 * Makes lines of the objects of JSON arrays, for the readers of lines. Each byte stays at its place
 * in the stream: what separates two objects becomes line feeds, and the line feeds within one
 * become blanks.
 *
 * <p>The stream may have several arrays, one after the other. Where it is no array of objects, it
 * is passed on as it is, up to its end: a log whose first line somebody has forged loses no record.
 * For the same reason an object of several lines counts as one only if it is JSON, and if none of
 * its lines could be an object of its own. Memory is bounded: an object longer than {@link
 * LineBlocks#MAX_LINE} is passed on too. Not thread-safe.
 */
public final class JsonArrayLines implements LineBlocks.Source {

    private final LineBlocks.Source source;
    private final JsonText json = new JsonText();
    private byte[] held = new byte[1 << 16];

    // What was read and not yet handed over: from here, to where it is ready, to where it was read.
    private int from;
    private int ready;
    private int end;

    private boolean inArray;

    /** Whether the last object has line feeds. */
    private boolean severalLines;

    /** Whether the rest of the stream is passed on. */
    private boolean passing;

    /** Bytes of the stream that were read. */
    private long received;

    private long damage = -1;

    /** The error that ended the reading, if any. */
    private IOException trouble;

    public JsonArrayLines(LineBlocks.Source source) {
        this.source = source;
    }

    /**
     * Whether a stream that begins with these bytes may be an array of objects; also if they end
     * before that is certain.
     */
    public static boolean isAt(byte[] start, int off, int len) {
        int end = off + len;
        int i = off;
        while (i < end && JsonText.isBlank(start[i])) {
            i++;
        }
        if (i == end || start[i] != '[') {
            return false;
        }
        i++;
        while (i < end && JsonText.isBlank(start[i])) {
            i++;
        }
        return i == end || start[i] == '{';
    }

    /**
     * The position in the stream from which on an array is damaged or cut, and passed on; -1 if
     * none is.
     */
    public long damage() {
        return damage;
    }

    @Override
    public int read(byte[] buf, int off, int len) throws IOException {
        // This takes all objects at once that are in memory.
        while (!passing && (from == ready || ready < end && ready - from < len)) {
            advance();
        }
        if (from < ready) {
            int count = Math.min(len, ready - from);
            System.arraycopy(held, from, buf, off, count);
            from += count;
            return count;
        }
        if (trouble != null) {
            throw trouble;
        }
        return source.read(buf, off, len);
    }

    // All places in the following are counted from the first byte that is not ready: so they stay
    // valid when more is read.

    private void advance() {
        int next = behindBlanks(0);
        if (!inArray) {
            int brace = is(next, '[') ? behindBlanks(next + 1) : next;
            inArray = brace > next && is(brace, '{');
            passing = !inArray;
            ready = passing ? end : separate(0, brace);
        } else if (is(next, ']')) {
            inArray = false;
            ready = separate(0, next + 1);
        } else {
            object(next);
        }
    }

    /** Takes the object that begins there, and what separates it from the next. */
    private void object(int start) {
        int stop = is(start, '{') ? objectEnd(start) : 0;
        int after = stop > 0 ? behindBlanks(stop) : 0;
        boolean whole = stop > 0 && (is(after, ',') || is(after, ']')) && isOne(start, stop);
        if (!whole) {
            damage = received - (end - ready) + start;
            passing = true;
            ready = end;
            return;
        }
        inArray = is(after, ',');
        separate(0, start);
        for (int i = ready + start; severalLines && i < ready + stop; i++) {
            held[i] = held[i] == '\n' ? (byte) ' ' : held[i];
        }
        ready = separate(stop, after + 1);
    }

    /** Makes line feeds of everything between two places, and returns where that ends. */
    private int separate(int start, int stop) {
        Arrays.fill(held, ready + start, ready + stop, (byte) '\n');
        return ready + stop;
    }

    /** Whether it is JSON, and none of its lines could be an object of its own. */
    private boolean isOne(int start, int stop) {
        for (int i = ready + start; severalLines && i < ready + stop; i++) {
            if (held[i] == '\n' && held[i + 1] == '{') {
                return false;
            }
        }
        json.start(held, ready + start, ready + stop);
        return !severalLines || json.skipValue(0) && json.pos == ready + stop;
    }

    /** The place after the brace that closes the object; -1 if it is too long or damaged. */
    private int objectEnd(int start) {
        int depth = 0;
        severalLines = false;
        int i = start;
        while (i >= 0 && i - start <= LineBlocks.MAX_LINE && has(i)) {
            byte b = held[ready + i++];
            // Brackets differ from braces by this bit.
            int brace = b | '[' ^ '{';
            if (b == '"') {
                i = stringEnd(i);
            } else if (brace == '{') {
                depth++;
            } else if (brace == '}' && --depth == 0) {
                return i;
            } else if (b == '\n') {
                severalLines = true;
            }
        }
        return -1;
    }

    /** The place after the quote that ends a string; -1 if a line or the stream ends before. */
    private int stringEnd(int start) {
        int i = start;
        while (i - start <= LineBlocks.MAX_LINE && has(i)) {
            i = JsonText.stringRun(held, ready + i, end) - ready;
            if (!has(i)) {
                return -1;
            }
            byte b = held[ready + i];
            if (b == '"') {
                return i + 1;
            }
            // A control byte is damage as well, which the reader of the line will find.
            i += b == '\\' ? 2 : 1;
            if (b == '\n' || b == '\\' && is(i - 1, '\n')) {
                return -1;
            }
        }
        return -1;
    }

    private int behindBlanks(int start) {
        int i = start;
        while (i - start <= LineBlocks.MAX_LINE && has(i) && JsonText.isBlank(held[ready + i])) {
            i++;
        }
        return i;
    }

    private boolean is(int place, char wanted) {
        return has(place) && held[ready + place] == wanted;
    }

    /** Whether the stream has this place, which is then in memory. */
    private boolean has(int place) {
        while (ready + place >= end) {
            if (!more()) {
                return false;
            }
        }
        return true;
    }

    /** Reads more; false at the end. Drops what was handed over. */
    private boolean more() {
        if (from > 0) {
            System.arraycopy(held, from, held, 0, end - from);
            end -= from;
            ready -= from;
            from = 0;
        }
        if (end == held.length) {
            held = Arrays.copyOf(held, 2 * held.length);
        }
        int count = -1;
        try {
            count = trouble == null ? source.read(held, end, held.length - end) : -1;
        } catch (IOException e) {
            trouble = e;
        }
        end += Math.max(0, count);
        received += Math.max(0, count);
        return count >= 0;
    }
}
