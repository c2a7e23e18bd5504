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
    private static final int COMM = RecordField.COMM.ordinal();

    private static final int EXE = RecordField.EXE.ordinal();
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

    private static final RecordField[] FIELDS = RecordField.values();
    private static final int MAX_DEPTH = 8;
    private static final int MAX_PATH = 64;

    /**
     * How many lines of different shapes are kept: those of several shippers and of their hosts.
     */
    private static final int SHAPES = 8;

    private static final int MINUTE_LENGTH = "2021-11-09T19:07:".length();
    private static final String SECOND = "00.000Z";
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

    /** Lines that were read before; the one that fitted last is the first. */
    private final JsonShape[] shapes = new JsonShape[SHAPES];

    /** The values of the line that is being read. */
    private JsonShape shape = new JsonShape();

    private int lineEnd;

    /** The last minute that was parsed, and its time. */
    private final byte[] minute = new byte[MINUTE_LENGTH];

    private long minuteMillis;

    ShippedRecord(SeccompRecord record) {
        this.record = record;
    }

    /**
     * Reads a line without its line feed. If the result is RECORD, the record has its values, which
     * are copies. MALFORMED if it is a record without a system call, or with a field twice.
     */
    ParseOutcome read(byte[] source, int first, int last) {
        start(source, first, last);
        begin();
        shape.clear();
        if (!object(0, 0)) {
            return ParseOutcome.NOT_OURS;
        }
        blanks();
        return pos == end ? outcome() : ParseOutcome.NOT_OURS;
    }

    private void begin() {
        Arrays.fill(from, -1);
        valuesLength = 0;
        laurel = osquery = repeated = false;
    }

    /** What the values that were found make together. */
    private ParseOutcome outcome() {
        boolean auditbeat = is(MESSAGE_TYPE, SECCOMP);
        boolean row = osquery && has(RecordField.ARCH) && has(RecordField.CODE);
        if (!(laurel || auditbeat || row) || is(ACTION, REMOVED)) {
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

    /**
     * Keeps the shape of the line that {@link #read} has read as a record.
     *
     * @param last the index after its line feed
     */
    void keepShape(byte[] source, int first, int last) {
        if (shape.keep(source, first, last)) {
            JsonShape oldest = shapes[SHAPES - 1];
            System.arraycopy(shapes, 0, shapes, 1, SHAPES - 1);
            shapes[0] = shape;
            shape = oldest == null ? new JsonShape() : oldest;
        }
    }

    /**
     * Reads a line that has the shape of an earlier one. May refuse any line, which is then to be
     * read by {@link #read}, but never reads one differently.
     *
     * @param last the end of the block
     * @return the index after its line feed; -1 if it is refused
     */
    int readAlike(byte[] source, int first, int last) {
        for (int i = 0; i < SHAPES && shapes[i] != null; i++) {
            JsonShape known = shapes[i];
            if (values(known, source, first, last) && outcome() == ParseOutcome.RECORD) {
                System.arraycopy(shapes, 0, shapes, 1, i);
                shapes[0] = known;
                return lineEnd;
            }
        }
        return -1;
    }

    private boolean values(JsonShape known, byte[] source, int first, int last) {
        int at = known.gap(-1, source, first, last);
        if (at < 0) {
            return false;
        }
        start(source, at, last);
        begin();
        for (int i = 0; i < known.count(); i++) {
            if (!(known.isString(i) ? plainString(known.kind(i)) : word(known.kind(i)))) {
                return false;
            }
            pos = known.gap(i, source, pos, last);
            if (pos < 0) {
                return false;
            }
        }
        lineEnd = pos;
        return true;
    }

    /** Reads a string up to its closing quote. */
    private boolean plainString(int kind) {
        int start = pos;
        while (pos < end && buf[pos] != '"' && buf[pos] != '\\' && (buf[pos] & 0xe0) != 0) {
            pos++;
        }
        if (pos == end || (buf[pos] & 0xe0) == 0) {
            return false;
        }
        if (buf[pos] == '"') {
            return kind < 0 || keep(kind, buf, start, pos);
        }
        pos = start - 1;
        if (!string()) {
            return false;
        }
        pos--;
        return kind < 0 || keep(kind, text, 0, textLength);
    }

    /** Reads a number, true or false; not null, whose member counts as absent. */
    private boolean word(int kind) {
        int start = pos;
        return pos < end
                && buf[pos] != 'n'
                && skipWord()
                && (kind < 0 || keep(kind, buf, start, pos));
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
        int start = pos;
        if (first == '"') {
            if (!(kind < 0 ? skipString() : string())) {
                return false;
            }
            shape.add(start + 1, pos - 1, kind, true);
            return kind < 0 || keep(kind, text, 0, textLength);
        }
        if (!skipValue(0)) {
            return false;
        }
        if (first == 'n') {
            laurel |= kind >= 0 && (kind & OF_LAUREL) != 0;
            osquery |= kind >= 0 && (kind & OF_OSQUERY) != 0;
            return true;
        }
        shape.add(start, pos, kind, false);
        return kind < 0 || keep(kind, buf, start, pos);
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
        return KINDS_OF_PATHS[length][index];
    }

    private int indexIn(byte[][] known, int length) {
        for (int i = 0; i < known.length; i++) {
            if (Arrays.equals(known[i], 0, length, path, 0, length)) {
                return i;
            }
        }
        return -1;
    }

    private boolean keep(int flaggedKind, byte[] source, int first, int last) {
        int kind = flaggedKind & KIND;
        laurel |= (flaggedKind & OF_LAUREL) != 0;
        osquery |= (flaggedKind & OF_OSQUERY) != 0;
        repeated |= from[kind] >= 0;
        from[kind] = valuesLength;
        if (kind == COMM || kind == EXE) {
            keepEncoded(source, first, last);
        } else {
            put(source, first, last);
        }
        to[kind] = valuesLength;
        return true;
    }

    /** As the kernel writes a text that a process chose (audit_log_untrustedstring). */
    private void keepEncoded(byte[] source, int first, int last) {
        boolean plain = true;
        for (int i = first; i < last; i++) {
            byte b = source[i];
            plain &= b > ' ' && b < 0x7f && b != '"';
        }
        reserve(2 * (last - first) + 2);
        if (plain) {
            values[valuesLength++] = '"';
            put(source, first, last);
            values[valuesLength++] = '"';
            return;
        }
        for (int i = first; i < last; i++) {
            values[valuesLength++] = HEX[source[i] >> 4 & 0xf];
            values[valuesLength++] = HEX[source[i] & 0xf];
        }
    }

    private void put(byte[] source, int first, int last) {
        reserve(last - first);
        System.arraycopy(source, first, values, valuesLength, last - first);
        valuesLength += last - first;
    }

    private void reserve(int more) {
        if (values.length - valuesLength < more) {
            values = Arrays.copyOf(values, 2 * (valuesLength + more));
        }
    }

    private void fillIn() {
        stamp();
        for (RecordField field : FIELDS) {
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
            long millis = Instant.parse(string(TIME)).toEpochMilli();
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

    private String string(int kind) {
        return new String(values, from[kind], to[kind] - from[kind], StandardCharsets.UTF_8);
    }
}
