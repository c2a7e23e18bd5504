// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static io.sandbox.audit.AsciiBytes.indexOf;
import static io.sandbox.audit.AsciiBytes.matches;

/**
 * Reads the fields of {@code ausearch -i} output: words instead of numbers. comm and exe are
 * decoded and without quotes, so they may hold blanks and the text of other fields. The fields from
 * {@code sig=} to {@code code=} may not, so they are read from the last {@code sig=} on. A line is
 * refused if there are two ways to separate comm and exe. Not thread-safe; allocates nothing.
 */
final class InterpretedBody {

    private static final RecordField[] FIELDS = RecordField.values();
    private static final int AUID = RecordField.AUID.ordinal();
    private static final int SUBJ = RecordField.SUBJ.ordinal();
    private static final int PID = RecordField.PID.ordinal();
    private static final int COMM = RecordField.COMM.ordinal();
    private static final int EXE = RecordField.EXE.ordinal();
    private static final int SIG = RecordField.SIG.ordinal();
    private static final int CODE = RecordField.CODE.ordinal();
    private static final byte[] SIG_KEY = ascii(" sig=");
    private static final byte[] COMM_KEY = ascii("comm=");
    private static final byte[] EXE_KEY = ascii(" exe=");
    private static final SubstringSearch PID_SEARCH = new SubstringSearch(" pid=");
    private static final SubstringSearch EXE_SEARCH = new SubstringSearch(" exe=");

    private final SeccompRecord record;
    private final NumberReader numbers = new NumberReader();
    private byte[] buf;

    InterpretedBody(SeccompRecord record) {
        this.record = record;
    }

    /**
     * Reads {@code [from, end)} into the record. Returns null, or why it is no record. A line
     * without a line feed may be cut within its last word.
     */
    MalformedReason read(byte[] source, int from, int end, boolean endIsDelimiter) {
        buf = source;
        int sig = end - SIG_KEY.length;
        while (sig >= from && !matches(buf, sig, end, SIG_KEY)) {
            sig--;
        }
        if (sig < from) {
            return MalformedReason.TRUNCATED;
        }
        int names = words(from, sig, AUID, PID, true);
        if (names < 0) {
            return MalformedReason.OUT_OF_ORDER;
        }
        MalformedReason reason = commAndExe(names, sig);
        if (reason != null) {
            return reason;
        }
        if (words(sig + 1, end, SIG, CODE, endIsDelimiter) < 0) {
            return MalformedReason.OUT_OF_ORDER;
        }
        return record.hasWord(RecordField.SYSCALL) ? null : MalformedReason.TRUNCATED;
    }

    /**
     * Reads {@code key=word} tokens of the fields from {@code first} to {@code last}, in order;
     * only a label may hold blanks. Returns where another token begins, or -1 if out of order.
     */
    private int words(int from, int end, int first, int last, boolean endIsDelimiter) {
        int next = first;
        int pos = from;
        while (pos < end) {
            int field = FieldKeys.at(buf, pos, end, next);
            if (field == FieldKeys.NONE || field > last) {
                return pos;
            }
            int start = pos + FieldKeys.length(field);
            int stop =
                    field == SUBJ
                            ? PID_SEARCH.find(buf, start, end)
                            : indexOf(buf, start, end, (byte) ' ');
            if (field < next || field == SUBJ && stop == end) {
                return -1;
            }
            if (stop == end && !endIsDelimiter) {
                return end;
            }
            word(field, start, stop);
            next = field + 1;
            pos = stop + 1;
        }
        return Math.min(pos, end);
    }

    private void word(int field, int start, int stop) {
        if (start == stop) {
            return;
        }
        record.setWord(field, start, stop);
        MalformedReason reason;
        switch (FIELDS[field]) {
            case SUBJ -> {
                record.setText(field, start, stop);
                return;
            }
            case SES -> reason = numbers.unsigned(buf, start, stop, 0xffff_ffffL);
            case PID -> reason = numbers.signed(buf, start, stop);
            case COMPAT -> reason = numbers.unsigned(buf, start, stop, 1);
            case IP -> reason = numbers.prefixedHex(buf, start, stop, 16);
            default -> {
                return;
            }
        }
        if (reason == null && numbers.end() == stop) {
            record.setNumber(field, start, stop, numbers.value());
        }
    }

    private MalformedReason commAndExe(int from, int end) {
        if (!matches(buf, from, end, COMM_KEY)) {
            return from == end ? null : MalformedReason.OUT_OF_ORDER;
        }
        int comm = from + COMM_KEY.length;
        int exe = EXE_SEARCH.find(buf, comm, end);
        if (exe < end) {
            int path = exe + EXE_KEY.length;
            int second = EXE_SEARCH.find(buf, path, end);
            if (second < end) {
                return MalformedReason.AMBIGUOUS;
            }
            record.setText(EXE, path, end);
        }
        record.setText(COMM, comm, exe);
        return null;
    }
}
