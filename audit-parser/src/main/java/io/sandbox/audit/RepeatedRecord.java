// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.load8;

/** A copy of a record, by which {@link RepeatedRecords} reads those that differ in numbers. */
final class RepeatedRecord {
    /** The line does not repeat a kept record. */
    static final int NONE = -1;

    /** From {@code auid=} to the end of the line; few are longer than 400 bytes. */
    static final int MAX_LENGTH = 1000;

    /** The places in the text for the digits that change, long enough for any value. */
    static final int PID_PLACE = MAX_LENGTH;

    private static final int SYSCALL_PLACE = PID_PLACE + 8;
    private static final int IP_PLACE = SYSCALL_PLACE + 8;
    private static final int IP_PREFIX = "0x".length();

    private final byte[] text = new byte[IP_PLACE + IP_PREFIX + 16];
    private final SeccompRecord record = new SeccompRecord();

    // The parts of the text that stay the same: auid= to pid=, from there to syscall=, from there
    // to ip=0x, and from after that number to the line feed.
    private int headLength;
    private int program;
    private int programLength;
    private int middle;
    private int middleLength;
    private int tail;
    private int tailLength;

    SeccompRecord record() {
        return record;
    }

    void store(int place, long digits) {
        AsciiBytes.store8(text, place, digits);
    }

    void keep(byte[] buf, SeccompRecord whole, int head, int lineEnd) {
        System.arraycopy(buf, head, text, 0, lineEnd - head);
        record.copy(whole, text, -head);
        headLength = record.start(RecordField.PID);
        program = record.end(RecordField.PID);
        programLength = record.start(RecordField.SYSCALL) - program;
        middle = record.end(RecordField.SYSCALL);
        middleLength = record.start(RecordField.IP) + IP_PREFIX - middle;
        tail = record.end(RecordField.IP);
        tailLength = lineEnd - head - tail;
        text[IP_PLACE] = '0';
        text[IP_PLACE + 1] = 'x';
    }

    /**
     * Reads all except the stamp and the pid, if the line at {@code head} repeats this record.
     *
     * @return the index after its line feed, or {@link #NONE}
     */
    int read(byte[] buf, int head, int pid, int pidEnd, int end) {
        if (pid - head != headLength
                || !isAt(buf, pidEnd, end, program, programLength)
                || !isAt(buf, head, end, 0, headLength)) {
            return NONE;
        }
        int number = pidEnd + programLength;
        long word = load8(buf, number);
        int length = EightBytes.decimalRun(word);
        if (!isUsual(word, length) || !isAt(buf, number + length, end, middle, middleLength)) {
            return NONE;
        }
        int ip = number + length + middleLength;
        long first = load8(buf, ip);
        int ipLength = EightBytes.hexRun(first);
        if (ipLength == 0 || ipLength > 1 && (byte) first == '0') {
            return NONE;
        }
        long address = EightBytes.hex(first, ipLength);
        if (ipLength == 8) {
            long second = load8(buf, ip + 8);
            int more = EightBytes.hexRun(second);
            if (more > 0) {
                address = address << 4 * more | EightBytes.hex(second, more);
                ipLength += more;
            }
            store(IP_PLACE + IP_PREFIX + 8, second);
        }
        if (!isAt(buf, ip + ipLength, end, tail, tailLength)) {
            return NONE;
        }
        store(SYSCALL_PLACE, word);
        store(IP_PLACE + IP_PREFIX, first);
        record.setNumber(
                RecordField.SYSCALL.ordinal(),
                SYSCALL_PLACE,
                SYSCALL_PLACE + length,
                EightBytes.decimal(word, length));
        record.setNumber(
                RecordField.IP.ordinal(), IP_PLACE, IP_PLACE + IP_PREFIX + ipLength, address);
        return ip + ipLength + tailLength;
    }

    /** At most seven digits, so that the byte after them is in the word, no leading zero. */
    static boolean isUsual(long word, int length) {
        return length > 0 && length < 8 && (length == 1 || (byte) word != '0');
    }

    private boolean isAt(byte[] buf, int pos, int end, int part, int length) {
        return end - pos >= length && AsciiBytes.equal(buf, pos, text, part, length);
    }
}
