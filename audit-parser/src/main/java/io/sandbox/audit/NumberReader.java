// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.isDigit;

/**
 * Reads numbers in the form of the kernel's printf: no plus sign, no leading zeros, hex in lower
 * case. Each method returns null, or why there is no such number. The caller checks what follows
 * the digits. Not thread-safe.
 */
final class NumberReader {

    private long value;
    private int end;

    long value() {
        return value;
    }

    /** Index after the last digit, or where reading stopped. */
    int end() {
        return end;
    }

    /** {@code %u}: 0 to {@code max}, which is below 2^59. */
    MalformedReason unsigned(byte[] buf, int pos, int to, long max) {
        long word = AsciiBytes.load8(buf, pos);
        int length = Math.min(EightBytes.decimalRun(word), to - pos);
        long sum = length == 0 ? 0 : EightBytes.decimal(word, length);
        int i = pos + length;
        if (length == 8) {
            while (i < to && isDigit(buf[i]) && sum <= max) {
                sum = sum * 10 + (buf[i] - '0');
                i++;
            }
        }
        value = sum;
        if (sum > max) {
            end = i;
            return MalformedReason.OVERFLOW;
        }
        return digitsRead(buf, pos, i, to);
    }

    /** {@code %d} or {@code %ld} with the value of an int. */
    MalformedReason signed(byte[] buf, int pos, int to) {
        boolean minus = pos < to && buf[pos] == '-';
        MalformedReason reason =
                unsigned(buf, minus ? pos + 1 : pos, to, minus ? 0x8000_0000L : 0x7fff_ffffL);
        if (minus) {
            value = -value;
        }
        return reason;
    }

    /** {@code %x} of up to {@code maxDigits} digits, at most 16. */
    MalformedReason hex(byte[] buf, int pos, int to, int maxDigits) {
        long sum = 0;
        int i = pos;
        int length;
        do {
            long word = AsciiBytes.load8(buf, i);
            length = Math.min(EightBytes.hexRun(word), to - i);
            if (i - pos + length > maxDigits) {
                end = pos + maxDigits;
                return MalformedReason.OVERFLOW;
            }
            if (length > 0) {
                sum = sum << 4 * length | EightBytes.hex(word, length);
            }
            i += length;
        } while (length == 8);
        value = sum;
        return digitsRead(buf, pos, i, to);
    }

    /** {@code 0x%lx}. */
    MalformedReason prefixedHex(byte[] buf, int pos, int to, int maxDigits) {
        if (pos < to && buf[pos] != '0' || pos + 1 < to && buf[pos + 1] != 'x') {
            end = pos;
            return MalformedReason.BAD_NUMBER;
        }
        return hex(buf, Math.min(pos + 2, to), to, maxDigits);
    }

    private MalformedReason digitsRead(byte[] buf, int pos, int stop, int to) {
        end = stop;
        if (stop == pos) {
            return stop == to ? MalformedReason.TRUNCATED : MalformedReason.BAD_NUMBER;
        }
        return buf[pos] == '0' && stop - pos > 1 ? MalformedReason.BAD_NUMBER : null;
    }
}
