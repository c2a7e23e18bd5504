// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.util.Arrays;

/**
 * A JSON line that was read before, with the places of its values, which are no objects or lists. A
 * line that is equal to it around its values has the same members, so that only its values have to
 * be read; {@link ShippedRecord} does.
 */
final class JsonShape {
    /** Few lines of shippers are longer. */
    static final int MAX_LENGTH = 4096;

    private static final int MAX_VALUES = 96;

    private byte[] text = {};
    private int length;
    private int count;
    private final int[] from = new int[MAX_VALUES];
    private final int[] to = new int[MAX_VALUES];
    private final int[] kinds = new int[MAX_VALUES];
    private final boolean[] strings = new boolean[MAX_VALUES];

    /** Whether there were more values than there is room for. */
    private boolean full;

    /** Begins with a line. */
    void clear() {
        count = 0;
        full = false;
    }

    /**
     * Adds a value, in the order of the line; places are those in the line's buffer.
     *
     * @param kind what it is; negative if that does not matter
     * @param isString whether it stands between quotes, which are not part of it
     */
    void add(int start, int stop, int kind, boolean isString) {
        if (count == MAX_VALUES) {
            full = true;
            return;
        }
        from[count] = start;
        to[count] = stop;
        kinds[count] = kind;
        strings[count++] = isString;
    }

    /** Keeps the line of the values, and returns whether that is possible. */
    boolean keep(byte[] buf, int start, int end) {
        if (full || end - start > MAX_LENGTH) {
            return false;
        }
        length = end - start;
        text = Arrays.copyOfRange(buf, start, end);
        for (int i = 0; i < count; i++) {
            from[i] -= start;
            to[i] -= start;
        }
        return true;
    }

    int count() {
        return count;
    }

    int kind(int value) {
        return kinds[value];
    }

    boolean isString(int value) {
        return strings[value];
    }

    /**
     * Whether the text between two values, or at the beginning or end of the line, is at {@code
     * pos}.
     *
     * @param before the value after which it begins; -1 for the beginning of the line
     * @return the index after that text; -1 if it is not there
     */
    int gap(int before, byte[] buf, int pos, int end) {
        int start = before < 0 ? 0 : to[before];
        int size = (before + 1 < count ? from[before + 1] : length) - start;
        if (end - pos < size) {
            return -1;
        }
        if (size >= 8) {
            return AsciiBytes.equal(buf, pos, text, start, size) ? pos + size : -1;
        }
        for (int i = 0; i < size; i++) {
            if (buf[pos + i] != text[start + i]) {
                return -1;
            }
        }
        return pos + size;
    }
}
