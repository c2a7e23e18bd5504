// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The fields of the record that a {@link SeccompRecordParser} read last: a view into the caller's
 * bytes, or for a record inside JSON into the parser's own. It is valid until the parser's next
 * call or until those bytes change. It never invents a value: a field that the text lacks is
 * absent, and its number accessor throws {@link IllegalStateException}. Not thread-safe.
 *
 * <p>Only the accessors that return text or bytes allocate memory.
 *
 * <p>A record of {@code ausearch -i} ({@link #isInterpreted()}) has words where the kernel wrote
 * numbers. {@link #text} returns them. {@link #has} is false for them, because this module
 * translates no names.
 */
public final class SeccompRecord {

    private static final int STRINGS =
            bit(RecordField.SUBJ)
                    | bit(RecordField.COMM)
                    | bit(RecordField.EXE)
                    | bit(RecordField.REASON);
    private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

    private final int[] start = new int[FieldKeys.COUNT];
    private final int[] end = new int[FieldKeys.COUNT];
    private final long[] number = new long[FieldKeys.COUNT];
    private byte[] buf = new byte[0];

    /** Fields whose value is in the kernel's form; a subset of {@link #worded}. */
    private int present;

    /** Fields that have text. */
    private int worded;

    private boolean stamped;
    private boolean serialKnown;
    private boolean interpreted;
    private long timeMillis;
    private long serial;
    private int timeStart;
    private int timeEnd;
    private Carrier carrier = Carrier.PLAIN;
    private byte[] unit = {};
    private int unitLength;
    private byte[] host = {};
    private int hostStart;
    private int hostEnd;
    private Object note;

    SeccompRecord() {}

    // For the parsers of this package.

    void clear(byte[] source) {
        buf = source;
        present = 0;
        worded = 0;
        stamped = false;
        serialKnown = false;
        interpreted = false;
        timeEnd = timeStart = 0;
        carrier = Carrier.PLAIN;
        unitLength = -1;
        hostEnd = hostStart = 0;
        note = null;
    }

    /**
     * Copies a record whose text is also at another place.
     *
     * @param shift the number to add to each position
     */
    void copy(SeccompRecord other, byte[] text, int shift) {
        clear(text);
        present = other.present;
        worded = other.worded;
        System.arraycopy(other.number, 0, number, 0, number.length);
        for (int i = 0; i < start.length; i++) {
            start[i] = other.start[i] + shift;
            end[i] = other.end[i] + shift;
        }
    }

    /** Goes on with a copy of the text at the same places. */
    void setSource(byte[] text) {
        buf = text;
    }

    /** Forgets all that is no field. */
    void keepFields() {
        int fields = present;
        int words = worded;
        clear(buf);
        present = fields;
        worded = words;
    }

    void forget(int field) {
        present &= ~(1 << field);
        worded &= ~(1 << field);
    }

    void setStamp(long millis, long recordSerial) {
        setTime(millis);
        setSerial(recordSerial);
    }

    void setTime(long millis) {
        timeMillis = millis;
        stamped = true;
    }

    void setSerial(long recordSerial) {
        serial = recordSerial;
        serialKnown = true;
    }

    void setTimeText(int from, int to) {
        timeStart = from;
        timeEnd = to;
    }

    /** What a container printed proves no host. */
    void setContainer() {
        carrier = Carrier.CONTAINER;
        hostEnd = hostStart = 0;
    }

    /** {@code length} is -1 if the journal names no unit. */
    void setJournal(byte[] unitName, int length) {
        carrier = Carrier.JOURNAL;
        unit = unitName;
        unitLength = length;
    }

    void setHost(byte[] text, int from, int to) {
        host = text;
        hostStart = from;
        hostEnd = to;
    }

    void setInterpreted() {
        interpreted = true;
    }

    void setNumber(int field, int from, int to, long value) {
        number[field] = value;
        setText(field, from, to);
    }

    void setText(int field, int from, int to) {
        present |= 1 << field;
        setWord(field, from, to);
    }

    /** Sets a word in place of a value, which this module does not translate. */
    void setWord(int field, int from, int to) {
        worded |= 1 << field;
        start[field] = from;
        end[field] = to;
    }

    /** Forgets every field after this one. */
    void keepUpTo(RecordField last) {
        int mask = (bit(last) << 1) - 1;
        present &= mask;
        worded &= mask;
    }

    int start(RecordField field) {
        return start[field.ordinal()];
    }

    int end(RecordField field) {
        return end[field.ordinal()];
    }

    boolean hasWord(RecordField field) {
        return (worded & bit(field)) != 0;
    }

    /** How many bytes a quoted or hex text has when it is decoded; 0 if it is absent. */
    int textLength(RecordField field) {
        int i = field.ordinal();
        int length = end[i] - start[i];
        return !has(field) ? 0 : buf[start[i]] == '"' ? length - 2 : length / 2;
    }

    /** Whether the decoded text, which is quoted or hex, is at a place that has room for it. */
    boolean isTextAt(RecordField field, byte[] other, int pos) {
        int from = start[field.ordinal()];
        boolean quoted = buf[from] == '"';
        for (int i = 0; i < textLength(field); i++) {
            int b =
                    quoted
                            ? buf[from + 1 + i]
                            : Character.digit(buf[from + 2 * i], 16) << 4
                                    | Character.digit(buf[from + 2 * i + 1], 16);
            if (other[pos + i] != (byte) b) {
                return false;
            }
        }
        return true;
    }

    // Which fields there are.

    /** Whether the field is there in the kernel's form, so that its typed accessor works. */
    public boolean has(RecordField field) {
        return (present & bit(field)) != 0;
    }

    /**
     * Short for {@code has(RecordField.ARCH)}: false for kernels before 3.16, with which the system
     * call number alone means nothing.
     */
    public boolean hasArch() {
        return has(RecordField.ARCH);
    }

    /** Whether it has {@link RecordField#CODE}: not if it was cut after the call number. */
    public boolean hasCode() {
        return has(RecordField.CODE);
    }

    /** Whether it has the kernel's stamp, unlike an {@link AuditMessage} or ausearch -i. */
    public boolean hasTime() {
        return stamped;
    }

    public boolean hasSerial() {
        return serialKnown;
    }

    /** Whether this is {@code ausearch -i} output, which holds words instead of numbers. */
    public boolean isInterpreted() {
        return interpreted;
    }

    public Carrier carrier() {
        return carrier;
    }

    /** The systemd unit of the process, if the record came in a journal entry that names it. */
    public Optional<String> unit() {
        return unitLength >= 0
                ? Optional.of(new String(unit, 0, unitLength, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /**
     * The host, if the line names it: {@code node=} of auditd, a line of syslog, the journal's own
     * field, or a log shipper's. Whoever can write to the log can choose it.
     */
    public Optional<String> host() {
        return hostEnd > hostStart
                ? Optional.of(new String(copyHost(), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /** The bytes of the host's name; none if the line has no host. */
    public byte[] copyHost() {
        return Arrays.copyOfRange(host, hostStart, hostEnd);
    }

    public boolean isOfHost(byte[] name) {
        return Arrays.equals(host, hostStart, hostEnd, name, 0, name.length);
    }

    /**
     * The object that {@link #setNote} attached to an earlier record that this one repeats: they
     * differ only in time, serial, pid, call number and instruction pointer. Null if there is none.
     */
    public Object note() {
        return note;
    }

    /** Attaches an object to this record, for records that repeat it. It may be forgotten. */
    public void setNote(Object result) {
        note = result;
    }

    // The numbers.

    /** Milliseconds since the epoch, or since boot if the clock was not set yet. */
    public long timeMillis() {
        require(stamped, "time");
        return timeMillis;
    }

    /** The event's serial, 0 to 4294967295. It starts again at a reboot. */
    public long serial() {
        require(serialKnown, "serial");
        return serial;
    }

    /** The login uid, 0 to 4294967295; 4294967295 means unset. */
    public long auid() {
        return number(RecordField.AUID);
    }

    /** The real user id, 0 to 4294967295. */
    public long uid() {
        return number(RecordField.UID);
    }

    /** The real group id, 0 to 4294967295. */
    public long gid() {
        return number(RecordField.GID);
    }

    /** The audit session, 0 to 4294967295; 4294967295 means unset. */
    public long ses() {
        return number(RecordField.SES);
    }

    /** The thread group id in the initial pid namespace ({@code task_tgid_nr}). */
    public int pid() {
        return (int) number(RecordField.PID);
    }

    /** The signal that the call caused: 31 (SIGSYS), 9 in strict mode, 0 if there was none. */
    public int signal() {
        return (int) number(RecordField.SIG);
    }

    /** The kernel's AUDIT_ARCH value, such as {@code 0xc000003e}, negative as an int. */
    public int arch() {
        return (int) number(RecordField.ARCH);
    }

    /**
     * The system call number. The kernel truncates the register to an int, so any int occurs: -1,
     * 305419896, x32 numbers with bit 30 set. It has a meaning only together with {@link #arch()}.
     */
    public int syscall() {
        return (int) number(RecordField.SYSCALL);
    }

    /** Whether the call came through the kernel's compat entry ({@code in_compat_syscall}). */
    public boolean compat() {
        return number(RecordField.COMPAT) != 0;
    }

    /** The instruction pointer, an unsigned 64-bit value. */
    public long ip() {
        return number(RecordField.IP);
    }

    /** The filter's return value. Kernels before 3.5 leave the errno in the low 16 bits. */
    public int code() {
        return (int) number(RecordField.CODE);
    }

    private long number(RecordField field) {
        require((present & ~STRINGS & bit(field)) != 0, field.name());
        return number[field.ordinal()];
    }

    // The texts.

    /** The command name, U+FFFD for what is not UTF-8. Any program can choose it. */
    public Optional<String> comm() {
        return string(RecordField.COMM);
    }

    /** The executable's path, U+FFFD for what is not UTF-8. Empty if {@code (null)} or absent. */
    public Optional<String> exe() {
        return string(RecordField.EXE);
    }

    private Optional<String> string(RecordField field) {
        return has(field)
                ? Optional.of(new String(decode(copyRaw(field)), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /** The field's text exactly as in the line, with quotes; also an interpreted record's. */
    public Optional<String> text(RecordField field) {
        return hasWord(field)
                ? Optional.of(new String(copyRaw(field), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /** An interpreted record's time as printed, in an unknown locale and time zone. */
    public Optional<String> timeText() {
        return timeEnd > timeStart
                ? Optional.of(
                        new String(buf, timeStart, timeEnd - timeStart, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /**
     * Decodes the bytes that {@link #copyRaw} returns. Upper-case hex without quotes is decoded;
     * text in quotes, and any other text, is taken literally. The result is arbitrary bytes; a path
     * need not be UTF-8.
     */
    public static byte[] decode(byte[] raw) {
        if (raw.length >= 2 && raw[0] == '"') {
            return Arrays.copyOfRange(raw, 1, raw.length - 1);
        }
        if (raw.length == 0 || KernelText.hexEnd(raw, 0, raw.length) != raw.length) {
            return raw.clone();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length / 2);
        for (int i = 0; i + 1 < raw.length; i += 2) {
            out.write(Character.digit(raw[i], 16) << 4 | Character.digit(raw[i + 1], 16));
        }
        return out.toByteArray();
    }

    // The raw bytes, for interning without allocation.

    /** A copy of the field's bytes, including quotes. */
    public byte[] copyRaw(RecordField field) {
        require(hasWord(field), field.name());
        return Arrays.copyOfRange(buf, start[field.ordinal()], end[field.ordinal()]);
    }

    /** Whether the field's bytes equal {@code raw}; false if it is absent. */
    public boolean rawEquals(RecordField field, byte[] raw) {
        int i = field.ordinal();
        return hasWord(field) && Arrays.equals(buf, start[i], end[i], raw, 0, raw.length);
    }

    /** A hash of the field's bytes, the same in every run; 0 if absent. Not collision-safe. */
    public int rawHash(RecordField field) {
        if (!hasWord(field)) {
            return 0;
        }
        int i = start[field.ordinal()];
        int to = end[field.ordinal()];
        long hash = to - i;
        for (; i <= to - 8; i += 8) {
            hash = (hash ^ AsciiBytes.load8(buf, i)) * HASH_FACTOR;
            hash ^= hash >>> 32;
        }
        for (; i < to; i++) {
            hash = (hash ^ buf[i]) * HASH_FACTOR;
        }
        // The upper half depends on all bytes, also on those of the last word.
        return (int) (hash * HASH_FACTOR >>> 32);
    }

    private static void require(boolean there, String what) {
        if (!there) {
            throw new IllegalStateException("the record has no " + what);
        }
    }

    private static int bit(RecordField field) {
        return 1 << field.ordinal();
    }
}
