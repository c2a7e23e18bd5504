// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Finds out which field begins at a position. Each key with its {@code =} fits into eight bytes, so
 * one load and one comparison decide. The parser first tries the field that the kernel should write
 * next, which nearly always succeeds.
 */
final class FieldKeys {

    static final int COUNT = RecordField.values().length;

    /** No known key begins here. */
    static final int NONE = -1;

    private static final long[] WORD = new long[COUNT];
    private static final long[] MASK = new long[COUNT];
    private static final int[] LENGTH = new int[COUNT];

    static {
        for (RecordField field : RecordField.values()) {
            byte[] key =
                    (field.name().toLowerCase(Locale.ROOT) + "=")
                            .getBytes(StandardCharsets.US_ASCII);
            int i = field.ordinal();
            WORD[i] = AsciiBytes.load8(key, 0);
            MASK[i] = key.length == 8 ? -1L : (1L << (8 * key.length)) - 1;
            LENGTH[i] = key.length;
        }
    }

    /** Length of the key with its {@code =}. */
    static int length(int field) {
        return LENGTH[field];
    }

    /** The field whose key begins at {@code pos}, {@code likely} first; or {@link #NONE}. */
    static int at(byte[] buf, int pos, int end, int likely) {
        long word = AsciiBytes.load8(buf, pos);
        for (int i = likely; i < COUNT; i++) {
            if ((word & MASK[i]) == WORD[i]) {
                return pos + LENGTH[i] <= end ? i : NONE;
            }
        }
        for (int i = 0; i < likely; i++) {
            if ((word & MASK[i]) == WORD[i]) {
                return pos + LENGTH[i] <= end ? i : NONE;
            }
        }
        return NONE;
    }
}
