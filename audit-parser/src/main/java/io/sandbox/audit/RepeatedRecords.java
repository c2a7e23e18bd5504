// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.load8;

/**
 * The fast path for a log of auditd. Most records there repeat an earlier one of the same program,
 * except for the stamp, the pid, the system call number and the instruction pointer.
 *
 * <p>Approach: the last lines that {@link KernelBody} read are kept, as {@link RepeatedRecord}. If
 * a line equals one of them byte by byte around those numbers, it is that record with other
 * numbers. Comparing is several times faster than reading, and also finds the end of the line. Only
 * numbers of usual lengths are accepted. At anything else this class gives up, and the line is read
 * in full. So it may refuse a line, but must never accept one that KernelBody would refuse, or read
 * another value. A few bytes decide which kept lines to compare: a wrong guess costs only time.
 *
 * <p>Memory is bounded by the number of kept lines and their length. Not thread-safe.
 */
final class RepeatedRecords {

    /** Kept lines for each guess: similar names share one, and a program has several forms. */
    private static final int WAYS = 4;

    private static final int GUESSES = 256;

    private static final int HEADS = 64;
    private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;
    private static final long HASH_FACTOR_2 = 0xC2B2AE3D27D4EB4FL;
    private static final int COMM_KEY = " comm=".length();
    private static final int PID_KEY = "pid=".length();
    private static final long PID = load8(AsciiBytes.ascii("pid="), 0);
    private static final long PID_MASK = 0xffff_ffffL;

    // Eight bytes of the stamp, from the ninth of ten digits on: two digits, a dot, three digits, a
    // colon and a digit of the serial.
    private static final long SEPARATORS = 0x003a_0000_002e_0000L;
    private static final long SEPARATOR_MASK = 0x00ff_0000_00ff_0000L;
    private static final long DIGIT_ZEROS = 0x0000_3030_3000_3030L;
    private static final long DIGIT_MASK = 0x0000_8080_8000_8080L;
    private static final long NO_DIGIT = 0x7676767676767676L;
    private static final int SERIAL_OFFSET = "1700000000.000:".length();
    private static final long STAMP_END = load8(AsciiBytes.ascii("): "), 0);
    private static final long STAMP_END_MASK = 0xff_ffffL;

    /** In groups of {@link #WAYS}; the record that matched last is the first of its group. */
    private final RepeatedRecord[] kept = new RepeatedRecord[GUESSES * WAYS];

    /** The distance from {@code auid=} to the pid's first digit, by a hash of the first bytes. */
    private final int[] headLengths = new int[HEADS];

    /** The distance from {@code auid=} to the pid's first digit in the last line. */
    private int headLength = PID_KEY;

    private SeccompRecord record;
    private long millis;
    private long serial;

    /** The first eight digits of the last stamp's seconds, and their value. */
    private long secondsWord = load8(AsciiBytes.ascii("10000000"), 0);

    private long secondsStart = 10_000_000;

    /** The record that {@link #read} read, for {@link SeccompRecordParser#record()}. */
    SeccompRecord record() {
        return record;
    }

    /**
     * Reads the line whose stamp begins at {@code from}, if it repeats a kept one.
     *
     * @param end the end of the block
     * @return the index after the line's end, or {@link RepeatedRecord#NONE}
     */
    int read(byte[] buf, int from, int end) {
        int head = stamp(buf, from);
        if (head < 0) {
            return RepeatedRecord.NONE;
        }
        int pid = head + headLength;
        if ((load8(buf, pid - PID_KEY) & PID_MASK) != PID) {
            headLength = headLengths[headSlot(buf, head)];
            pid = head + headLength;
        }
        long pidWord = load8(buf, pid);
        int pidLength = EightBytes.decimalRun(pidWord);
        if (!RepeatedRecord.isUsual(pidWord, pidLength)) {
            return RepeatedRecord.NONE;
        }
        int slot = slot(buf, pid + pidLength);
        RepeatedRecord before = kept[slot];
        int lineEnd = read(before, buf, head, pid, pidLength, end);
        for (int way = 1; lineEnd < 0; way++) {
            if (way == WAYS) {
                return RepeatedRecord.NONE;
            }
            before = kept[slot + way];
            lineEnd = read(before, buf, head, pid, pidLength, end);
            if (lineEnd >= 0) {
                moveTo(slot, way, before);
            }
        }
        record = before.record();
        record.setNumber(
                RecordField.PID.ordinal(),
                RepeatedRecord.PID_PLACE,
                RepeatedRecord.PID_PLACE + pidLength,
                EightBytes.decimal(pidWord, pidLength));
        before.store(RepeatedRecord.PID_PLACE, pidWord);
        record.setStamp(millis, serial);
        return lineEnd;
    }

    private static int read(
            RepeatedRecord before, byte[] buf, int head, int pid, int pidLength, int end) {
        return before == null
                ? RepeatedRecord.NONE
                : before.read(buf, head, pid, pid + pidLength, end);
    }

    /** Puts a record at a place; the {@code count} records from there move one further. */
    private void moveTo(int place, int count, RepeatedRecord moved) {
        System.arraycopy(kept, place, kept, place + 1, count);
        kept[place] = moved;
    }

    /** Reads a stamp of the years 2001 to 2286, such as {@code 1586171042.680:138): }. */
    private int stamp(byte[] buf, int from) {
        long word = load8(buf, from);
        if (word != secondsWord) {
            if (EightBytes.decimalRun(word) < 8 || (byte) word == '0') {
                return RepeatedRecord.NONE;
            }
            secondsWord = word;
            secondsStart = EightBytes.decimal(word, 8);
        }
        long rest = load8(buf, from + 8);
        long digits = rest ^ DIGIT_ZEROS;
        boolean wellFormed =
                (rest & SEPARATOR_MASK) == SEPARATORS
                        && ((digits + (NO_DIGIT & ~SEPARATOR_MASK) | digits) & DIGIT_MASK) == 0;
        int at = from + SERIAL_OFFSET;
        long serialWord = load8(buf, at);
        int length = EightBytes.decimalRun(serialWord);
        if (!wellFormed || length == 0 || (byte) serialWord == '0') {
            return RepeatedRecord.NONE;
        }
        long number = EightBytes.decimal(serialWord, length);
        at += length;
        if (length == 8 && AsciiBytes.isDigit(buf[at])) {
            number = number * 10 + (buf[at] - '0');
            at++;
        }
        if ((load8(buf, at) & STAMP_END_MASK) != STAMP_END) {
            return RepeatedRecord.NONE;
        }
        long seconds = secondsStart * 100 + (digits & 0xf) * 10 + (digits >>> 8 & 0xf);
        millis =
                seconds * 1000
                        + (digits >>> 24 & 0xf) * 100
                        + (digits >>> 32 & 0xf) * 10
                        + (digits >>> 40 & 0xf);
        serial = number;
        return at + 3;
    }

    private static int headSlot(byte[] buf, int head) {
        long hash =
                (load8(buf, head) ^ load8(buf, head + 8) * HASH_FACTOR_2) * HASH_FACTOR
                        ^ (load8(buf, head + 16) ^ load8(buf, head + 24) * HASH_FACTOR_2)
                                * HASH_FACTOR;
        return (int) (hash >>> 58) & HEADS - 1;
    }

    /** A group's first place, by the beginning of the command name and, if short, the exe. */
    private static int slot(byte[] buf, int pidEnd) {
        int comm = pidEnd + COMM_KEY;
        long hash =
                (load8(buf, comm) ^ load8(buf, comm + 8) * HASH_FACTOR_2) * HASH_FACTOR
                        ^ load8(buf, comm + 16) * HASH_FACTOR_2;
        return (int) (hash >>> 56) * WAYS;
    }

    /**
     * Keeps a record, to read later lines that repeat it.
     *
     * @param whole a record that {@link KernelBody} says can be repeated
     * @param lineEnd the index after its line feed, or after a payload
     */
    void keep(byte[] buf, SeccompRecord whole, int lineEnd) {
        int head = whole.start(RecordField.AUID) - "auid=".length();
        if (lineEnd - head > RepeatedRecord.MAX_LENGTH) {
            return;
        }
        headLength = whole.start(RecordField.PID) - head;
        headLengths[headSlot(buf, head)] = headLength;
        // At the second place, since the first record is the most frequent.
        int slot = slot(buf, whole.end(RecordField.PID));
        RepeatedRecord oldest = kept[slot + WAYS - 1];
        RepeatedRecord room = oldest == null ? new RepeatedRecord() : oldest;
        moveTo(slot + 1, WAYS - 2, room);
        room.keep(buf, whole, head, lineEnd);
    }
}
