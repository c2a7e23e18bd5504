// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/**
 * The forms of values that a process chose, as {@code audit_log_untrustedstring} writes them
 * (kernel/audit.c, Linux 6.18). If {@code audit_string_contains_control} finds a quote or a byte
 * outside 0x21..0x7e, it writes upper-case hex without quotes; otherwise the bytes in quotes. So a
 * quoted value never holds a blank or a quote.
 */
final class KernelText {
    /**
     * Index after the closing quote of the text whose opening quote is at {@code pos}. If there is
     * a byte that no kernel writes, or the end comes first: -1 minus the index of that.
     */
    static int quotedEnd(byte[] buf, int pos, int end) {
        int i = pos + 1;
        int run = 8;
        while (run == 8 && i < end) {
            run = EightBytes.quotableRun(AsciiBytes.load8(buf, i));
            i += run;
        }
        if (i >= end) {
            return -1 - end;
        }
        return buf[i] == '"' ? i + 1 : -1 - i;
    }

    /** Index of the first byte that is not part of a pair of upper-case hex digits. */
    static int hexEnd(byte[] buf, int pos, int end) {
        int i = pos;
        while (i + 1 < end && isHex(buf[i]) && isHex(buf[i + 1])) {
            i += 2;
        }
        return i;
    }

    private static boolean isHex(byte b) {
        return AsciiBytes.isDigit(b) || b >= 'A' && b <= 'F';
    }
}
