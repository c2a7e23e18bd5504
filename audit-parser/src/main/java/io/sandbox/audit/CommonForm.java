// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/**
 * The fast path for a record exactly as a current kernel writes it: every field from {@code auid=}
 * to {@code ip=} in order, {@code subj=} or not, one blank between, a label without blanks, no
 * negative number. At anything else it gives up, and {@link KernelBody} reads the record from its
 * beginning. So it may refuse a record, but must never accept one that KernelBody would refuse, or
 * read another value.
 *
 * <p>Approach: a separate call for each field, so that each has its own place in the branch
 * predictor, and numbers are read eight bytes at a time. Not thread-safe; allocates nothing.
 */
final class CommonForm {

    /** The record is not in this form. */
    static final int OTHER = -1;

    private static final long U32_MAX = 0xffff_ffffL;
    private static final long INT_MAX = 0x7fff_ffffL;

    private static final long AUID = key("auid=");
    private static final long UID = key("uid=");
    private static final long GID = key("gid=");
    private static final long SES = key("ses=");
    private static final long SUBJ = key("subj=");
    private static final long PID = key("pid=");
    private static final long COMM = key("comm=");
    private static final long EXE = key("exe=");
    private static final long SIG = key("sig=");
    private static final long ARCH = key("arch=");
    private static final long SYSCALL = key("syscall=");
    private static final long COMPAT = key("compat=");
    private static final long IP = key("ip=0x");
    private static final long FOUR = 0xffff_ffffL;
    private static final long FIVE = 0xff_ffff_ffffL;
    private static final long SEVEN = 0xff_ffff_ffff_ffffL;

    private final SeccompRecord record;
    private byte[] buf;
    private int end;
    private int subjStart;
    private int pidStart;

    CommonForm(SeccompRecord record) {
        this.record = record;
    }

    private static long key(String text) {
        return AsciiBytes.load8(AsciiBytes.ascii(text), 0);
    }

    /** Where the label begins, or -1. */
    int subjStart() {
        return subjStart;
    }

    /** Where {@code pid=} begins. */
    int pidStart() {
        return pidStart;
    }

    /** Index behind {@code ip=X}, or {@link #OTHER}: then the record may hold some fields. */
    int read(byte[] source, int from, int to) {
        buf = source;
        end = to;
        int pos = decimal(RecordField.AUID, AUID, FIVE, 5, from, U32_MAX);
        pos = decimal(RecordField.UID, UID, FOUR, 4, pos, U32_MAX);
        pos = decimal(RecordField.GID, GID, FOUR, 4, pos, U32_MAX);
        pos = decimal(RecordField.SES, SES, FOUR, 4, pos, U32_MAX);
        pos = label(pos);
        pidStart = pos;
        pos = decimal(RecordField.PID, PID, FOUR, 4, pos, INT_MAX);
        pos = string(RecordField.COMM, COMM, FIVE, 5, pos);
        pos = string(RecordField.EXE, EXE, FOUR, 4, pos);
        pos = decimal(RecordField.SIG, SIG, FOUR, 4, pos, INT_MAX);
        pos = hex(RecordField.ARCH, ARCH, FIVE, 5, 0, 8, pos);
        pos = decimal(RecordField.SYSCALL, SYSCALL, -1L, 8, pos, INT_MAX);
        pos = decimal(RecordField.COMPAT, COMPAT, SEVEN, 7, pos, 1);
        return hex(RecordField.IP, IP, FIVE, 5, 2, 16, pos);
    }

    private int decimal(RecordField field, long key, long mask, int keyLength, int pos, long max) {
        if (pos < 0 || (AsciiBytes.load8(buf, pos) & mask) != key) {
            return OTHER;
        }
        int from = pos + keyLength;
        long word = AsciiBytes.load8(buf, from);
        int length = EightBytes.decimalRun(word);
        if (length == 0) {
            return OTHER;
        }
        long value = EightBytes.decimal(word, length);
        int to = from + length;
        if (length == 8) {
            while (to < end && AsciiBytes.isDigit(buf[to]) && value <= max) {
                value = value * 10 + (buf[to] - '0');
                to++;
            }
        }
        boolean leadingZero = length > 1 && (byte) word == '0';
        if (to >= end || buf[to] != ' ' || value > max || leadingZero) {
            return OTHER;
        }
        record.setNumber(field.ordinal(), from, to, value);
        return to + 1;
    }

    /** The last {@code prefix} bytes of the key belong to the value. */
    private int hex(
            RecordField field,
            long key,
            long mask,
            int keyLength,
            int prefix,
            int maxDigits,
            int pos) {
        if (pos < 0 || (AsciiBytes.load8(buf, pos) & mask) != key) {
            return OTHER;
        }
        int from = pos + keyLength;
        long word = AsciiBytes.load8(buf, from);
        int length = EightBytes.hexRun(word);
        if (length == 0 || length > 1 && (byte) word == '0') {
            return OTHER;
        }
        long value = EightBytes.hex(word, length);
        int to = from + length;
        if (length == 8 && maxDigits == 16) {
            long second = AsciiBytes.load8(buf, to);
            int more = EightBytes.hexRun(second);
            if (more > 0) {
                value = value << 4 * more | EightBytes.hex(second, more);
                to += more;
            }
        }
        if (to >= end || buf[to] != ' ') {
            return OTHER;
        }
        record.setNumber(field.ordinal(), from - prefix, to, value);
        return to + 1;
    }

    /** Reads the optional label, up to the first blank. In this form, pid comes next. */
    private int label(int pos) {
        subjStart = -1;
        if (pos < 0 || (AsciiBytes.load8(buf, pos) & FIVE) != SUBJ) {
            return pos;
        }
        subjStart = pos + 5;
        int to = AsciiBytes.indexOf(buf, subjStart, end, (byte) ' ');
        if (to >= end) {
            return OTHER;
        }
        record.setText(RecordField.SUBJ.ordinal(), subjStart, to);
        return to + 1;
    }

    private int string(RecordField field, long key, long mask, int keyLength, int pos) {
        int from = pos + keyLength;
        if (pos < 0 || (AsciiBytes.load8(buf, pos) & mask) != key || from >= end) {
            return OTHER;
        }
        int to =
                buf[from] == '"'
                        ? KernelText.quotedEnd(buf, from, end)
                        : KernelText.hexEnd(buf, from, end);
        if (to <= from || to >= end || buf[to] != ' ') {
            return OTHER;
        }
        record.setText(field.ordinal(), from, to);
        return to + 1;
    }
}
