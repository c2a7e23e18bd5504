// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;

import java.util.Arrays;

/**
 * The fields of one journal entry that tell its message and its writer, for {@code journalctl -o
 * json} and {@code -o export}. journald sets the fields whose names begin with an underscore, and
 * the writer cannot (systemd.journal-fields(7)). Holds copies. One object serves all entries, and
 * grows to the longest message.
 */
final class JournalEntry {

    /** Who may have written the message. */
    enum Writer {
        /** The kernel, through journald's audit socket; the message has no stamp. */
        AUDIT,
        /** The kernel log or auditd's dispatcher; the message is a whole line. */
        LINE,
        OTHER,
        /** The entry lacks the fields that would tell. */
        UNKNOWN
    }

    private static final int MESSAGE = 0;
    private static final int TRANSPORT = 1;
    private static final int FACILITY = 2;
    private static final int COMM = 3;
    private static final int UID = 4;
    private static final int AUDIT_TYPE = 5;
    private static final int AUDIT_ID = 6;
    private static final int SOURCE_TIME = 7;
    private static final int UNIT = 8;
    private static final int OBJECT_UNIT = 9;
    private static final int HOST = 10;
    private static final int ARRIVAL = 11;
    private static final int COUNT = 12;
    private static final byte[][] NAMES = {
        ascii("MESSAGE"),
        ascii("_TRANSPORT"),
        ascii("SYSLOG_FACILITY"),
        ascii("_COMM"),
        ascii("_UID"),
        ascii("_AUDIT_TYPE"),
        ascii("_AUDIT_ID"),
        ascii("_SOURCE_REALTIME_TIMESTAMP"),
        ascii("_SYSTEMD_UNIT"),
        ascii("OBJECT_SYSTEMD_UNIT"),
        ascii("_HOSTNAME"),
        ascii("__REALTIME_TIMESTAMP"),
    };

    private static final byte[] AUDIT_TRANSPORT = ascii("audit");
    private static final byte[] KERNEL_TRANSPORT = ascii("kernel");
    private static final byte[] SYSLOG_TRANSPORT = ascii("syslog");
    private static final byte[] DISPATCHER = ascii("audisp-syslog");
    private static final byte[] KERNEL_FACILITY = ascii("0");
    private static final byte[] ROOT = ascii("0");
    private static final byte[] SECCOMP_TYPE = ascii("1326");
    private static final byte[] NO_BYTES = {};

    private final byte[][] value = new byte[COUNT][];
    private final int[] length = new int[COUNT];
    private boolean repeated;
    private boolean cut;

    JournalEntry() {
        Arrays.fill(value, NO_BYTES);
        clear();
    }

    void clear() {
        Arrays.fill(length, -1);
        repeated = false;
        cut = false;
    }

    /** The index of the field with this name, or -1 if we do not need it. */
    static int field(byte[] buf, int from, int to) {
        for (int i = 0; i < COUNT; i++) {
            if (NAMES[i].length == to - from && AsciiBytes.matches(buf, from, to, NAMES[i])) {
                return i;
            }
        }
        return -1;
    }

    void put(int field, byte[] buf, int from, int to) {
        repeated |= length[field] >= 0;
        length[field] = to - from;
        if (value[field].length < length[field]) {
            value[field] = new byte[Math.max(length[field], 64)];
        }
        System.arraycopy(buf, from, value[field], 0, length[field]);
    }

    /** Notes a cut value, if it is the message. */
    void putCut(int field, byte[] buf, int from, int to) {
        if (field == MESSAGE) {
            put(field, buf, from, to);
            cut = true;
        }
    }

    boolean isCut() {
        return cut;
    }

    boolean hasMessage() {
        return length[MESSAGE] >= 0;
    }

    /** Whether a needed field occurs twice, so that we cannot know which one counts. */
    boolean isRepeated() {
        return repeated;
    }

    byte[] message() {
        return value[MESSAGE];
    }

    int messageLength() {
        return Math.max(0, length[MESSAGE]);
    }

    byte[] unit() {
        return value[length[OBJECT_UNIT] >= 0 ? OBJECT_UNIT : UNIT];
    }

    /** -1 if there is none. */
    int unitLength() {
        return length[OBJECT_UNIT] >= 0 ? length[OBJECT_UNIT] : length[UNIT];
    }

    byte[] host() {
        return value[HOST];
    }

    int hostLength() {
        return Math.max(0, length[HOST]);
    }

    /**
     * Who wrote the entry. Text that a process wrote to /dev/kmsg also has the transport {@code
     * kernel}, but never the kernel's facility (journald-kmsg.c; printk.c, devkmsg_write).
     */
    Writer writer() {
        if (length[TRANSPORT] < 0) {
            return Writer.UNKNOWN;
        }
        if (is(TRANSPORT, AUDIT_TRANSPORT)) {
            return length[AUDIT_TYPE] < 0 ? Writer.UNKNOWN : Writer.AUDIT;
        }
        if (is(TRANSPORT, KERNEL_TRANSPORT)) {
            return length[FACILITY] < 0
                    ? Writer.UNKNOWN
                    : is(FACILITY, KERNEL_FACILITY) ? Writer.LINE : Writer.OTHER;
        }
        boolean dispatcher =
                is(TRANSPORT, SYSLOG_TRANSPORT) && is(UID, ROOT) && is(COMM, DISPATCHER);
        return dispatcher ? Writer.LINE : Writer.OTHER;
    }

    boolean isSeccompType() {
        return is(AUDIT_TYPE, SECCOMP_TYPE);
    }

    private boolean is(int field, byte[] text) {
        return length[field] == text.length
                && AsciiBytes.matches(value[field], 0, length[field], text);
    }

    /** The serial of the audit event, or -1. */
    long serial(NumberReader numbers) {
        return number(AUDIT_ID, numbers, 0xffff_ffffL);
    }

    /** The kernel's stamp in microseconds since the epoch, or -1. */
    long sourceMicros(NumberReader numbers) {
        return number(SOURCE_TIME, numbers, 99_999_999_999_999_999L);
    }

    /** When journald got the entry, in microseconds since the epoch, or -1. */
    long arrivalMicros(NumberReader numbers) {
        return number(ARRIVAL, numbers, 99_999_999_999_999_999L);
    }

    private long number(int field, NumberReader numbers, long max) {
        int end = length[field];
        boolean read = end > 0 && numbers.unsigned(value[field], 0, end, max) == null;
        return read && numbers.end() == end ? numbers.value() : -1;
    }
}
