// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries of the journal and lines of containers in JSON: only their writer decides. */
final class JsonLineTest {

    private static final String FIELDS =
            "auid=0 uid=0 gid=0 ses=1 pid=7 comm=\\\"a\\\" exe=\\\"/a\\\" sig=0 arch=c000003e"
                    + " syscall=39 compat=0 ip=0x7f code=0x7ffc0000";
    private static final String LINE = "audit: type=1326 audit(1.002:3): " + FIELDS;
    private static final String TEXT = "\"" + LINE + "\"";
    private static final String KERNEL =
            "\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\":\"0\",\"MESSAGE\":" + TEXT;
    private static final String AUDIT =
            "\"_TRANSPORT\":\"audit\",\"_AUDIT_TYPE\":\"1326\",\"_AUDIT_ID\":\"5\","
                    + "\"_SOURCE_REALTIME_TIMESTAMP\":\"1700000000001000\","
                    + "\"MESSAGE\":\"SECCOMP "
                    + FIELDS
                    + "\"";
    private static final String LOG = "\"log\":" + TEXT;
    private static final String DOCKER =
            "{\"log\":\"" + LINE + "\\n\",\"stream\":\"stderr\",\"time\":\"2024-01-02T03:04:05Z\"}";

    private final SeccompRecordParser parser = new SeccompRecordParser();

    private ParseOutcome parse(String line) {
        byte[] bytes = (line + "\n").getBytes(ISO_8859_1);
        return parser.parseLine(bytes, 0, bytes.length);
    }

    private Carrier carrier(String line) {
        assertEquals(ParseOutcome.RECORD, parse(line), line);
        return parser.record().carrier();
    }

    private void assertMalformed(MalformedReason reason, String line) {
        assertEquals(ParseOutcome.MALFORMED, parse(line), line);
        assertEquals(reason, parser.malformedReason(), line);
        assertEquals(0, parser.malformedOffset());
    }

    private static String numbers(String text, String form) {
        return text.chars()
                .mapToObj(b -> String.format(form, b))
                .collect(Collectors.joining(",", "[", "]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{%s}",
                "{%s,\"_COMM\":[\"a\",\"b\"]}",
                "{\"_UID\":[300],%s}",
                "{\"_UID\":[],%s}",
                "{\"_UID\":{\"a\":1},%s}",
                "{%s,\"_UID\":null}",
                "{%s,\"x\":[1,{}],\"stream\":\"s\"}",
                "{ \"x\" : 1 , %s } ",
            })
    void entryOfTheKernel_isARecordOfTheJournal(String form) {
        String line = form.replace("%s", KERNEL);
        assertEquals(Carrier.JOURNAL, carrier(line));
        assertTrue(parser.isPrintedEntry() && !parser.isSocketEntry());
        assertEquals(39, parser.record().syscall());
        assertEquals(
                Carrier.JOURNAL, carrier(line.replace("\":", "\" \t: ").replace(",\"", " ,  \"")));
    }

    @Test
    void entryOfTheKernel_canReportALoss() {
        String loss = KERNEL.replace(LINE, "kauditd_printk_skb: 5 callbacks suppressed");
        assertEquals(ParseOutcome.LOSS, parse("{" + loss + "}"));
        assertEquals(5, parser.lossCount().orElseThrow());
    }

    @Test
    void messageInNumbers_isRead() {
        String text = LINE.replace("\\", "") + "\u001dAUID=\"\u00ff\"";
        for (String form : new String[] {"%d", " %d", "%d ", "%03d"}) {
            String line = "{" + KERNEL.replace(TEXT, numbers(text, form)) + "}";
            assertEquals(Carrier.JOURNAL, carrier(line));
            assertEquals(0x7ffc0000, parser.record().code());
        }
        for (String form : new String[] {"%04d", "1%03d", "-%d", "\"%d\"", "%d,"}) {
            String line = "{" + KERNEL.replace(TEXT, numbers(text, form)) + "}";
            assertEquals(ParseOutcome.NOT_OURS, parse(line), line);
        }
        assertEquals(ParseOutcome.NOT_OURS, parse("{" + KERNEL.replace(TEXT, "[]") + "}"));
    }

    /** The first or the last could be the true one. */
    @Test
    void fieldTwice_isNoRecord() {
        assertEquals(ParseOutcome.MALFORMED, parse("{\"_TRANSPORT\":\"kernel\"," + KERNEL + "}"));
        for (String empty : new String[] {"[]", "\"\""}) {
            assertNotEquals(
                    ParseOutcome.RECORD, parse("{\"MESSAGE\":" + empty + "," + KERNEL + "}"));
        }
        assertNotEquals(
                ParseOutcome.RECORD, parse("{\"log\":\"\"," + LOG + ",\"stream\":\"stdout\"}"));
    }

    /** No part of a line that is no JSON object counts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{%s,\"_UID\":}",
                "{%s,\"_UID\":[97}",
                "{%s,\"_UID\":[97,}",
                "{%s,\"x\":}",
                "{%s,x\":1}",
                "{%s,\"x\"1}",
                "{%s,\"x\" 1}",
                "{%s,}",
                "{%s,\"log\":1x:}",
                "{%s}}",
                "{%s} x",
                "{%s",
                "{%s,\"MESSAGE\"",
                "{%s,\"MESSAGE\":",
                "{%s,\"x\":\"",
            })
    void damagedObject_isNoRecord(String form) {
        assertNotEquals(ParseOutcome.RECORD, parse(form.replace("%s", KERNEL)));
        String container = form.replace("%s", LOG + ",\"stream\":\"stdout\"");
        assertNotEquals(ParseOutcome.RECORD, parse(container));
    }

    @Test
    void objectCutAnywhere_isNoRecord() {
        for (String line : List.of("{" + KERNEL + "}", "{" + AUDIT + "}", DOCKER)) {
            for (int cut = 0; cut < line.length(); cut++) {
                assertNotEquals(ParseOutcome.RECORD, parse(line.substring(0, cut)));
            }
        }
    }

    @Test
    void deepNesting_isNoRecordAndNoStackOverflow() {
        String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
        assertEquals(ParseOutcome.MALFORMED, parse("{\"X\":" + deep + "," + KERNEL + "}"));
    }

    /** The last of them was written by a process to /dev/kmsg. */
    @ParameterizedTest
    @CsvSource({
        "kernel, stdout",
        "kernel, journal",
        "kernel, syslog",
        "FACILITY\":\"0, FACILITY\":\"1",
    })
    void entryOfAProcess_isNotOurs(String field, String other) {
        assertEquals(ParseOutcome.NOT_OURS, parse("{" + KERNEL.replace(field, other) + "}"));
    }

    @Test
    void entryOfAuditdsDispatcher_isARecordOnlyFromRoot() {
        String entry =
                "{\"_COMM\":\"audisp-syslog\",\"_UID\":\"0\","
                        + KERNEL.replace("kernel", "syslog")
                        + "}";
        assertEquals(Carrier.JOURNAL, carrier(entry));
        assertEquals(ParseOutcome.NOT_OURS, parse(entry.replace("UID\":\"0", "UID\":\"1000")));
    }

    @Test
    void entryWithoutItsWriter_isMalformed() {
        for (String[] missing :
                new String[][] {
                    {KERNEL, "_TRANSPORT"}, {KERNEL, "SYSLOG_FACILITY"},
                    {AUDIT, "_TRANSPORT"}, {AUDIT, "_AUDIT_TYPE"}
                }) {
            String entry = "{" + missing[0].replace(missing[1], "_NONE") + "}";
            assertMalformed(MalformedReason.NO_WRITER, entry);
        }
        assertMalformed(MalformedReason.NO_WRITER, "MESSAGE=" + LINE.replace("\\", ""));
    }

    /** An empty field is there, so it is not unknown who wrote the entry. */
    @ParameterizedTest
    @ValueSource(strings = {"\"_TRANSPORT\":\"\"", "\"SYSLOG_FACILITY\":\"\""})
    void emptyField_isOfAnotherWriter(String field) {
        String name = field.substring(0, field.indexOf(':') + 1);
        String line = "{" + KERNEL.replaceFirst(name + "\"\\w*\"", field) + "}";
        assertEquals(ParseOutcome.NOT_OURS, parse(line), line);
    }

    @Test
    void entryOfTheAuditSocket_hasTypeAndStampInFieldsOfItsOwn() {
        assertEquals(Carrier.JOURNAL, carrier("{" + AUDIT + "}"));
        assertTrue(parser.isSocketEntry() && !parser.isPrintedEntry());
        assertEquals(5, parser.record().serial());
        assertEquals(1_700_000_000_001L, parser.record().timeMillis());
        assertEquals(Optional.of("/a"), parser.record().exe());
        for (String type : new String[] {"", "1327"}) {
            assertEquals(ParseOutcome.NOT_OURS, parse("{" + AUDIT.replace("1326", type) + "}"));
        }
        String first = AUDIT.replace("\"5\"", "\"0\"").replace("1700000000001000", "0");
        carrier("{" + first + "}");
        assertEquals(0, parser.record().timeMillis() + parser.record().serial());
        for (String bad : new String[] {"", "5x", "x", "-1", "4294967296"}) {
            carrier("{" + AUDIT.replace("\"5\"", "\"" + bad + "\"") + "}");
            assertFalse(parser.record().hasTime() || parser.record().hasSerial(), bad);
        }
        for (String bad : new String[] {"", "5x", "x"}) {
            carrier("{" + AUDIT.replace("1700000000001000", bad) + "}");
            assertFalse(parser.record().hasTime(), bad);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', none",
        "',\"_SYSTEMD_UNIT\":\"\"', ''",
        "',\"_SYSTEMD_UNIT\":\"a\\\\x2db.service\"', a\\x2db.service",
        "',\"_SYSTEMD_UNIT\":\"u\",\"OBJECT_SYSTEMD_UNIT\":\"\"', ''",
        "',\"OBJECT_SYSTEMD_UNIT\":\"o\",\"_SYSTEMD_UNIT\":\"u\"', o",
    })
    void unit_isThatOfTheProcessThatMadeTheCall(String fields, String unit) {
        carrier("{" + AUDIT + fields + "}");
        assertEquals(unit, parser.record().unit().orElse("none"));
    }

    @Test
    void container_hasAStreamOrATime() {
        for (String members : new String[] {"\"stream\":\"stdout\"", "\"time\":\"t\""}) {
            assertEquals(Carrier.CONTAINER, carrier("{" + LOG + "," + members + "}"));
        }
        assertEquals(Carrier.CONTAINER, carrier("{" + LOG + ",\"stream\":\"\",\"x\":\"\"}"));
        assertEquals(Carrier.CONTAINER, carrier("{\"time\":\"t\",\"stream\":1," + LOG + "}"));
        assertEquals(Carrier.CONTAINER, carrier(DOCKER));
        assertFalse(parser.isPrintedEntry() || parser.isSocketEntry());
        assertEquals(1002, parser.record().timeMillis());
        for (String other :
                new String[] {"", ",\"stream\":1", ",\"time\":1", ",\"x\":\"stream\""}) {
            assertNotEquals(ParseOutcome.RECORD, parse("{" + LOG + other + "}"));
        }
        String both = "{" + LOG + ",\"stream\":\"s\",\"MESSAGE\":\"\"}";
        assertNotEquals(ParseOutcome.RECORD, parse(both));
        assertNotEquals(ParseOutcome.RECORD, parse("{" + LOG + ",\"time\":\"\"," + KERNEL + "}"));
    }

    /** A program that logs what it read is not the kernel. */
    @Test
    void containerThatQuotesARecord_isMalformed() {
        String quoting = "msg=\\\"" + LINE.replace("\\\"", "'") + "\\\"";
        for (String said :
                List.of(
                        quoting,
                        ("{" + KERNEL + "}").replace("\\", "\\\\").replace("\"", "\\\""),
                        ("{" + AUDIT + "}").replace("\\", "\\\\").replace("\"", "\\\""))) {
            assertMalformed(MalformedReason.INSIDE_QUOTES, DOCKER.replace(LINE, said));
        }
        assertEquals(
                ParseOutcome.MALFORMED, parse("{" + KERNEL.replace("MESSAGE", "message") + "}"));
        assertEquals(MalformedReason.INSIDE_QUOTES, parser.malformedReason());
    }

    /** What a container printed is its log alone. */
    @Test
    void emptyLineOfAContainer_isNoRecord() {
        String shipped = "\"SECCOMP\":{\"syscall\":1}";
        assertEquals(Carrier.PLAIN, carrier("{" + shipped + ",\"stream\":\"stdout\"}"));
        assertEquals(
                ParseOutcome.NOT_OURS,
                parse("{\"log\":\"\"," + shipped + ",\"stream\":\"stdout\"}"));
    }

    @Test
    void lineOfCri_isARecordOfAContainer() {
        String line = "2016-10-06T00:17:09.669794202Z stdout F " + LINE.replace("\\", "");
        assertEquals(Carrier.CONTAINER, carrier(line));
        assertEquals(Carrier.PLAIN, carrier(line.replace("stdout F", "host kernel:")));
    }
}
