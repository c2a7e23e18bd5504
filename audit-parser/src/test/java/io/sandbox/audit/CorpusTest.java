// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CorpusTest {

    private final SeccompRecordParser parser = new SeccompRecordParser();

    static List<Corpus.Row> rows() {
        return Corpus.rows();
    }

    @Test
    void corpus_isWhole() {
        assertEquals(102, rows().size());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void parseLine_corpusRow_hasExactlyTheExpectedFields(Corpus.Row row) {
        byte[] line = Arrays.copyOf(row.line(), row.line().length + 1);
        line[line.length - 1] = '\n';
        ParseOutcome outcome = parser.parseLine(line, 0, line.length);
        Map<String, Object> expect = row.expect();
        if (expect.containsKey("_truncated")) {
            assertEquals(ParseOutcome.MALFORMED, outcome);
            assertEquals(MalformedReason.TRUNCATED, parser.malformedReason());
        } else if (expect.containsKey("_headless")) {
            assertEquals(ParseOutcome.MALFORMED, outcome);
            assertEquals(MalformedReason.HEADLESS, parser.malformedReason());
        } else if (expect.get("match") == Boolean.TRUE) {
            assertEquals(ParseOutcome.RECORD, outcome);
            expect.forEach((key, value) -> compare(key, value, parser.record()));
            assertNothingElse(expect, parser.record());
        } else if (expect.get("loss") == Boolean.TRUE) {
            assertEquals(ParseOutcome.LOSS, outcome);
        } else {
            assertEquals(ParseOutcome.NOT_OURS, outcome);
        }
    }

    private static void compare(String key, Object value, SeccompRecord record) {
        boolean ofNumber = key.equals("sig") || key.equals("syscall");
        boolean ofName = key.equals("syscall_name");
        if (key.equals("match") || key.startsWith("_") || ofName && !record.isInterpreted()) {
            return;
        }
        if (!ofNumber || !record.isInterpreted()) {
            assertEquals(value.toString(), actual(key, record), key);
        }
    }

    private static String actual(String key, SeccompRecord record) {
        return switch (key) {
            case "time" ->
                    String.format(
                            "%d.%03d", record.timeMillis() / 1000, record.timeMillis() % 1000);
            case "serial" -> Long.toString(record.serial());
            case "auid" -> Long.toString(record.auid());
            case "uid" -> Long.toString(record.uid());
            case "pid" -> Integer.toString(record.pid());
            case "comm" -> record.comm().orElseThrow();
            case "exe" -> record.exe().orElseThrow();
            case "sig" -> Integer.toString(record.signal());
            case "arch" -> Integer.toHexString(record.arch());
            case "syscall" -> Integer.toString(record.syscall());
            case "ip" -> "0x" + Long.toHexString(record.ip());
            case "code" -> "0x" + Integer.toHexString(record.code());
            case "time_text" -> record.timeText().orElseThrow();
            default -> {
                String field = key.replaceFirst("_(text|name)$", "").toUpperCase(Locale.ROOT);
                yield record.text(RecordField.valueOf(field)).orElseThrow();
            }
        };
    }

    /** Fields that the line lacks must be absent. */
    private static void assertNothingElse(Map<String, Object> expect, SeccompRecord record) {
        assertEquals(expect.containsKey("time"), record.hasTime(), "time");
        assertEquals(expect.containsKey("serial"), record.hasSerial(), "serial");
        if (record.isInterpreted()) {
            return;
        }
        for (String field : "AUID UID PID COMM EXE SIG ARCH SYSCALL IP CODE".split(" ")) {
            assertEquals(
                    expect.containsKey(field.toLowerCase(Locale.ROOT)),
                    record.has(RecordField.valueOf(field)),
                    field);
        }
    }
}
