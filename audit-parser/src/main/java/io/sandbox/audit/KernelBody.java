// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static io.sandbox.audit.AsciiBytes.isDigit;
import static io.sandbox.audit.AsciiBytes.matches;

/**
 * Reads the fields of a seccomp record in kernel form, from {@code auid=} on, in one pass.
 *
 * <p>Approach: it reads tokens in the kernel's order. At each token it tries the field that should
 * come next, then later ones, because old kernels leave fields out. It skips unknown tokens, with
 * their quotes. A field that is repeated or out of order makes the record malformed, so that no
 * value can pass for a field. It reads nothing after {@code code=}, since the words there are
 * auditd's, not the kernel's.
 *
 * <p><b>Cut lines.</b> A value counts only if the byte after it is there, since {@code syscall=23}
 * may be the beginning of {@code syscall=231}. So the last value of a cut line is not a field, and
 * a line that is cut before the end of the call's number is malformed. {@code code=} has no byte
 * after it at the end of a line. There it counts if it is one of the kernel's return values, since
 * none of them is the beginning of another. A netlink payload is always whole: its end is a
 * delimiter, and it must have {@code code=}.
 *
 * <p><b>Labels.</b> Only {@code subj=} may hold blanks without quotes, and AppArmor makes the label
 * of a learning profile from the path of an executable. Such a path can contain the text of all
 * later fields. But the kernel's own fields come last, and none of them can hold a blank. So the
 * last {@code pid=N comm=} of the record is the right one.
 *
 * <p>Not thread-safe; allocates nothing.
 */
final class KernelBody {

    private static final int AUID = RecordField.AUID.ordinal();
    private static final int SES = RecordField.SES.ordinal();
    private static final int SUBJ = RecordField.SUBJ.ordinal();
    private static final int PID = RecordField.PID.ordinal();
    private static final int REASON = RecordField.REASON.ordinal();
    private static final int SIG = RecordField.SIG.ordinal();
    private static final int ARCH = RecordField.ARCH.ordinal();
    private static final int SYSCALL = RecordField.SYSCALL.ordinal();
    private static final int COMPAT = RecordField.COMPAT.ordinal();
    private static final int IP = RecordField.IP.ordinal();
    private static final int CODE = RecordField.CODE.ordinal();

    private static final byte[] NULL = ascii("(null)");
    private static final byte[] BOLD = ascii("**");
    private static final byte[] BOLD_BLANK = ascii("** ");
    private static final byte[] TAIL = ascii("AUID=");
    private static final byte[] PID_KEY = ascii(" pid=");
    private static final SubstringSearch COMM_SEARCH = new SubstringSearch(" comm=");
    private static final byte[] STAMP = ascii("audit(");

    private final SeccompRecord record;
    private final NumberReader numbers = new NumberReader();
    private byte[] buf;
    private int end;

    /** Whether the text is a whole netlink payload. */
    private boolean whole;

    /** Whether the end of the line ends any value, not only {@code code=}. */
    private boolean endDelimits;

    /** Where the next token begins. */
    private int pos;

    /** The lowest field that may still come. */
    private int next;

    private int subjStart;
    private int pidStart;

    KernelBody(SeccompRecord record) {
        this.record = record;
    }

    /** Whether a line that differs from the last one only in numbers has the same other fields. */
    boolean canBeRepeated() {
        return record.has(RecordField.AUID)
                && record.has(RecordField.PID)
                && record.has(RecordField.SYSCALL)
                && record.has(RecordField.IP)
                && record.has(RecordField.CODE);
    }

    /** Reads {@code [from, to)} into the record. Returns null, or why it is no record. */
    MalformedReason read(byte[] source, int from, int to, boolean payload, boolean endIsDelimiter) {
        buf = source;
        end = to;
        whole = payload;
        endDelimits = payload || endIsDelimiter;
        pos = from;
        next = AUID;
        subjStart = pidStart = -1;
        MalformedReason reason = fields();
        return subjStart >= 0 && (reason != null || pos < end) ? checkLabel(reason) : reason;
    }

    private MalformedReason fields() {
        while (pos < end) {
            if (buf[pos] == ' ') {
                pos++;
                continue;
            }
            if (buf[pos] == '*' && matches(buf, pos, end, BOLD)) {
                pos += BOLD.length;
            }
            int field = FieldKeys.at(buf, pos, end, next);
            MalformedReason reason;
            if (field == FieldKeys.NONE) {
                reason = unknownToken();
            } else if (field < next) {
                reason = MalformedReason.OUT_OF_ORDER;
            } else {
                next = field + 1;
                reason = value(field, pos + FieldKeys.length(field));
                if (reason == null && field == CODE) {
                    break;
                }
            }
            if (reason != null) {
                // If only a later field is cut, the call's number is whole, and the record counts.
                boolean cutAfterNumber =
                        reason == MalformedReason.TRUNCATED
                                && !whole
                                && record.has(RecordField.SYSCALL);
                return cutAfterNumber ? null : reason;
            }
        }
        if (!record.has(RecordField.SYSCALL) || whole && !record.has(RecordField.CODE)) {
            return MalformedReason.TRUNCATED;
        }
        return null;
    }

    /** Skips a token that is no field, such as dots that somebody typed. */
    private MalformedReason unknownToken() {
        int i = pos;
        while (i < end && buf[i] != ' ') {
            if (buf[i] == '=' && i + 1 < end && buf[i + 1] == '"') {
                return quotedToken(i + 1);
            }
            i++;
        }
        pos = i;
        return null;
    }

    private MalformedReason quotedToken(int quote) {
        int i = AsciiBytes.indexOf(buf, quote + 1, end, (byte) '"');
        return i == end ? MalformedReason.TRUNCATED : delimiter(i + 1);
    }

    private MalformedReason value(int field, int from) {
        if (field <= SES) {
            return number(field, from, numbers.unsigned(buf, from, end, 0xffff_ffffL));
        }
        if (field == SYSCALL || field == SIG) {
            return number(field, from, numbers.signed(buf, from, end));
        }
        if (field == ARCH) {
            return number(field, from, numbers.hex(buf, from, end, 8));
        }
        if (field == SUBJ) {
            return label(from);
        }
        if (field == PID) {
            pidStart = from - FieldKeys.length(PID);
            return number(field, from, numbers.signed(buf, from, end));
        }
        if (field <= REASON) {
            return string(field, from);
        }
        if (field == COMPAT) {
            return number(field, from, numbers.unsigned(buf, from, end, 1));
        }
        if (field == IP) {
            return number(field, from, numbers.prefixedHex(buf, from, end, 16));
        }
        return code(from, numbers.prefixedHex(buf, from, end, 8));
    }

    private MalformedReason number(int field, int from, MalformedReason failure) {
        int to = numbers.end();
        if (failure != null) {
            return failure;
        }
        MalformedReason reason = delimiter(to);
        if (reason == null) {
            record.setNumber(field, from, to, numbers.value());
        }
        return reason;
    }

    private MalformedReason string(int field, int from) {
        if (from == end) {
            return MalformedReason.TRUNCATED;
        }
        int to;
        if (buf[from] == '"') {
            to = KernelText.quotedEnd(buf, from, end);
            if (to < 0) {
                return -1 - to == end ? MalformedReason.TRUNCATED : MalformedReason.BAD_STRING;
            }
        } else if (buf[from] == '(' && matches(buf, from, end, NULL)) {
            return delimiter(from + NULL.length);
        } else {
            to = KernelText.hexEnd(buf, from, end);
            if (to == from || to < end && buf[to] != ' ' && !matches(buf, to, end, BOLD_BLANK)) {
                return end - to <= 1 || AsciiBytes.isCutOf(buf, from, end, NULL)
                        ? MalformedReason.TRUNCATED
                        : MalformedReason.BAD_STRING;
            }
        }
        MalformedReason reason = delimiter(to);
        if (reason == null) {
            record.setText(field, from, to);
        }
        return reason;
    }

    /** Reads the label up to the blank before {@code pid=}; {@link #checkLabel} checks it. */
    private MalformedReason label(int from) {
        subjStart = from;
        int i = AsciiBytes.indexOf(buf, from, end, (byte) ' ');
        while (i < end && FieldKeys.at(buf, i + 1, end, PID) != PID) {
            i = AsciiBytes.indexOf(buf, i + 1, end, (byte) ' ');
        }
        return label(from, i);
    }

    private MalformedReason label(int from, int to) {
        if (to == end) {
            return MalformedReason.TRUNCATED;
        }
        record.setText(SUBJ, from, to);
        pos = to + 1;
        return null;
    }

    private MalformedReason code(int from, MalformedReason failure) {
        int to = numbers.end();
        if (failure != null) {
            return failure;
        }
        boolean atEnd = to == end || AsciiBytes.isCutOf(buf, to, end, TAIL);
        if (to == end && !endDelimits && !isReturnValue((int) numbers.value())) {
            return MalformedReason.TRUNCATED;
        }
        if (!atEnd && AsciiBytes.isWord(buf[to]) && !matches(buf, to, end, TAIL)) {
            return MalformedReason.BAD_DELIMITER;
        }
        record.setNumber(CODE, from, to, numbers.value());
        pos = to;
        return null;
    }

    /**
     * Whether the value is a SECCOMP_RET_* of linux/seccomp.h, with data. KILL_THREAD (0) may have
     * no data, since {@code 0x7ffc} can be the beginning of {@code 0x7ffc0000}.
     */
    private static boolean isReturnValue(int code) {
        switch (code >>> 16) {
            case 0x8000, 0x0003, 0x0005, 0x7fc0, 0x7ff0, 0x7ffc, 0x7fff:
                return true;
            default:
                return code == 0;
        }
    }

    /** Moves to the token after the value that ends at {@code to}. */
    private MalformedReason delimiter(int to) {
        if (to < end) {
            if (buf[to] == ' ') {
                pos = to + 1;
                return null;
            }
            if (matches(buf, to, end, BOLD_BLANK)) {
                pos = to + BOLD_BLANK.length;
                return null;
            }
            return MalformedReason.BAD_DELIMITER;
        }
        if (!endDelimits) {
            return MalformedReason.TRUNCATED;
        }
        pos = end;
        return null;
    }

    /** If another {@code pid=N comm=} follows, all before the last belongs to the label. */
    private MalformedReason checkLabel(MalformedReason reason) {
        int last = lastTask(Math.max(subjStart, pidStart));
        if (last < 0) {
            return reason;
        }
        for (int i = subjStart; !whole && i < last; i++) {
            if (buf[i] == 'a' && matches(buf, i, last, STAMP)) {
                return MalformedReason.AMBIGUOUS;
            }
        }
        record.keepUpTo(RecordField.SES);
        label(subjStart, last - 1);
        next = PID;
        return fields();
    }

    /** Where the last {@code pid=N comm=} at or after {@code from} begins; -1 if there is none. */
    private int lastTask(int from) {
        int last = -1;
        for (int comm = COMM_SEARCH.find(buf, from, end);
                comm < end;
                comm = COMM_SEARCH.find(buf, comm + 1, end)) {
            int digit = comm;
            while (digit > from && isDigit(buf[digit - 1])) {
                digit--;
            }
            int pid = digit - PID_KEY.length;
            if (digit < comm && pid >= from && matches(buf, pid, comm, PID_KEY)) {
                last = pid + 1;
            }
        }
        return last;
    }
}
