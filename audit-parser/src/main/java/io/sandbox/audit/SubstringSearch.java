// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.util.Arrays;

/**
 * Horspool search for one fixed text. Most steps look at only one of {@code text.length} bytes, so
 * a search without a hit is faster than a byte-wise loop. Immutable and thread-safe.
 */
final class SubstringSearch {

    private final byte[] text;
    private final byte[] skip = new byte[256];

    SubstringSearch(String text) {
        this.text = AsciiBytes.ascii(text);
        int length = this.text.length;
        if (length == 0 || length > Byte.MAX_VALUE) {
            throw new IllegalArgumentException("text length " + length + " not in 1..127");
        }
        Arrays.fill(skip, (byte) length);
        for (int i = 0; i < length - 1; i++) {
            skip[this.text[i] & 0xff] = (byte) (length - 1 - i);
        }
    }

    /** Index of the first occurrence that is entirely in {@code [pos, end)}, or {@code end}. */
    int find(byte[] buf, int pos, int end) {
        int last = text.length - 1;
        byte lastByte = text[last];
        int i = pos + last;
        while (i < end) {
            byte b = buf[i];
            if (b == lastByte && AsciiBytes.matches(buf, i - last, end, text)) {
                return i - last;
            }
            i += skip[b & 0xff];
        }
        return end;
    }
}
