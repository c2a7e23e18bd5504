// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An outcome with all its fields as text, to compare one parser with another. */
record RecordText(ParseOutcome outcome, Map<String, String> fields) {

    static RecordText ofLine(SeccompRecordParser parser, byte[] buf, int length) {
        return of(parser, parser.parseLine(buf, 0, length));
    }

    /** Returns this record as it is found inside {@code carrier}. */
    RecordText in(Carrier carrier) {
        if (outcome != ParseOutcome.RECORD) {
            return this;
        }
        Map<String, String> all = new TreeMap<>(fields);
        all.put("carrier", carrier.toString());
        return new RecordText(outcome, all);
    }

    static RecordText of(SeccompRecordParser parser, ParseOutcome outcome) {
        Map<String, String> fields = new TreeMap<>();
        if (outcome == ParseOutcome.RECORD) {
            fill(fields, parser.record());
        } else if (outcome == ParseOutcome.MALFORMED) {
            fields.put("malformed", parser.malformedReason().toString());
        } else if (outcome == ParseOutcome.LOSS) {
            String when = parser.lossMillis().isEmpty() ? "" : " at " + parser.lossMillis();
            fields.put("loss", parser.lossKind() + " " + parser.lossCount() + when);
        }
        return new RecordText(outcome, fields);
    }

    /** The records, losses and malformed lines of a block. */
    static List<RecordText> scan(LogScanner scanner, byte[] block) {
        List<RecordText> found = new ArrayList<>();
        scanner.reset(block, 0, block.length);
        while (scanner.next()) {
            found.add(of(scanner.parser(), scanner.outcome()));
        }
        return found;
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static void fill(Map<String, String> fields, SeccompRecord record) {
        if (record.hasTime()) {
            fields.put("time", Long.toString(record.timeMillis()));
        }
        if (record.hasSerial()) {
            fields.put("serial", Long.toString(record.serial()));
        }
        if (record.carrier() != Carrier.PLAIN) {
            fields.put("carrier", record.carrier().toString());
        }
        record.unit().ifPresent(text -> fields.put("unit", text));
        record.timeText().ifPresent(text -> fields.put("timeText", text));
        for (RecordField field : RecordField.values()) {
            if (record.has(field)) {
                fields.put(field.name(), value(record, field));
            } else if (record.hasWord(field)) {
                fields.put(field + "_text", raw(record, field));
            }
        }
    }

    private static String value(SeccompRecord record, RecordField field) {
        return switch (field) {
            case AUID -> Long.toString(record.auid());
            case UID -> Long.toString(record.uid());
            case GID -> Long.toString(record.gid());
            case SES -> Long.toString(record.ses());
            case PID -> Integer.toString(record.pid());
            case SIG -> Integer.toString(record.signal());
            case ARCH -> Integer.toUnsignedString(record.arch(), 16);
            case SYSCALL -> Integer.toString(record.syscall());
            case COMPAT -> record.compat() ? "1" : "0";
            case IP -> Long.toUnsignedString(record.ip(), 16);
            case CODE -> Integer.toUnsignedString(record.code(), 16);
            case SUBJ, REASON, COMM, EXE -> raw(record, field);
        };
    }

    private static String raw(SeccompRecord record, RecordField field) {
        return new String(record.copyRaw(field), StandardCharsets.ISO_8859_1);
    }
}
