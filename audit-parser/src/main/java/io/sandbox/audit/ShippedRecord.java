// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/**
 * Reads a seccomp record from a JSON object of a log shipper: laurel ({@code SECCOMP}), Auditbeat
 * ({@code auditd.message_type} is {@code seccomp}), or osquery (a row of {@code seccomp_events}).
 * They name the fields of the kernel differently ({@link ShippedPaths}). Objects may be nested, or
 * have dots in the names of their members. Not thread-safe; one object serves all lines.
 */
final class ShippedRecord extends JsonText {

    private static final int MAX_DEPTH = 8;

    /** How many lines of different shapes are kept: of several shippers and their hosts. */
    private static final int SHAPES = 8;

    private final byte[] path = new byte[ShippedPaths.MAX_LENGTH];
    private final ShippedValues values;

    /** Lines that were read before; the one that fitted last is the first. */
    private final JsonShape[] shapes = new JsonShape[SHAPES];

    /** The values of the line that is being read. */
    private JsonShape shape = new JsonShape();

    /** Where the values of the line go. */
    private ShippedValues target;

    private int lineEnd;

    ShippedRecord(SeccompRecord record) {
        values = new ShippedValues(record);
        target = values;
    }

    /**
     * Reads a line without its line feed. If the result is RECORD, the record has its values, which
     * are copies. MALFORMED if it is a record that is cut or has no system call, or a field twice.
     */
    ParseOutcome read(byte[] source, int first, int last) {
        start(source, first, last);
        target = values;
        values.clear();
        shape.clear();
        boolean whole = object(0, 0);
        blanks();
        if (whole && pos == end) {
            return values.outcome();
        }
        return values.areOfRecord() ? ParseOutcome.MALFORMED : ParseOutcome.NOT_OURS;
    }

    /** Whether a field occurs twice in what was read last. */
    boolean isRepeated() {
        return values.isRepeated();
    }

    /**
     * Keeps the shape of the line that {@link #read} has read as a record.
     *
     * @param last the index after its line feed
     */
    void keepShape(byte[] source, int first, int last) {
        if (shape.keep(source, first, last, values)) {
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
            if (repeats(known, source, first, last) || hasShape(known, source, first, last)) {
                System.arraycopy(shapes, 0, shapes, 1, i);
                shapes[0] = known;
                return lineEnd;
            }
        }
        return -1;
    }

    /** Reads a line that differs from an earlier one only in values that have differed before. */
    private boolean repeats(JsonShape known, byte[] source, int first, int last) {
        int at = known.wideGap(0, source, first, last);
        if (at < 0) {
            return false;
        }
        start(source, at, last);
        target = known.others();
        int[] kinds = known.varyingKinds();
        boolean[] strings = known.varyingStrings();
        int count = known.varyingCount();
        for (int i = 0; i < count; i++) {
            if (!(strings[i] ? plainString(kinds[i]) : word(kinds[i]))) {
                return false;
            }
            pos = known.wideGap(i + 1, source, pos, last);
            if (pos < 0) {
                return false;
            }
        }
        lineEnd = pos;
        return target.outcomeOf(kinds, count) == ParseOutcome.RECORD;
    }

    /** Reads a line that differs from an earlier one only in its values. */
    private boolean hasShape(JsonShape known, byte[] source, int first, int last) {
        int at = known.gap(0, source, first, last);
        if (at < 0) {
            return false;
        }
        start(source, at, last);
        target = values;
        values.clear();
        for (int i = 0; i < known.count(); i++) {
            int start = pos;
            int kind = known.kind(i);
            if (!(known.isString(i) ? plainString(kind) : word(kind))) {
                return false;
            }
            known.compare(i, source, start, pos);
            pos = known.gap(i + 1, source, pos, last);
            if (pos < 0) {
                return false;
            }
        }
        lineEnd = pos;
        if (values.outcome() != ParseOutcome.RECORD) {
            return false;
        }
        known.learn(values);
        return true;
    }

    /** The record that was read last; its values are copies. */
    SeccompRecord record() {
        return target.record();
    }

    /** Reads a string up to its closing quote. */
    private boolean plainString(int kind) {
        int start = pos;
        pos = stringRun(pos);
        if (pos == end || buf[pos] != '"' && buf[pos] != '\\') {
            return false;
        }
        if (buf[pos] == '"') {
            return keep(kind, buf, start, pos);
        }
        pos = start - 1;
        if (!string()) {
            return false;
        }
        pos--;
        return keep(kind, text, 0, textLength);
    }

    /** Reads a number, true or false; not null, whose member counts as absent. */
    private boolean word(int kind) {
        int start = pos;
        return pos < end && buf[pos] != 'n' && skipWord() && keep(kind, buf, start, pos);
    }

    private boolean keep(int kind, byte[] source, int first, int last) {
        if (kind >= 0) {
            target.keep(kind, source, first, last);
        }
        return true;
    }

    /** {@code prefix}: the length of the path that leads to this object, with a dot at its end. */
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
        if (pos == end || length >= ShippedPaths.MAX_LENGTH) {
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
            if (!ShippedPaths.leadOn(path, length + 1)) {
                return skipValue(0);
            }
            return first == '{' ? object(length + 1, depth + 1) : list(length, depth + 1);
        }
        int kind = ShippedPaths.kindOf(path, length);
        int start = pos;
        if (first == '"') {
            if (!(kind < 0 ? skipString() : string())) {
                return false;
            }
            shape.add(start + 1, pos - 1, kind, true);
            return keep(kind, text, 0, textLength);
        }
        if (!skipWord()) {
            return false;
        }
        if (first == 'n') {
            target.keepMark(Math.max(0, kind));
            return true;
        }
        shape.add(start, pos, kind, false);
        return keep(kind, buf, start, pos);
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

    @Override
    void skipped(int start, boolean isString) {
        if (isString) {
            shape.add(start + 1, pos - 1, -1, true);
        } else if (buf[start] != 'n') {
            shape.add(start, pos, -1, false);
        }
    }
}
