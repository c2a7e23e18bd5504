// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.util.Arrays;

/**
 * A JSON line that was read before, with the places of its values, which are no objects or lists. A
 * line that is equal to it around its values has the same members, so that only its values have to
 * be read; {@link ShippedRecord} does. Most values never differ from one line to the next: they
 * count as text around the others, until one does.
 */
final class JsonShape {
    /** Few lines of shippers are longer. */
    static final int MAX_LENGTH = 4096;

    private static final int MAX_VALUES = 192;

    private byte[] text = {};
    private int length;
    private int count;
    private final int[] from = new int[MAX_VALUES];
    private final int[] to = new int[MAX_VALUES];
    private final int[] kinds = new int[MAX_VALUES];
    private final boolean[] strings = new boolean[MAX_VALUES];

    /** Whether there were more values than there is room for. */
    private boolean full;

    private final boolean[] differs = new boolean[MAX_VALUES];

    // What the values that have differed are, in their order. Text t stands before value t of them,
    // and the last text at the end of the line.
    private final int[] varyingKinds = new int[MAX_VALUES];
    private final boolean[] varyingStrings = new boolean[MAX_VALUES];
    private final int[] textStarts = new int[MAX_VALUES + 1];
    private final int[] textLengths = new int[MAX_VALUES + 1];
    private int varyingCount;

    /** Whether no other value has differed since. */
    private boolean learned;

    /** What the values that have not differed make. */
    private final ShippedValues others = new ShippedValues(new SeccompRecord());

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

    /** Keeps the line and what its values make, and returns whether that is possible. */
    boolean keep(byte[] buf, int start, int end, ShippedValues values) {
        if (full || end - start > MAX_LENGTH) {
            return false;
        }
        length = end - start;
        text = Arrays.copyOfRange(buf, start, end);
        for (int i = 0; i < count; i++) {
            from[i] -= start;
            to[i] -= start;
        }
        Arrays.fill(differs, 0, count, false);
        learned = false;
        learn(values);
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

    /** Notes whether the value of another line, which is between these places, differs. */
    void compare(int value, byte[] buf, int start, int stop) {
        if (!differs[value] && !Arrays.equals(text, from[value], to[value], buf, start, stop)) {
            differs[value] = true;
            learned = false;
        }
    }

    /**
     * From now on, the values that were noted count as varying.
     *
     * @param values those of the line that was read last
     */
    void learn(ShippedValues values) {
        if (learned) {
            return;
        }
        others.copy(values);
        varyingCount = 0;
        for (int i = 0; i < count; i++) {
            if (differs[i]) {
                textLengths[varyingCount] = from[i] - textStarts[varyingCount];
                varyingKinds[varyingCount] = kinds[i];
                varyingStrings[varyingCount++] = strings[i];
                textStarts[varyingCount] = to[i];
            }
        }
        textLengths[varyingCount] = length - textStarts[varyingCount];
        learned = true;
    }

    int varyingCount() {
        return varyingCount;
    }

    int[] varyingKinds() {
        return varyingKinds;
    }

    boolean[] varyingStrings() {
        return varyingStrings;
    }

    /** The values that do not vary, to which those of a line are added. */
    ShippedValues others() {
        others.rewind(varyingKinds, varyingCount);
        return others;
    }

    /**
     * Whether the text between two values, or at an end of the line, is at {@code pos}.
     *
     * @param value the value after the text; the number of values for the end of the line
     * @return the index after that text; -1 if it is not there
     */
    int gap(int value, byte[] buf, int pos, int end) {
        int start = value == 0 ? 0 : to[value - 1];
        return textAt(start, (value < count ? from[value] : length) - start, buf, pos, end);
    }

    /** Does what {@link #gap} does, for a text between two values that vary. */
    int wideGap(int varying, byte[] buf, int pos, int end) {
        return textAt(textStarts[varying], textLengths[varying], buf, pos, end);
    }

    private int textAt(int start, int size, byte[] buf, int pos, int end) {
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
