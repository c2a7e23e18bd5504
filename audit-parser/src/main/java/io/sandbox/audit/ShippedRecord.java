// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a seccomp record from a JSON object of a log shipper: laurel ({@code SECCOMP}), Auditbeat
 * ({@code auditd.message_type} is {@code seccomp}), or osquery (a row of {@code seccomp_events}).
 * They name the fields of the kernel differently, and some values are names in place of numbers. A
 * name stays a word ({@link SeccompRecord#text}). Objects may be nested, or have dots in the names
 * of their members. Not thread-safe; one object serves all lines.
 */
final class ShippedRecord extends JsonText {

    /** What each member is, after the fields of the record. */
    private static final int ID = FieldKeys.COUNT;

    private static final int TIME = ID + 1;
    private static final int SERIAL = ID + 2;
    private static final int SECONDS = ID + 3;
    private static final int MESSAGE_TYPE = ID + 4;
    private static final int ACTION = ID + 5;
    private static final int HOST = ID + 6;
    private static final int KINDS = ID + 7;

    /** Flags of what only one of the shippers has. */
    private static final int OF_LAUREL = 1 << 8;

    private static final int OF_OSQUERY = 1 << 9;
    private static final int KIND = OF_LAUREL - 1;

    private static final int MAX_DEPTH = 8;
    private static final int MAX_PATH = 64;
    private static final long UINT = 0xffff_ffffL;
    private static final long MAX_SECONDS = 99_999_999_999L;
    private static final long MAX_IP = (1L << 58) - 1;
    private static final byte[] SECCOMP = ascii("seccomp");
    private static final byte[] REMOVED = ascii("removed");
    private static final byte[] UNKNOWN = ascii("(unknown)");
    private static final byte[] HEX = ascii("0123456789ABCDEF");

    /** The known paths of each length, and what each is. */
    private static final byte[][][] PATHS = new byte[MAX_PATH + 1][][];

    private static final int[][] KINDS_OF_PATHS = new int[MAX_PATH + 1][];

    /** For each length the different beginnings, up to a dot, of known paths. */
    private static final byte[][][] BEGINNINGS = new byte[MAX_PATH + 1][][];

    static {
        Map<String, Integer> known = new LinkedHashMap<>();
        known.put("ID", ID);
        known.put("@timestamp", TIME);
        known.put("auditd.sequence", SERIAL);
        known.put("columns.time", SECONDS);
        known.put("auditd.message_type", MESSAGE_TYPE);
        known.put("action", ACTION);
        known.put("NODE", HOST);
        known.put("host.name", HOST);
        known.put("hostIdentifier", HOST);
        known.put("auditd.session", RecordField.SES.ordinal());
        known.put("process.pid", RecordField.PID.ordinal());
        known.put("process.name", RecordField.COMM.ordinal());
        known.put("process.executable", RecordField.EXE.ordinal());
        known.put("process.exe", RecordField.EXE.ordinal());
        known.put("user.audit.id", RecordField.AUID.ordinal());
        known.put("user.auid", RecordField.AUID.ordinal());
        known.put("user.id", RecordField.UID.ordinal());
        known.put("user.uid", RecordField.UID.ordinal());
        known.put("user.group.id", RecordField.GID.ordinal());
        known.put("user.gid", RecordField.GID.ordinal());
        for (RecordField field : RecordField.values()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            known.put("SECCOMP." + name, field.ordinal() | OF_LAUREL);
            known.put("auditd.data." + name, field.ordinal());
            known.put("columns." + name, field.ordinal() | OF_OSQUERY);
        }
        Set<String> beginnings = new TreeSet<>();
        for (String path : known.keySet()) {
            for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
                beginnings.add(path.substring(0, dot + 1));
            }
        }
        for (int length = 0; length <= MAX_PATH; length++) {
            List<String> paths = ofLength(length, known.keySet());
            PATHS[length] = paths.stream().map(AsciiBytes::ascii).toArray(byte[][]::new);
            KINDS_OF_PATHS[length] = paths.stream().mapToInt(known::get).toArray();
            BEGINNINGS[length] =
                    ofLength(length, beginnings).stream()
                            .map(AsciiBytes::ascii)
                            .toArray(byte[][]::new);
        }
    }

    private static List<String> ofLength(int length, Set<String> texts) {
        return texts.stream().filter(text -> text.length() == length).toList();
    }

    private final SeccompRecord record;
    private final NumberReader numbers = new NumberReader();
    private final byte[] path = new byte[MAX_PATH];

    /** The values, one after the other, and where each begins and ends. */
    private byte[] values = new byte[512];

    private int valuesLength;
    private final int[] from = new int[KINDS];
    private final int[] to = new int[KINDS];

    /** Whether a value came from a member that only this shipper has. */
    private boolean laurel;

    private boolean osquery;
    private boolean repeated;

    ShippedRecord(SeccompRecord record) {
        this.record = record;
    }

    /**
     * Reads a line without its line feed. If the result is RECORD, the record has its values, which
     * are copies. MALFORMED if it is a record without a system call, or with a field twice.
     */
    ParseOutcome read(byte[] source, int first, int last) {
        start(source, first, last);
        Arrays.fill(from, -1);
        valuesLength = 0;
        laurel = osquery = repeated = false;
        if (!object(0, 0)) {
            return ParseOutcome.NOT_OURS;
        }
        blanks();
        boolean auditbeat = is(MESSAGE_TYPE, SECCOMP);
        boolean row = osquery && has(RecordField.ARCH) && has(RecordField.CODE);
        if (pos != end || !(laurel || auditbeat || row) || is(ACTION, REMOVED)) {
            return ParseOutcome.NOT_OURS;
        }
        if (repeated || !has(RecordField.SYSCALL)) {
            return ParseOutcome.MALFORMED;
        }
        record.clear(values);
        if (from[HOST] >= 0) {
            record.setHost(values, from[HOST], to[HOST]);
        }
        fillIn();
        return ParseOutcome.RECORD;
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

    /**
     * @param prefix the length of the path that leads to this object, with a dot at its end
     */
    private boolean object(int prefix, int depth) {
        if (depth > MAX_DEPTH || !take('{')) {
            return false;
        }
        if (take('}')) {
            return true;
        }
        do {
            blanks();
            int name = pos + 1;
            if (!skipString()) {
                return false;
            }
            int nameEnd = pos - 1;
            if (!take(':') || !member(prefix, name, nameEnd, depth)) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    private boolean member(int prefix, int name, int nameEnd, int depth) {
        int length = prefix + nameEnd - name;
        blanks();
        if (pos == end || length >= MAX_PATH) {
            return skipValue(0);
        }
        System.arraycopy(buf, name, path, prefix, nameEnd - name);
        return value(length, depth);
    }

    /** Reads the value of the member whose path has this length. */
    private boolean value(int length, int depth) {
        byte first = pos < end ? buf[pos] : 0;
        if (first == '{' || first == '[') {
            path[length] = '.';
            if (!leadsOn(length + 1)) {
                return skipValue(0);
            }
            return first == '{' ? object(length + 1, depth + 1) : list(length, depth + 1);
        }
        int kind = kindOf(length);
        if (kind < 0) {
            return skipValue(0);
        }
        if (first == '"') {
            if (!string()) {
                return false;
            }
            return keep(kind, text, 0, textLength);
        }
        int start = pos;
        return skipValue(0) && (first == 'n' || keep(kind, buf, start, pos));
    }

    /** laurel has a list of the records of each type. */
    private boolean list(int length, int depth) {
        pos++;
        if (take(']')) {
            return true;
        }
        do {
            blanks();
            if (depth > MAX_DEPTH || !value(length, depth)) {
                return false;
            }
        } while (take(','));
        return take(']');
    }

    private boolean leadsOn(int length) {
        return length <= MAX_PATH && indexIn(BEGINNINGS[length], length) >= 0;
    }

    private int kindOf(int length) {
        int index = indexIn(PATHS[length], length);
        if (index < 0) {
            return -1;
        }
        int kind = KINDS_OF_PATHS[length][index];
        laurel |= (kind & OF_LAUREL) != 0;
        osquery |= (kind & OF_OSQUERY) != 0;
        return kind & KIND;
    }

    private int indexIn(byte[][] known, int length) {
        for (int i = 0; i < known.length; i++) {
            if (Arrays.equals(known[i], 0, length, path, 0, length)) {
                return i;
            }
        }
        return -1;
    }

    private boolean keep(int kind, byte[] source, int first, int last) {
        repeated |= from[kind] >= 0;
        from[kind] = valuesLength;
        if (kind == RecordField.COMM.ordinal() || kind == RecordField.EXE.ordinal()) {
            keepEncoded(source, first, last);
        } else {
            for (int i = first; i < last; i++) {
                put(source[i]);
            }
        }
        to[kind] = valuesLength;
        return true;
    }

    /** As the kernel writes a text that a process chose (audit_log_untrustedstring). */
    private void keepEncoded(byte[] source, int first, int last) {
        boolean plain = true;
        for (int i = first; i < last; i++) {
            plain &= source[i] > ' ' && source[i] < 0x7f && source[i] != '"';
        }
        put(plain ? '"' : 0);
        for (int i = first; i < last; i++) {
            put(plain ? source[i] : HEX[source[i] >> 4 & 0xf]);
            put(plain ? 0 : HEX[source[i] & 0xf]);
        }
        put(plain ? '"' : 0);
    }

    /** Adds a byte other than 0. */
    private void put(int b) {
        if (b == 0) {
            return;
        }
        if (valuesLength == values.length) {
            values = Arrays.copyOf(values, 2 * values.length);
        }
        values[valuesLength++] = (byte) b;
    }

    private void fillIn() {
        stamp();
        for (RecordField field : RecordField.values()) {
            int i = field.ordinal();
            if (from[i] < 0 || from[i] == to[i]) {
                continue;
            }
            switch (field) {
                case COMM, EXE, SUBJ, REASON -> record.setText(i, from[i], to[i]);
                case PID, SYSCALL -> number(i, numbers.signed(values, from[i], digitsEnd(i)));
                case COMPAT -> number(i, numbers.unsigned(values, from[i], digitsEnd(i), 1));
                case IP -> hex(i, 16);
                case ARCH, CODE -> hex(i, 8);
                default -> number(i, numbers.unsigned(values, from[i], digitsEnd(i), UINT));
            }
        }
    }

    /** osquery writes {@code 335(unknown)} for a number that its table lacks. */
    private int digitsEnd(int field) {
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
            try {
                record.setTime(Instant.parse(string(TIME)).toEpochMilli());
            } catch (DateTimeException e) {
                // Without a time that can be read, the record has none.
            }
        } else if (from[SECONDS] >= 0
                && numbers.unsigned(values, from[SECONDS], to[SECONDS], UINT) == null) {
            record.setTime(numbers.value() * 1000);
        }
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

    private String string(int kind) {
        return new String(values, from[kind], to[kind] - from[kind], StandardCharsets.UTF_8);
    }
}
