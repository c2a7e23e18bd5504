// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/**
 * The text forms in which {@code audit_log_untrustedstring} writes a value that a process chose
 * (kernel/audit.c, Linux 6.18): if {@code audit_string_contains_control} finds a quote or a byte
 * outside 0x21..0x7e, upper-case hex without quotes, else the bytes in quotes. So a quoted value
 * holds neither a blank nor a quote, whatever the process tried.
 */
final class KernelText {

    private KernelText() {}

    /**
     * Index behind the closing quote of the text whose opening quote is at {@code pos}; or -1 -
     * index of the byte that no kernel writes, or of the end.
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

    /** Index of the first byte that belongs to no pair of upper-case hex digits. */
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
