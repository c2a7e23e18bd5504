// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

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
        switch (key) {
            case "time" -> {
                String[] part = value.toString().split("\\.");
                assertEquals(Long.parseLong(part[0] + part[1]), record.timeMillis());
            }
            case "serial" -> assertEquals(number(value), record.serial());
            case "auid" -> assertEquals(number(value), record.auid());
            case "uid" -> assertEquals(number(value), record.uid());
            case "pid" -> assertEquals(number(value), record.pid());
            case "comm" -> assertEquals(value, record.comm().orElseThrow());
            case "exe" -> assertEquals(value, record.exe().orElseThrow());
            case "sig" -> {
                if (!record.isInterpreted()) {
                    assertEquals(number(value), record.signal());
                }
            }
            case "arch" -> assertEquals(value, Integer.toHexString(record.arch()));
            case "syscall" -> {
                if (!record.isInterpreted()) {
                    assertEquals(number(value), record.syscall());
                }
            }
            case "syscall_name" -> {
                if (record.isInterpreted()) {
                    assertEquals(value, record.text(RecordField.SYSCALL).orElseThrow());
                }
            }
            case "ip" -> assertEquals(value, "0x" + Long.toHexString(record.ip()));
            case "code" -> assertEquals(value, "0x" + Integer.toHexString(record.code()));
            case "time_text" -> assertEquals(value, record.timeText().orElseThrow());
            case "auid_text" -> assertEquals(value, record.text(RecordField.AUID).orElseThrow());
            case "uid_text" -> assertEquals(value, record.text(RecordField.UID).orElseThrow());
            case "sig_text" -> assertEquals(value, record.text(RecordField.SIG).orElseThrow());
            case "arch_name" -> assertEquals(value, record.text(RecordField.ARCH).orElseThrow());
            case "code_text" -> assertEquals(value, record.text(RecordField.CODE).orElseThrow());
            case "_legacy_type" -> assertTrue(record.isLegacyType());
            case "match", "_edited", "_synthetic" -> {}
            default -> fail("unknown key " + key);
        }
    }

    /** Fields that the line lacks must be absent. */
    private static void assertNothingElse(Map<String, Object> expect, SeccompRecord record) {
        assertEquals(expect.containsKey("time"), record.hasTime(), "time");
        assertEquals(expect.containsKey("serial"), record.hasSerial(), "serial");
        if (record.isInterpreted()) {
            return;
        }
        for (RecordField field :
                List.of(
                        RecordField.AUID,
                        RecordField.UID,
                        RecordField.PID,
                        RecordField.COMM,
                        RecordField.EXE,
                        RecordField.SIG,
                        RecordField.ARCH,
                        RecordField.SYSCALL,
                        RecordField.IP,
                        RecordField.CODE)) {
            assertEquals(
                    expect.containsKey(field.name().toLowerCase(Locale.ROOT)),
                    record.has(field),
                    field.name());
        }
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void parseLine_corpusRowCutAtAnyByte_givesNoWrongField(Corpus.Row row) {
        byte[] line = row.line();
        RecordText whole = RecordText.ofLine(parser, line, line.length);
        for (int cut = 0; cut < line.length; cut++) {
            RecordText part = RecordText.ofLine(parser, Arrays.copyOf(line, cut), cut);
            if (part.outcome() == ParseOutcome.RECORD) {
                assertTrue(
                        part.fields().keySet().stream().anyMatch(key -> key.startsWith("SYSCALL")),
                        "cut at " + cut);
                part.fields()
                        .forEach((key, value) -> assertEquals(whole.fields().get(key), value, key));
            }
        }
    }
}
