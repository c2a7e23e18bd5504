// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Objects as log shippers write them. Those of Auditbeat 7 and osquery 5 have the members that
 * their documents and sources name; lines of laurel are also in {@link CapturedLinesTest}.
 */
class ShippedRecordTest {

    private static final String AUDITBEAT =
            "{\"@timestamp\":\"2021-11-09T19:07:40.601Z\",\"host\":{\"name\":\"web1\"},"
                    + "\"user\":{\"id\":\"1000\",\"audit\":{\"id\":\"1000\",\"name\":\"ann\"},"
                    + "\"group\":{\"id\":\"1000\"}},"
                    + "\"process\":{\"pid\":2720,\"executable\":\"/opt/chrome/chrome\","
                    + "\"name\":\"Thread \\\"P\"},"
                    + "\"auditd\":{\"session\":\"2\",\"message_type\":\"seccomp\","
                    + "\"sequence\":12522,\"result\":\"unknown\",\"data\":{\"code\":\"0x50000\","
                    + "\"syscall\":\"stat\",\"compat\":\"0\",\"ip\":\"0x7fe0a0df1845\","
                    + "\"arch\":\"x86_64\",\"sig\":\"0\"}},\"service\":{\"type\":\"auditd\"}}";
    private static final String OSQUERY =
            "{\"name\":\"calls\",\"hostIdentifier\":\"web1\",\"unixTime\":1700000005,"
                    + "\"columns\":{\"arch\":\"X86_64\",\"auid\":\"4294967295\",\"code\":\"LOG\","
                    + "\"comm\":\"\\\"ls\\\"\",\"compat\":\"0\",\"exe\":\"/bin/ls\",\"gid\":\"0\","
                    + "\"ip\":\"140458834530745\",\"pid\":\"77\",\"ses\":\"1\",\"sig\":\"0\","
                    + "\"syscall\":\"read\",\"time\":\"1700000001\",\"uid\":\"0\","
                    + "\"uptime\":\"9\"},\"action\":\"added\"}";
    private static final String LAUREL =
            "{\"ID\":\"1700000000.123:456\",\"NODE\":\"web1\",\"SECCOMP\":{\"auid\":0,\"uid\":0,"
                    + "\"gid\":0,\"ses\":1,\"pid\":7,\"comm\":\"ls\",\"exe\":\"/bin/ls\","
                    + "\"sig\":31,\"arch\":\"0xc000003e\",\"syscall\":-1,\"compat\":0,"
                    + "\"ip\":\"0x7f\",\"code\":\"0x80000000\",\"ARCH\":\"x86_64\"}}";

    private final SeccompRecordParser parser = new SeccompRecordParser();

    private ParseOutcome parse(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        return parser.parseLine(bytes, 0, bytes.length);
    }

    private SeccompRecord record(String line) {
        assertEquals(ParseOutcome.RECORD, parse(line), line);
        return parser.record();
    }

    @Test
    void auditbeat_hasNamesInPlaceOfNumbers() {
        SeccompRecord record = record(AUDITBEAT);
        assertEquals(1_636_484_860_601L, record.timeMillis());
        assertEquals(12522, record.serial());
        assertEquals(2720, record.pid());
        assertEquals(1000, record.auid());
        assertEquals(2, record.ses());
        assertEquals(Optional.of("/opt/chrome/chrome"), record.exe());
        assertEquals(Optional.of("Thread \"P"), record.comm());
        assertEquals(0x50000, record.code());
        assertEquals(0x7fe0a0df1845L, record.ip());
        assertFalse(record.hasArch() || record.has(RecordField.SYSCALL));
        assertEquals(Optional.of("x86_64"), record.text(RecordField.ARCH));
        assertEquals(Optional.of("stat"), record.text(RecordField.SYSCALL));
    }

    @Test
    void auditbeat_withDotsInNames_isTheSame() {
        assertEquals(
                2720,
                record(
                                "{\"auditd.message_type\":\"seccomp\",\"process.pid\":\"2720\","
                                        + "\"auditd.data\":{\"syscall\":\"257\"}}")
                        .pid());
        assertEquals(257, parser.record().syscall());
        assertFalse(parser.record().hasTime());
    }

    @Test
    void osquery_hasWordsInLowerCase() {
        SeccompRecord record = record(OSQUERY);
        assertEquals(1_700_000_001_000L, record.timeMillis());
        assertFalse(record.hasSerial());
        assertEquals(Optional.of("x86_64"), record.text(RecordField.ARCH));
        assertEquals(Optional.of("read"), record.text(RecordField.SYSCALL));
        assertEquals(Optional.of("log"), record.text(RecordField.CODE));
        assertEquals(140458834530745L, record.ip());
        assertEquals(77, record.pid());
    }

    @Test
    void osquery_numbersThatItDoesNotKnow_areNumbers() {
        SeccompRecord record =
                record(
                        OSQUERY.replace("\"read\"", "\"467(unknown)\"")
                                .replace("X86_64", "3221225534(unknown)")
                                .replace("LOG", "2147221504(unknown)"));
        assertEquals(467, record.syscall());
        assertEquals(0xc000003e, record.arch());
        assertEquals(0x7ffc0000, record.code());
    }

    /** The first value of a line is a value like any other. */
    @Test
    void firstValue_counts() {
        assertEquals(5, record("{\"SECCOMP\":{\"auid\":5,\"syscall\":1}}").auid());
        assertEquals(1, record("{\"SECCOMP\":{\"syscall\":1}}").syscall());
        String ofType = "\"message_type\":\"seccomp\",\"data\":{\"syscall\":\"1\"}}}";
        record("{\"auditd\":{" + ofType);
        assertEquals(9, record("{\"auditd\":{\"sequence\":9," + ofType).serial());
        assertEquals(0, record("{\"auditd\":{\"sequence\":0," + ofType).serial());
        assertFalse(record("{\"auditd\":{\"sequence\":\"9x\"," + ofType).hasSerial());
        String row =
                "\"%s\":\"1\",\"%s\":\"1\",\"syscall\":\"1\",\"time\":\"8\"},\"action\":\"added\"}";
        record("{\"columns\":{" + row.formatted("arch", "code"));
        record("{\"columns\":{" + row.formatted("code", "arch"));
        assertEquals(
                8000,
                record(
                                "{\"columns\":{\"time\":\"8\","
                                        + row.formatted("arch", "code")
                                                .replace(",\"time\":\"8\"", ""))
                        .timeMillis());
        assertEquals(
                Optional.of("h"), record("{\"NODE\":\"h\",\"SECCOMP\":{\"syscall\":1}}").host());
        assertEquals(
                ParseOutcome.MALFORMED,
                parse("{\"SECCOMP\":{\"auid\":1,\"auid\":2,\"syscall\":3}}"));
        assertEquals(MalformedReason.OUT_OF_ORDER, parser.malformedReason());
        assertEquals(
                ParseOutcome.NOT_OURS,
                parse(
                        "{\"action\":\"removed\",\"columns\":{"
                                + row.formatted("arch", "code")
                                        .replace(",\"action\":\"added\"", "")));
    }

    /** Only osquery's rows are records without a type. */
    @Test
    void auditbeat_ofAnotherType_isNotOurs() {
        assertEquals(ParseOutcome.NOT_OURS, parse(AUDITBEAT.replace("\"seccomp\"", "\"avc\"")));
        assertEquals(ParseOutcome.NOT_OURS, parse(AUDITBEAT.replace("\"seccomp\"", "null")));
    }

    @Test
    void laurel_stampIsReadToItsEnd() {
        assertEquals(4, record(LAUREL.replace(":456", ":4")).serial());
        for (String stamp :
                new String[] {
                    "1700000000",
                    "1700000000.12:4",
                    "1700000000.1234:5",
                    "1700000000.123",
                    "x.123:4",
                    "1700000000.123:",
                    "1700000000.123:x",
                    "1700000000.123:4x",
                    "1700000000,123:4",
                    "1700000000.123;4",
                }) {
            SeccompRecord record = record(LAUREL.replace("1700000000.123:456", stamp));
            assertFalse(record.hasTime() || record.hasSerial(), stamp);
        }
    }

    @Test
    void texts_ofAnyLengthAndKind_areKept() {
        for (int length = 0; length < 520; length++) {
            if (length > 20 && length < 200 || length > 250 && length < 420) {
                continue; // far from where the room for values grows
            }
            for (String end : new String[] {"", " ", "\u00e9"}) {
                String exe = "/" + "y".repeat(length) + end;
                SeccompRecordParser fresh = new SeccompRecordParser();
                byte[] line = LAUREL.replace("/bin/ls", exe).getBytes(StandardCharsets.UTF_8);
                assertEquals(ParseOutcome.RECORD, fresh.parseLine(line, 0, line.length));
                assertEquals(Optional.of(exe), fresh.record().exe());
                assertEquals(Optional.of("ls"), fresh.record().comm());
                assertEquals(0x80000000, fresh.record().code());
            }
        }
    }

    /** The values of a line are kept one after the other. */
    @Test
    void valuesBesideEachOther_areSeparate() {
        String line = "{\"SECCOMP\":{\"code\":\"%s\",\"syscall\":\"%s\"},\"NODE\":\"%s\"}";
        SeccompRecord record = record(line.formatted("0x0", "read", "Web1"));
        assertEquals(Optional.of("read"), record.text(RecordField.SYSCALL));
        assertEquals(Optional.of("Web1"), record.host());
        String other = "{\"SECCOMP\":{\"syscall\":1,\"code\":\"0\"},\"NODE\":\"x1\"}";
        assertEquals(0, record(other).code());
        String stamp = "{\"ID\":\"1700000000\",\"NODE\":\".123:4\",\"SECCOMP\":{\"syscall\":1}}";
        assertFalse(record(stamp).hasTime());
    }

    @Test
    void words_haveTheirLettersInLowerCase() {
        assertEquals(
                Optional.of("azaz@[`{"),
                record(OSQUERY.replace("\"read\"", "\"azAZ@[`{\"")).text(RecordField.SYSCALL));
        assertFalse(record(OSQUERY.replace("\"read\"", "\"\"")).hasWord(RecordField.SYSCALL));
    }

    @Test
    void insideALineOfCri_isARecordOfTheContainer() {
        String head = "2016-10-06T00:17:09.669794202Z stdout F ";
        byte[] line = ("\n\n" + head + LAUREL + "\r\n").getBytes(StandardCharsets.UTF_8);
        assertEquals(ParseOutcome.RECORD, parser.parseLine(line, 2, line.length - 2));
        assertEquals(Carrier.CONTAINER, parser.record().carrier());
        assertEquals(7, parser.record().pid());
        assertEquals(Optional.empty(), parser.record().host());
        assertEquals(ParseOutcome.NOT_OURS, parse(head));
        byte[] whole = head.getBytes(StandardCharsets.UTF_8);
        assertEquals(ParseOutcome.NOT_OURS, parser.parseLine(whole, 0, whole.length));
        assertEquals(ParseOutcome.NOT_OURS, parse(head + "{}"));
    }

    @Test
    void osquery_rowThatWasRemoved_isNoRecord() {
        assertEquals(ParseOutcome.NOT_OURS, parse(OSQUERY.replace("added", "removed")));
    }

    @Test
    void laurel_listOrObject_isTheSame() {
        SeccompRecord record = record(LAUREL);
        assertEquals(1_700_000_000_123L, record.timeMillis());
        assertEquals(456, record.serial());
        assertEquals(-1, record.syscall());
        assertEquals(0xc000003e, record.arch());
        assertEquals(31, record.signal());
        record(LAUREL.replace("P\":{", "P\":[{").replace("}}", "}]}"));
        assertEquals(0x80000000, parser.record().code());
    }

    @Test
    void insideAContainersLog_isARecordOfTheContainer() {
        String log = LAUREL.replace("\"", "\\\"");
        SeccompRecord record = record("{\"log\":\"" + log + "\\n\",\"stream\":\"stdout\"}");
        assertEquals(Carrier.CONTAINER, record.carrier());
        assertEquals(7, record.pid());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"syscall\":-1,", "\"ses\":1,\"ses\":2,"})
    void withoutACallOrTwice_isMalformed(String members) {
        String line = LAUREL.replace("\"syscall\":-1,", "").replace("\"ses\":1,", "");
        assertEquals(
                ParseOutcome.MALFORMED,
                parse(
                        members.contains("ses")
                                ? line.replace("\"pid\"", "\"syscall\":1," + members + "\"pid\"")
                                : line));
        assertEquals(
                members.contains("ses") ? MalformedReason.OUT_OF_ORDER : MalformedReason.TRUNCATED,
                parser.malformedReason());
    }

    /** A line that is cut anywhere is no record, which is said as soon as that can be known. */
    @Test
    void cutAnywhere_isNoRecord() {
        for (String line : new String[] {AUDITBEAT, OSQUERY, LAUREL}) {
            for (int length = 0; length < line.length(); length++) {
                assertTrue(parse(line.substring(0, length)) != ParseOutcome.RECORD);
            }
            assertEquals(ParseOutcome.MALFORMED, parse(line.substring(0, line.length() - 1)));
            assertEquals(MalformedReason.TRUNCATED, parser.malformedReason());
            assertEquals(ParseOutcome.MALFORMED, parse(line + "x"));
        }
    }

    /** An array is read at the beginning of a log only. */
    @Test
    void inAnArrayOnALine_isMalformed() {
        for (String line : new String[] {AUDITBEAT, OSQUERY, LAUREL}) {
            for (String array : new String[] {"[%s]", "[ %s,{}]", "[%s"}) {
                assertEquals(ParseOutcome.MALFORMED, parse(String.format(array, line)));
                assertEquals(MalformedReason.IN_ARRAY, parser.malformedReason());
            }
        }
        assertEquals(ParseOutcome.NOT_OURS, parse("[{\"auid\":1}]"));
        assertEquals(ParseOutcome.NOT_OURS, parse("[" + OSQUERY.replace("added", "removed")));
    }

    /** A field of another type is no value. */
    @Test
    void numberOfAnotherType_isAbsent() {
        assertFalse(record(LAUREL.replace("\"pid\":7", "\"pid\":[7.5]")).has(RecordField.PID));
        assertTrue(parse(LAUREL.replace("\"pid\":7", "\"pid\":{\"a\":1}")) == ParseOutcome.RECORD);
        assertFalse(parser.record().has(RecordField.PID));
    }

    /** Members that nobody knows, lists, null and blanks are stepped over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s ",
                "%s \t",
                "{},%s",
                "{ } , %s",
                "[],%s",
                "{\"x\":[]},%s",
                "null,%s",
                "{\"auid\":null},%s",
                "[[[[[[[1]]]]]]],%s",
                "[[[[[[{}]]]]]],%s",
            })
    void membersBesideTheRecord_doNotDisturb(String form) {
        String record = "{\"auid\":5,\"syscall\":1}";
        for (String around : new String[] {"{\"SECCOMP\":[%s]}", "{\"SECCOMP\": [ %s ] } "}) {
            assertEquals(5, record(around.replace("%s", form.replace("%s", record))).auid());
        }
        for (String name : new String[] {"x", "process", "x".repeat(64), "x".repeat(70)}) {
            for (String value : new String[] {"1", "{}", "[ ]", "null", "\"\"", "{\"a\":{}}"}) {
                String member = "\"" + name + "\":" + value;
                assertEquals(5, record("{" + member + ",\"SECCOMP\":" + record + "}").auid());
                assertEquals(5, record("{\"SECCOMP\":" + record + "," + member + " } ").auid());
            }
        }
        String deep = "{\"a\":".repeat(12) + "1" + "}".repeat(12);
        assertEquals(5, record("{\"x\":" + deep + ",\"SECCOMP\":" + record + "}").auid());
    }

    /** Whatever is no JSON makes the line malformed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"x\":}",
                "\"x\":{\"a\"}",
                "\"x\":[1",
                "\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
                "\"process\":}",
                "\"process\":{\"a\":1,}",
                "\"process\":{\"a\" 1}",
                "\"process\":{\"pid\":,\"exe\":\"a\"}",
                "\"process\":{\"name\":\"\\x\"}",
                "\"process\":{\"a\":\"x}",
                "\"process\":[1",
                "\"process\":[1,]",
                "\"process\":[{\"pid\":}]",
                "\"process\":[{\"pid\":1}",
                "\"process\":[[[[[[[[[1]]]]]]]]]",
                "\"process\":[[[[[[[[{}]]]]]]]]",
                "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\":",
            })
    void memberThatIsNoJson_isMalformed(String member) {
        String record = "\"SECCOMP\":{\"auid\":5,\"syscall\":1}";
        assertEquals(ParseOutcome.MALFORMED, parse("{" + record + "," + member + "}"));
        assertEquals(MalformedReason.TRUNCATED, parser.malformedReason());
    }

    /** The deepest that is read: lists of lists, of which the last has a value or an object. */
    @Test
    void listsInLists_areReadToADepth() {
        String record = "{\"SECCOMP\":{\"auid\":5,\"syscall\":1},\"process\":%s}";
        for (int depth = 1; depth < 12; depth++) {
            String ofNumber = "[".repeat(depth) + "1" + "]".repeat(depth);
            assertEquals(
                    depth <= 8 ? ParseOutcome.RECORD : ParseOutcome.MALFORMED,
                    parse(record.formatted(ofNumber)));
            String ofObject = ofNumber.replace("1", "{\"pid\":7}");
            assertEquals(
                    depth <= 7 ? ParseOutcome.RECORD : ParseOutcome.MALFORMED,
                    parse(record.formatted(ofObject)));
        }
    }

    @Test
    void nullInARecord_isAbsent() {
        String line = "{\"SECCOMP\":{\"auid\":null,\"syscall\":%s}}";
        assertFalse(record(line.formatted("1")).has(RecordField.AUID));
        assertEquals(ParseOutcome.MALFORMED, parse(line.formatted("null")));
    }

    /** The line ends where the array does. */
    @Test
    void cutAtTheEndOfTheArray_isNoRecord() {
        String line = "{\"SECCOMP\":[ {\"auid\":5,\"comm\":\"a\",\"x\":1,\"syscall\":1} ]}";
        for (int length = 1; length < line.length(); length++) {
            byte[] cut = line.substring(0, length).getBytes(StandardCharsets.UTF_8);
            assertTrue(parser.parseLine(cut, 0, length) != ParseOutcome.RECORD);
        }
    }
}
