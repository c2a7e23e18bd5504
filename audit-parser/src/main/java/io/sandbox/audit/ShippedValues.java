// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static io.sandbox.audit.ShippedPaths.ACTION;
import static io.sandbox.audit.ShippedPaths.HOST;
import static io.sandbox.audit.ShippedPaths.ID;
import static io.sandbox.audit.ShippedPaths.KIND;
import static io.sandbox.audit.ShippedPaths.KINDS;
import static io.sandbox.audit.ShippedPaths.MESSAGE_TYPE;
import static io.sandbox.audit.ShippedPaths.OF_LAUREL;
import static io.sandbox.audit.ShippedPaths.OF_OSQUERY;
import static io.sandbox.audit.ShippedPaths.SECONDS;
import static io.sandbox.audit.ShippedPaths.SERIAL;
import static io.sandbox.audit.ShippedPaths.TIME;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;

/**
 * The values that a log shipper has of a record, and the record that they make. A name in place of
 * a number stays a word ({@link SeccompRecord#text}). Holds copies. Not thread-safe.
 */
final class ShippedValues {

    private static final int COMM = RecordField.COMM.ordinal();
    private static final int EXE = RecordField.EXE.ordinal();
    private static final RecordField[] FIELDS = RecordField.values();
    private static final int MINUTE_LENGTH = "2021-11-09T19:07:".length();
    private static final String SECOND = "00.000Z";
    private static final long UINT = 0xffff_ffffL;
    private static final long MAX_SECONDS = 99_999_999_999L;
    private static final long MAX_IP = (1L << 58) - 1;
    private static final byte[] SECCOMP = ascii("seccomp");
    private static final byte[] REMOVED = ascii("removed");
    private static final byte[] UNKNOWN = ascii("(unknown)");
    private static final byte[] HEX = ascii("0123456789ABCDEF");

    private final SeccompRecord record;
    private final NumberReader numbers = new NumberReader();

    /** The values, one after the other, and where each begins and ends. */
    private byte[] values = new byte[512];

    private int valuesLength;

    /** How much of them was copied. */
    private int copied;

    private final int[] from = new int[KINDS];
    private final int[] to = new int[KINDS];

    /** Whether a value came from a member that only this shipper has. */
    private boolean laurel;

    private boolean osquery;
    private boolean repeated;

    /** The last minute that was parsed, and its time. */
    private final byte[] minute = new byte[MINUTE_LENGTH];

    private long minuteMillis;

    ShippedValues(SeccompRecord record) {
        this.record = record;
    }

    void clear() {
        Arrays.fill(from, -1);
        valuesLength = 0;
        laurel = osquery = repeated = false;
    }

    /** Takes over all values of another record, and what was read of them. */
    void copy(ShippedValues other) {
        valuesLength = 0;
        put(other.values, 0, other.valuesLength);
        copied = valuesLength;
        System.arraycopy(other.from, 0, from, 0, KINDS);
        System.arraycopy(other.to, 0, to, 0, KINDS);
        laurel = other.laurel;
        osquery = other.osquery;
        repeated = other.repeated;
        record.copy(other.record, values, 0);
    }

    /** Forgets the values of these kinds, and any that came after the copied ones. */
    void rewind(int[] kinds, int count) {
        valuesLength = copied;
        repeated = false;
        record.keepFields();
        for (int i = 0; i < count; i++) {
            if (kinds[i] >= 0) {
                forget(kinds[i] & KIND);
            }
        }
    }

    private void forget(int kind) {
        from[kind] = -1;
        if (kind < FIELDS.length) {
            record.forget(kind);
        }
    }

    SeccompRecord record() {
        return record;
    }

    /** Notes a member without a value. */
    void keepMark(int flaggedKind) {
        laurel |= (flaggedKind & OF_LAUREL) != 0;
        osquery |= (flaggedKind & OF_OSQUERY) != 0;
    }

    void keep(int flaggedKind, byte[] source, int first, int last) {
        int kind = flaggedKind & KIND;
        keepMark(flaggedKind);
        repeated |= from[kind] >= 0;
        from[kind] = valuesLength;
        if (kind == COMM || kind == EXE) {
            keepEncoded(source, first, last);
        } else {
            put(source, first, last);
        }
        to[kind] = valuesLength;
    }

    /** Writes a text that a process chose as the kernel does (audit_log_untrustedstring). */
    private void keepEncoded(byte[] source, int first, int last) {
        int i = first;
        int run = 8;
        while (run == 8 && i < last) {
            run = EightBytes.quotableRun(AsciiBytes.load8(source, i));
            i += run;
        }
        boolean plain = i >= last;
        reserve(2 * (last - first) + 2);
        if (plain) {
            values[valuesLength++] = '"';
            put(source, first, last);
            values[valuesLength++] = '"';
            return;
        }
        for (i = first; i < last; i++) {
            values[valuesLength++] = HEX[source[i] >> 4 & 0xf];
            values[valuesLength++] = HEX[source[i] & 0xf];
        }
    }

    private void put(byte[] source, int first, int last) {
        reserve(last - first + Long.BYTES);
        // Most are so short that this is quicker than System.arraycopy.
        for (int i = 0; i < last - first; i += Long.BYTES) {
            AsciiBytes.store8(values, valuesLength + i, AsciiBytes.load8(source, first + i));
        }
        valuesLength += last - first;
    }

    private void reserve(int more) {
        if (values.length - valuesLength < more) {
            values = Arrays.copyOf(values, 2 * (valuesLength + more));
        }
    }

    /** Whether the values are a shipper's of a record of seccomp. */
    boolean areOfRecord() {
        boolean row = osquery && has(RecordField.ARCH) && has(RecordField.CODE);
        return (laurel || row || is(MESSAGE_TYPE, SECCOMP)) && !is(ACTION, REMOVED);
    }

    /** What the values make together; if that is a RECORD, it is filled in. */
    ParseOutcome outcome() {
        ParseOutcome result = judge();
        if (result == ParseOutcome.RECORD) {
            record.clear(values);
            for (int i = 0; i < FIELDS.length; i++) {
                fillIn(i);
            }
            finish();
        }
        return result;
    }

    /** Gives the {@link #outcome} if all but the values of these kinds were copied. */
    ParseOutcome outcomeOf(int[] kinds, int count) {
        ParseOutcome result = judge();
        if (result == ParseOutcome.RECORD) {
            for (int i = 0; i < count; i++) {
                int kind = kinds[i] & KIND;
                if (kinds[i] >= 0 && kind < FIELDS.length) {
                    fillIn(kind);
                }
            }
            finish();
        }
        return result;
    }

    private ParseOutcome judge() {
        return !areOfRecord()
                ? ParseOutcome.NOT_OURS
                : repeated || !has(RecordField.SYSCALL)
                        ? ParseOutcome.MALFORMED
                        : ParseOutcome.RECORD;
    }

    private void finish() {
        stamp();
        record.setSource(values);
        if (from[HOST] >= 0) {
            record.setHost(values, from[HOST], to[HOST]);
        }
    }

    /** Whether a field occurs twice in what was read last. */
    boolean isRepeated() {
        return repeated;
    }

    private boolean has(RecordField field) {
        return from[field.ordinal()] >= 0;
    }

    private boolean is(int kind, byte[] text) {
        return from[kind] >= 0
                && to[kind] - from[kind] == text.length
                && AsciiBytes.matches(values, from[kind], to[kind], text);
    }

    private void fillIn(int i) {
        if (from[i] < 0 || from[i] == to[i]) {
            return;
        }
        switch (FIELDS[i]) {
            case COMM, EXE, SUBJ, REASON -> record.setText(i, from[i], to[i]);
            case PID, SYSCALL -> number(i, numbers.signed(values, from[i], digitsEnd(i)));
            case COMPAT -> number(i, numbers.unsigned(values, from[i], digitsEnd(i), 1));
            case IP -> hex(i, 16);
            case ARCH, CODE -> hex(i, 8);
            default -> number(i, numbers.unsigned(values, from[i], digitsEnd(i), UINT));
        }
    }

    /** osquery writes {@code 335(unknown)} for a number that its table lacks. */
    private int digitsEnd(int field) {
        if (to[field] == from[field] || values[to[field] - 1] != ')') {
            return to[field];
        }
        int digits = to[field] - UNKNOWN.length;
        boolean unknown =
                digits > from[field] && AsciiBytes.matches(values, digits, to[field], UNKNOWN);
        return unknown ? digits : to[field];
    }

    private void hex(int field, int digits) {
        boolean prefixed = to[field] - from[field] > 2 && values[from[field] + 1] == 'x';
        int stop = digitsEnd(field);
        number(
                field,
                prefixed
                        ? numbers.prefixedHex(values, from[field], stop, digits)
                        : numbers.unsigned(values, from[field], stop, digits == 8 ? UINT : MAX_IP));
    }

    /** Sets the number that was read; what is none is a word, in lower case as ausearch has it. */
    private void number(int field, MalformedReason failure) {
        int stop = digitsEnd(field);
        if (failure == null && numbers.end() == stop) {
            record.setNumber(field, from[field], stop, numbers.value());
            return;
        }
        for (int i = from[field]; i < to[field]; i++) {
            byte b = values[i];
            values[i] = b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
        }
        record.setWord(field, from[field], to[field]);
    }

    private void stamp() {
        if (from[SERIAL] >= 0
                && numbers.unsigned(values, from[SERIAL], to[SERIAL], UINT) == null
                && numbers.end() == to[SERIAL]) {
            record.setSerial(numbers.value());
        }
        if (from[ID] >= 0) {
            eventId();
        } else if (from[TIME] >= 0) {
            instant();
        } else if (from[SECONDS] >= 0
                && numbers.unsigned(values, from[SECONDS], to[SECONDS], UINT) == null) {
            record.setTime(numbers.value() * 1000);
        }
    }

    /** {@code 2021-11-09T19:07:40.601Z}. To parse one minute of many records once saves a third. */
    private void instant() {
        int start = from[TIME];
        int second = start + MINUTE_LENGTH;
        try {
            if (to[TIME] - start == MINUTE_LENGTH + SECOND.length()
                    && Arrays.equals(values, start, second, minute, 0, MINUTE_LENGTH)
                    && isSecond(second)) {
                record.setTime(
                        minuteMillis
                                + (EightBytes.decimal(AsciiBytes.load8(values, second), 2)) * 1000
                                + EightBytes.decimal(AsciiBytes.load8(values, second + 3), 3));
                return;
            }
            String text =
                    new String(values, from[TIME], to[TIME] - from[TIME], StandardCharsets.UTF_8);
            Instant time = Instant.parse(text);
            if (Math.abs(time.getEpochSecond()) > MAX_SECONDS) {
                return;
            }
            long millis = time.toEpochMilli();
            record.setTime(millis);
            if (to[TIME] - start == MINUTE_LENGTH + SECOND.length() && isSecond(second)) {
                System.arraycopy(values, start, minute, 0, MINUTE_LENGTH);
                minuteMillis = Math.floorDiv(millis, 60_000L) * 60_000;
            }
        } catch (DateTimeException e) {
            // Without a time that can be read, the record has none.
        }
    }

    /** Whether there is a second such as {@link #SECOND}, up to 59. */
    private boolean isSecond(int at) {
        boolean digits = values[at] <= '5';
        for (int i = 0; i < SECOND.length(); i++) {
            char model = SECOND.charAt(i);
            digits &= model == '0' ? AsciiBytes.isDigit(values[at + i]) : values[at + i] == model;
        }
        return digits;
    }

    /** {@code 1700000000.123:456}, as in a stamp of the kernel. */
    private void eventId() {
        int stop = to[ID];
        if (numbers.unsigned(values, from[ID], stop, MAX_SECONDS) != null) {
            return;
        }
        long seconds = numbers.value();
        int dot = numbers.end();
        if (stop - dot < 6
                || values[dot] != '.'
                || EightBytes.decimalRun(AsciiBytes.load8(values, dot + 1)) != 3
                || values[dot + 4] != ':') {
            return;
        }
        long millis = EightBytes.decimal(AsciiBytes.load8(values, dot + 1), 3);
        if (numbers.unsigned(values, dot + 5, stop, UINT) == null && numbers.end() == stop) {
            record.setStamp(seconds * 1000 + millis, numbers.value());
        }
    }
}
