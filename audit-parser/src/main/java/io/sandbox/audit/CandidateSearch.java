// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds where in a block of lines a record may be, and the ends of lines, at memory's speed.
 *
 * <p>Every record and every loss line, in any form, holds {@code audi} or {@code auid}: in the word
 * {@code audit}, in the name of auditd's dispatcher, or in the first field. Only a record with a
 * cut head, or in the JSON of a shipper that leaves auid out, may lack them. So each line that
 * begins like one of auditd is a candidate too, and each with {@code ip=0x}, a field that records
 * have near their end, or that member of JSON. Approach: 16 bytes and their 16 followers are
 * compared at once with the letters a and u, with 0 and x, and with a line feed and the possible
 * letters after it. Each pair that is found is checked in detail. Allocates nothing.
 */
final class CandidateSearch {

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x80 * ONES;
    private static final long A = 'a' * ONES;
    private static final long U = 'u' * ONES;
    private static final long ZERO = '0' * ONES;
    private static final long X = 'x' * ONES;
    private static final long LF = '\n' * ONES;

    /** This mask turns both t and n, with which type= and node= begin, into d. */
    private static final long T_OR_N = ~(0x1a * ONES);

    private static final long D = 'd' * ONES;

    /** What stands before the number of an address. */
    private static final byte[][] ADDRESSES = {
        ascii("ip="), ascii("\"ip\":\""), ascii("\"ip\": \"")
    };

    /**
     * Index of the first candidate in {@code [pos, end)}: {@code audi}, {@code auid}, the number of
     * {@code ip=0x}, or the beginning of a line like auditd's, except for the first line. {@code
     * end} if there is none.
     */
    static int find(byte[] buf, int pos, int end) {
        int i = pos;
        int last = end - 17;
        while (i <= last) {
            long low = pairs((long) LONG.get(buf, i), (long) LONG.get(buf, i + 1));
            long high = pairs((long) LONG.get(buf, i + 8), (long) LONG.get(buf, i + 9));
            if ((low | high) != 0) {
                int hit = low != 0 ? i + EightBytes.first(low) : i + 8 + EightBytes.first(high);
                int candidate = candidateAt(buf, pos, hit, end);
                if (candidate >= 0) {
                    return candidate;
                }
                i = hit + 1;
            } else {
                i += 16;
            }
        }
        while (i < end) {
            int candidate = candidateAt(buf, pos, i, end);
            if (candidate >= 0) {
                return candidate;
            }
            i++;
        }
        return Math.max(pos, end);
    }

    /**
     * Sets the high bit of each byte that is an {@code a} before {@code u}, a {@code 0} before
     * {@code x}, or a line feed before t, n or a few others. Only the lowest set bit is reliable.
     */
    private static long pairs(long bytes, long following) {
        long word = bytes ^ A | following ^ U;
        long line = bytes ^ LF | following & T_OR_N ^ D;
        long field = bytes ^ ZERO | following ^ X;
        return (word - ONES & ~word | line - ONES & ~line | field - ONES & ~field) & HIGH;
    }

    /** Where a candidate begins: at this byte, or after it if it is a line feed; else -1. */
    private static int candidateAt(byte[] buf, int pos, int i, int end) {
        if (buf[i] == '\n') {
            return RawLine.startsLike(buf, i + 1, end) ? i + 1 : -1;
        }
        if (buf[i] == '0') {
            return end - i >= 2 && buf[i + 1] == 'x' && isAfterAddress(buf, pos, i) ? i : -1;
        }
        if (end - i < 4 || buf[i] != 'a' || buf[i + 1] != 'u') {
            return -1;
        }
        boolean word =
                buf[i + 2] == 'd' && buf[i + 3] == 'i' || buf[i + 2] == 'i' && buf[i + 3] == 'd';
        return word ? i : -1;
    }

    private static boolean isAfterAddress(byte[] buf, int pos, int i) {
        for (byte[] address : ADDRESSES) {
            int start = i - address.length;
            if (start >= pos && AsciiBytes.matches(buf, start, i, address)) {
                return true;
            }
        }
        return false;
    }

    /** Index after the next line feed in {@code [pos, end)}, or {@code end}. */
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

    /** Index after the last line feed in {@code [start, pos)}, or {@code start}. */
    static int lineStart(byte[] buf, int start, int pos) {
        int i = pos;
        while (i > start && buf[i - 1] != '\n') {
            i--;
        }
        return i;
    }
}
