// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the places in a block of lines that are worth a look, and the ends of lines, at the speed
 * of memory.
 *
 * <p>Every record and every loss line, in any form, holds {@code audi} or {@code auid}: the word
 * {@code audit}, auditd's dispatcher, or the first field. Only a record whose head is cut may lack
 * them, so each line that begins as auditd's is one too. Approach: the letters a and u are compared
 * with 16 bytes and the 16 behind them at once, and so are line ends with what may follow; a pair
 * is looked at more closely. Allocates nothing.
 */
final class CandidateSearch {

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x80 * ONES;
    private static final long A = 'a' * ONES;
    private static final long U = 'u' * ONES;
    private static final long LF = '\n' * ONES;

    /** Without these bits t and n, as type= and node= begin, are both a d. */
    private static final long T_OR_N = ~(0x1a * ONES);

    private static final long D = 'd' * ONES;

    private CandidateSearch() {}

    /**
     * Index of the first {@code audi} or {@code auid}, or beginning of a line of auditd behind the
     * first line, in {@code [pos, end)}; or {@code end}.
     */
    static int find(byte[] buf, int pos, int end) {
        int i = pos;
        int last = end - 17;
        while (i <= last) {
            long low = pairs((long) LONG.get(buf, i), (long) LONG.get(buf, i + 1));
            long high = pairs((long) LONG.get(buf, i + 8), (long) LONG.get(buf, i + 9));
            if ((low | high) != 0) {
                int hit = low != 0 ? i + EightBytes.first(low) : i + 8 + EightBytes.first(high);
                int candidate = candidateAt(buf, hit, end);
                if (candidate >= 0) {
                    return candidate;
                }
                i = hit + 1;
            } else {
                i += 16;
            }
        }
        while (i < end) {
            int candidate = candidateAt(buf, i, end);
            if (candidate >= 0) {
                return candidate;
            }
            i++;
        }
        return Math.max(pos, end);
    }

    /**
     * High bits of the bytes that are {@code a} and followed by {@code u}, or a line feed and
     * followed by t, n or a few others; the lowest is right.
     */
    private static long pairs(long bytes, long following) {
        long word = bytes ^ A | following ^ U;
        long line = bytes ^ LF | following & T_OR_N ^ D;
        return (word - ONES & ~word | line - ONES & ~line) & HIGH;
    }

    /** Where the candidate begins that this byte is the first of or stands before, or -1. */
    private static int candidateAt(byte[] buf, int i, int end) {
        if (buf[i] == '\n') {
            return RawLine.startsLike(buf, i + 1, end) ? i + 1 : -1;
        }
        if (end - i < 4 || buf[i] != 'a' || buf[i + 1] != 'u') {
            return -1;
        }
        boolean word =
                buf[i + 2] == 'd' && buf[i + 3] == 'i' || buf[i + 2] == 'i' && buf[i + 3] == 'd';
        return word ? i : -1;
    }

    /** Index behind the next line feed in {@code [pos, end)}, or {@code end}. */
    static int lineEnd(byte[] buf, int pos, int end) {
        int i = pos;
        int last = end - 16;
        while (i <= last) {
            long low = feeds((long) LONG.get(buf, i));
            long high = feeds((long) LONG.get(buf, i + 8));
            if ((low | high) != 0) {
                return 1 + (low != 0 ? i + EightBytes.first(low) : i + 8 + EightBytes.first(high));
            }
            i += 16;
        }
        while (i < end && buf[i] != '\n') {
            i++;
        }
        return Math.min(i + 1, end);
    }

    private static long feeds(long bytes) {
        long x = bytes ^ LF;
        return x - ONES & ~x & HIGH;
    }

    /** Index behind the last line feed in {@code [start, pos)}, or {@code start}. */
    static int lineStart(byte[] buf, int start, int pos) {
        int i = pos;
        while (i > start && buf[i - 1] != '\n') {
            i--;
        }
        return i;
    }
}
