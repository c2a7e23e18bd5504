// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import io.sandbox.text.ShownValue;

/**
 * The place in a program where a call is made.
 *
 * @param module the file that the code comes from, or a name in brackets such as {@code [vdso]}
 * @param offset the offset of the instruction after the call, from the start of the file
 */
public record Origin(String module, long offset) {
    public Origin {
        if (module.isEmpty()) {
            throw new IllegalArgumentException("an origin without a module");
        }
    }

    /**
     * Reads what {@link #toString} gives.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static Origin parse(String text) {
        int plus = text.lastIndexOf("+0x");
        if (plus < 0) {
            throw new IllegalArgumentException("not MODULE+0xOFFSET: " + ShownValue.of(text));
        }
        return new Origin(
                text.substring(0, plus), Long.parseUnsignedLong(text.substring(plus + 3), 16));
    }

    /** Returns a text such as {@code /usr/lib/libc.so.6+0xfe180}. */
    @Override
    public String toString() {
        return module + "+0x" + Long.toHexString(offset);
    }
}
