// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static io.sandbox.audit.AsciiBytes.isDigit;
import static io.sandbox.audit.AsciiBytes.matches;

/** Reads a record's stamp, what follows {@code audit(}. Not thread-safe; allocates nothing. */
final class StampReader {

    private static final byte[] END = ascii("): ");

    /** Android's logd moves the time elsewhere (system/logging/logd/LogAudit.cpp). */
    private static final byte[] NO_TIME = ascii("0.0:");

    private static final long MAX_SECONDS = 99_999_999_999L;
    private static final long MAX_SERIAL = 0xffff_ffffL;
    private static final int SERIAL_DIGITS = 10;

    /** The longest date and time of ausearch -i, in any locale. */
    private static final int TIME_TEXT_LIMIT = 48;

    private final SeccompRecord record;
    private final NumberReader numbers = new NumberReader();
    private int end;

    StampReader(SeccompRecord record) {
        this.record = record;
    }

    /** The position after the stamp that was read last. */
    int end() {
        return end;
    }

    /**
     * Reads a stamp such as {@code 1586171042.680:138): }, which {@code audit_log_start} writes
     * with {@code %llu.%03lu:%u}. Returns null, or why it is none.
     *
     * @param payload whether the kernel itself handed the text over, so that it has a time
     */
    MalformedReason kernel(byte[] buf, int start, int to, boolean payload) {
        if (!payload && matches(buf, start, to, NO_TIME)) {
            MalformedReason failure = serial(buf, start, start + NO_TIME.length, to);
            if (failure == null) {
                record.setSerial(numbers.value());
            }
            return failure;
        }
        if (numbers.unsigned(buf, start, to, MAX_SECONDS) != null) {
            return bad(buf, start, to);
        }
        long seconds = numbers.value();
        int dot = numbers.end();
        if (dot + 5 > to
                || buf[dot] != '.'
                || buf[dot + 4] != ':'
                || !isDigit(buf[dot + 1])
                || !isDigit(buf[dot + 2])
                || !isDigit(buf[dot + 3])) {
            return bad(buf, start, to);
        }
        int millis = (buf[dot + 1] - '0') * 100 + (buf[dot + 2] - '0') * 10 + (buf[dot + 3] - '0');
        MalformedReason failure = serial(buf, start, dot + 5, to);
        if (failure == null) {
            record.setStamp(seconds * 1000 + millis, numbers.value());
        }
        return failure;
    }

    private MalformedReason serial(byte[] buf, int start, int from, int to) {
        if (numbers.unsigned(buf, from, to, MAX_SERIAL) != null) {
            return bad(buf, start, to);
        }
        int close = numbers.end();
        if (!matches(buf, close, to, END)) {
            return AsciiBytes.isCutOf(buf, close, to, END)
                    ? MalformedReason.TRUNCATED
                    : bad(buf, start, to);
        }
        end = close + END.length;
        return null;
    }

    /** A bad stamp without its closing parenthesis is cut; with it, the kernel did not write it. */
    private MalformedReason bad(byte[] buf, int start, int to) {
        boolean cut = AsciiBytes.indexOf(buf, start, to, (byte) ')') == to;
        return cut ? MalformedReason.TRUNCATED : MalformedReason.BAD_STAMP;
    }

    /**
     * Reads a stamp such as {@code 07/06/2020 20:17:03.365:18387) : }, which ausearch -i writes;
     * the serial may have zeros in front. The time stays text, of unknown locale and zone.
     */
    boolean interpreted(byte[] buf, int start, int to) {
        int close =
                AsciiBytes.indexOf(
                        buf, start, Math.min(to, start + TIME_TEXT_LIMIT + 12), (byte) ')');
        int after = close + 1;
        if (after < to && buf[after] == ' ') {
            after++;
        }
        if (after + 1 >= to || buf[after] != ':' || buf[after + 1] != ' ') {
            return false;
        }
        int colon = close;
        while (colon > start && buf[colon] != ':') {
            colon--;
        }
        int digit = colon + 1;
        while (digit < close - 1 && buf[digit] == '0') {
            digit++;
        }
        if (!isDateAndTime(buf, start, colon)
                || close - colon > SERIAL_DIGITS + 1
                || numbers.unsigned(buf, digit, close, MAX_SERIAL) != null
                || numbers.end() != close) {
            return false;
        }
        record.setSerial(numbers.value());
        record.setTimeText(start, colon);
        end = after + 2;
        return true;
    }

    /** Whether it has two words, unlike a damaged kernel stamp, and no other message. */
    private static boolean isDateAndTime(byte[] buf, int from, int to) {
        boolean blank = false;
        for (int i = from; i < to; i++) {
            byte b = buf[i];
            blank |= b == ' ';
            if (b == '(' || b == '[' || b == '=') {
                return false;
            }
        }
        return blank && to - from <= TIME_TEXT_LIMIT;
    }
}
