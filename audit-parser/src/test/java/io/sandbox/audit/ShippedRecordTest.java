// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Objects as log shippers write them. Those of Auditbeat 7 and osquery 5 have the members that
 * their documents and sources name; lines of laurel are also in {@link CapturedLinesTest}.
 */
class ShippedRecordTest {

    private static final String AUDITBEAT =
            """
            {"@timestamp":"2021-11-09T19:07:40.601Z","host":{"name":"web1"},\
            "user":{"id":"1000","audit":{"id":"1000","name":"ann"},"group":{"id":"1000"}},\
            "process":{"pid":2720,"executable":"/opt/chrome/chrome","name":"Thread \\"P"},\
            "auditd":{"session":"2","message_type":"seccomp","sequence":12522,"result":"unknown",\
            "data":{"code":"0x50000","syscall":"stat","compat":"0","ip":"0x7fe0a0df1845",\
            "arch":"x86_64","sig":"0"}},"service":{"type":"auditd"}}\
            """;
    private static final String OSQUERY =
            """
            {"name":"calls","hostIdentifier":"web1","unixTime":1700000005,"columns":{\
            "arch":"X86_64","auid":"4294967295","code":"LOG","comm":"\\"ls\\"","compat":"0",\
            "exe":"/bin/ls","gid":"0","ip":"140458834530745","pid":"77","ses":"1","sig":"0",\
            "syscall":"read","time":"1700000001","uid":"0","uptime":"9"},"action":"added"}\
            """;
    private static final String LAUREL =
            """
            {"ID":"1700000000.123:456","NODE":"web1","SECCOMP":{"auid":0,"uid":0,"gid":0,"ses":1,\
            "pid":7,"comm":"ls","exe":"/bin/ls","sig":31,"arch":"0xc000003e","syscall":-1,\
            "compat":0,"ip":"0x7f","code":"0x80000000","ARCH":"x86_64"}}\
            """;

    private final SeccompRecordParser parser = new SeccompRecordParser();

    private ParseOutcome parse(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        return parser.parseLine(bytes, 0, bytes.length);
    }

    private SeccompRecord record(String line) {
        assertEquals(ParseOutcome.RECORD, parse(line), line);
        return parser.record();
    }

    /** The fields of a record, or why there is none. */
    private String told(String line) {
        ParseOutcome outcome = parse(line);
        if (outcome != ParseOutcome.RECORD) {
            boolean malformed = outcome == ParseOutcome.MALFORMED;
            return malformed ? outcome + " " + parser.malformedReason() : outcome.toString();
        }
        Map<String, String> fields = new TreeMap<>(RecordText.of(parser, outcome).fields());
        parser.record().host().ifPresent(host -> fields.put("host", host));
        return fields.toString();
    }

    @Test
    void wholeObject_isARecord() {
        assertEquals(
                "{ARCH_text=x86_64, AUID=1000, CODE=50000, COMM=546872656164202250, COMPAT=0,"
                        + " EXE=\"/opt/chrome/chrome\", GID=1000, IP=7fe0a0df1845, PID=2720,"
                        + " SES=2, SIG=0, SYSCALL_text=stat, UID=1000, host=web1, serial=12522,"
                        + " time=1636484860601}",
                told(AUDITBEAT));
        assertEquals(
                "{ARCH_text=x86_64, AUID=4294967295, CODE_text=log, COMM=226C7322, COMPAT=0,"
                        + " EXE=\"/bin/ls\", GID=0, IP=7fbf1ef011b9, PID=77, SES=1, SIG=0,"
                        + " SYSCALL_text=read, UID=0, host=web1, time=1700000001000}",
                told(OSQUERY));
        assertEquals(
                "{ARCH=c000003e, AUID=0, CODE=80000000, COMM=\"ls\", COMPAT=0, EXE=\"/bin/ls\","
                        + " GID=0, IP=7f, PID=7, SES=1, SIG=31, SYSCALL=-1, UID=0, host=web1,"
                        + " serial=456, time=1700000000123}",
                told(LAUREL));
    }

    private static String line(String shipper) {
        return Map.of("AUDITBEAT", AUDITBEAT, "OSQUERY", OSQUERY, "LAUREL", LAUREL).get(shipper);
    }

    /** What becomes of a line if a part of it is another. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    OSQUERY   | "read"       | "467(unknown)"           | SYSCALL=467
                    OSQUERY   | "X86_64"     | "3221225534(unknown)"    | ARCH=c000003e
                    OSQUERY   | "LOG"        | "2147221504(unknown)"    | CODE=7ffc0000
                    OSQUERY   | "read"       | "azAZ@[`{"               | SYSCALL_text=azaz@[`{
                    OSQUERY   | "read"       | ""                       | -SYSCALL
                    OSQUERY   | "added"      | "removed"                | NOT_OURS
                    AUDITBEAT | "seccomp"    | "avc"                    | NOT_OURS
                    AUDITBEAT | "seccomp"    | null                     | NOT_OURS
                    AUDITBEAT | 12522        | 0                        | serial=0
                    AUDITBEAT | 12522        | "9x"                     | -serial
                    LAUREL    | "SECCOMP":{  | "SECCOMP":[{"uid":9},{   | MALFORMED OUT_OF_ORDER
                    LAUREL    | "syscall":-1 | "other":1                | MALFORMED TRUNCATED
                    LAUREL    | "syscall":-1 | "syscall":null           | MALFORMED TRUNCATED
                    LAUREL    | "ses":1      | "ses":1,"ses":2          | MALFORMED OUT_OF_ORDER
                    LAUREL    | "pid":7      | "pid":[7.5]              | -PID
                    LAUREL    | "pid":7      | "pid":{"a":1}            | -PID
                    LAUREL    | "pid":7      | "pid":null               | -PID
                    LAUREL    | :456         | :4                       | serial=4
                    LAUREL    | .123:456     | ''                       | -time -serial
                    LAUREL    | .123:456     | .12:4                    | -time -serial
                    LAUREL    | .123:456     | .1234:5                  | -time -serial
                    LAUREL    | .123:456     | .123                     | -time -serial
                    LAUREL    | 1700000000.  | x.                       | -time -serial
                    LAUREL    | .123:456     | .123:                    | -time -serial
                    LAUREL    | .123:456     | .123:x                   | -time -serial
                    LAUREL    | .123:456     | .123:4x                  | -time -serial
                    LAUREL    | .123:456     | ,123:4                   | -time -serial
                    LAUREL    | .123:456     | .123;4                   | -time -serial
                    """)
    void partThatIsAnother_isToldOrAbsent(String shipper, String part, String other, String told) {
        assertTrue(line(shipper).contains(part), part);
        assertTold(line(shipper).replace(part, other), told);
    }

    /**
     * @param expected fields, with a minus those that are absent, or why there is no record
     */
    private void assertTold(String line, String expected) {
        String told = told(line);
        if (!told.startsWith("{")) {
            assertEquals(expected, told, line);
            return;
        }
        for (String field : expected.split(" ")) {
            boolean absent = field.startsWith("-");
            boolean there = told.contains(absent ? field.substring(1) + "=" : field);
            assertEquals(!absent, there, () -> field + " of " + line + " in " + told);
        }
    }

    /** The first value of a line is a value like any other, and values are kept side by side. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"SECCOMP":{"auid":5,"syscall":1}} | AUID=5 SYSCALL=1
                    {"SECCOMP":{"syscall":1}} | SYSCALL=1 -AUID
                    {"NODE":"h","SECCOMP":{"syscall":1}} | host=h
                    {"auditd":{"message_type":"seccomp","data":{"syscall":"1"}}} | SYSCALL=1
                    {"auditd":{"sequence":9,"message_type":"seccomp","data":{"syscall":"1"}}} | serial=9
                    {"auditd.message_type":"seccomp","process.pid":"7","auditd.data":{"syscall":"2"}} | PID=7 SYSCALL=2 -time
                    {"columns":{"arch":"1","code":"1","syscall":"1","time":"8"},"action":"added"} | time=8000
                    {"columns":{"code":"1","arch":"1","syscall":"1","time":"8"},"action":"added"} | time=8000
                    {"columns":{"time":"8","arch":"1","code":"1","syscall":"1"},"action":"added"} | time=8000
                    {"action":"removed","columns":{"arch":"1","code":"1","syscall":"1","time":"8"}} | NOT_OURS
                    {"SECCOMP":{"code":"0x0","syscall":"read"},"NODE":"Web1"} | SYSCALL_text=read host=Web1
                    {"SECCOMP":{"syscall":1,"code":"0"},"NODE":"x1"} | CODE=0
                    {"ID":"1700000000","NODE":".123:4","SECCOMP":{"syscall":1}} | -time
                    {"SECCOMP":{"auid":null,"syscall":1}} | -AUID
                    {"SECCOMP":[{"auid":4,"syscall":1}]} | AUID=4 SYSCALL=1
                    """)
    void smallObject_isARecord(String line, String expected) {
        assertTold(line, expected);
    }

    @Test
    void insideAContainersLog_isARecordOfTheContainer() {
        String log = LAUREL.replace("\"", "\\\"");
        assertTold("{\"log\":\"" + log + "\\n\",\"stream\":\"stdout\"}", "carrier=CONTAINER PID=7");
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

    /** A line that is cut anywhere is no record, which is said as soon as that can be known. */
    @Test
    void cutAnywhere_isNoRecord() {
        String list = "{\"SECCOMP\":[ {\"auid\":5,\"comm\":\"a\",\"x\":1,\"syscall\":1} ]}";
        for (String line : new String[] {AUDITBEAT, OSQUERY, LAUREL, list}) {
            for (int length = 0; length < line.length(); length++) {
                assertTrue(parse(line.substring(0, length)) != ParseOutcome.RECORD);
                byte[] cut = line.substring(0, length).getBytes(StandardCharsets.UTF_8);
                assertTrue(parser.parseLine(cut, 0, length) != ParseOutcome.RECORD);
            }
            assertEquals("MALFORMED TRUNCATED", told(line.substring(0, line.length() - 1)));
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
}
