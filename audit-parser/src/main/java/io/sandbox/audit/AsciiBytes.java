// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Compares and searches ASCII text in byte arrays. All ends are exclusive. Allocates nothing. */
final class AsciiBytes {

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Eight bytes from {@code pos}, the first in the lowest bits; zeros after the end of the array.
     * It may read past the caller's range, so the caller must check the end of a match.
     */
    static long load8(byte[] buf, int pos) {
        return pos <= buf.length - 8 ? (long) LONG.get(buf, pos) : loadLast(buf, pos);
    }

    /** A separate method, so that {@link #load8} is small enough to be inlined. */
    private static long loadLast(byte[] buf, int pos) {
        long word = 0;
        for (int i = buf.length - 1; i >= pos; i--) {
            word = word << 8 | (buf[i] & 0xff);
        }
        return word;
    }

    /** The reverse of {@link #load8}, within the array. */
    static void store8(byte[] buf, int pos, long word) {
        LONG.set(buf, pos, word);
    }

    /**
     * Whether {@code length} bytes, at least 8, are the same in both arrays. Arrays.mismatch is
     * slower for short texts, unless C2 compiles it.
     */
    static boolean equal(byte[] a, int posA, byte[] b, int posB, int length) {
        int last = length - 8;
        for (int i = 0; i < last; i += 8) {
            if ((long) LONG.get(a, posA + i) != (long) LONG.get(b, posB + i)) {
                return false;
            }
        }
        return (long) LONG.get(a, posA + last) == (long) LONG.get(b, posB + last);
    }

    static boolean matches(byte[] buf, int pos, int end, byte[] text) {
        if (pos < 0 || end - pos < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (buf[pos + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes from {@code pos} on are a beginning of {@code text}, not all of it. */
    static boolean isCutOf(byte[] buf, int pos, int end, byte[] text) {
        int length = end - pos;
        if (length >= text.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (buf[pos + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Index of the next {@code b}, or {@code end}. */
    static int indexOf(byte[] buf, int pos, int end, byte b) {
        int i = pos;
        int run = 8;
        while (run == 8 && i < end) {
            run = EightBytes.runWithout(load8(buf, i), b);
            i += run;
        }
        return Math.min(i, Math.max(pos, end));
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    static boolean isWord(byte b) {
        return isDigit(b) || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_';
    }
}
