// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries of the journal and lines of containers in JSON, whole and damaged. */
final class JsonLineTest {

    private static final String RECORD =
            "audit: type=1326 audit(1.002:3): auid=0 uid=0 gid=0 ses=1 pid=7 comm='a' exe='/a'"
                    + " sig=0 arch=c000003e syscall=39 compat=0 ip=0x7f code=0x7ffc0000";
    private static final String TEXT = "\"" + RECORD.replace("'", "\\\"") + "\"";
    private static final String KERNEL =
            "\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\":\"0\",\"MESSAGE\":" + TEXT;
    private static final String LOG = "\"log\":" + TEXT;

    private final SeccompRecordParser parser = new SeccompRecordParser();

    private ParseOutcome parse(String line) {
        byte[] bytes = (line + "\n").getBytes(ISO_8859_1);
        return parser.parseLine(bytes, 0, bytes.length);
    }

    private Carrier carrier(String line) {
        assertEquals(ParseOutcome.RECORD, parse(line), line);
        return parser.record().carrier();
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
                " {%s}",
                "{%s,\"_COMM\":[\"a\",\"b\"]}",
                "{\"_UID\":[300],%s}",
                "{\"_UID\":[],%s}",
                "{\"_UID\":{\"a\":1},%s}",
                "{%s,\"_UID\":null}",
                "{%s,\"x\":[1,{}],\"stream\":\"s\"}",
                "{ \"x\" : 1 , %s } ",
            })
    void entry_isARecordOfTheJournal(String form) {
        String line = form.stripLeading().replace("%s", KERNEL);
        assertEquals(Carrier.JOURNAL, carrier(line));
        assertEquals(39, parser.record().syscall());
        assertEquals(
                Carrier.JOURNAL, carrier(line.replace("\":", "\" \t: ").replace(",\"", " ,  \"")));
    }

    @Test
    void messageInNumbers_isRead() {
        String text = RECORD.replace('\'', '"') + "\u001dAUID=\"\u00ff\"";
        for (String form : new String[] {"%d", " %d", "%d ", "%03d"}) {
            String line = "{" + KERNEL.replace(TEXT, numbers(text, form)) + "}";
            assertEquals(Carrier.JOURNAL, carrier(line));
        }
        for (String form : new String[] {"%04d", "1%03d", "-%d", "\"%d\"", "%d,"}) {
            String line = "{" + KERNEL.replace(TEXT, numbers(text, form)) + "}";
            assertEquals(ParseOutcome.NOT_OURS, parse(line), line);
        }
        assertEquals(ParseOutcome.NOT_OURS, parse("{" + KERNEL.replace(TEXT, "[]") + "}"));
    }

    @Test
    void emptyMessageBeforeAnother_isTwice() {
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
    void container_hasAStreamOrATime() {
        assertEquals(Carrier.CONTAINER, carrier("{" + LOG + ",\"stream\":\"stdout\"}"));
        assertEquals(Carrier.CONTAINER, carrier("{" + LOG + ",\"time\":\"t\"}"));
        assertEquals(Carrier.CONTAINER, carrier("{" + LOG + ",\"stream\":\"\",\"x\":\"\"}"));
        assertEquals(Carrier.CONTAINER, carrier("{\"time\":\"t\",\"stream\":1," + LOG + "}"));
        for (String other :
                new String[] {"", ",\"stream\":1", ",\"time\":1", ",\"x\":\"stream\""}) {
            assertNotEquals(ParseOutcome.RECORD, parse("{" + LOG + other + "}"));
        }
        String both = "{" + LOG + ",\"stream\":\"s\",\"MESSAGE\":\"\"}";
        assertNotEquals(ParseOutcome.RECORD, parse(both));
        assertNotEquals(ParseOutcome.RECORD, parse("{" + LOG + ",\"time\":\"\"," + KERNEL + "}"));
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
    void unit_isThatOfTheObject() {
        carrier("{" + KERNEL + "}");
        assertEquals(Optional.empty(), parser.record().unit());
        carrier("{" + KERNEL + ",\"_SYSTEMD_UNIT\":\"\"}");
        assertEquals(Optional.of(""), parser.record().unit());
        carrier("{" + KERNEL + ",\"_SYSTEMD_UNIT\":\"u\"}");
        assertEquals(Optional.of("u"), parser.record().unit());
        carrier("{" + KERNEL + ",\"_SYSTEMD_UNIT\":\"u\",\"OBJECT_SYSTEMD_UNIT\":\"\"}");
        assertEquals(Optional.of(""), parser.record().unit());
        carrier("{" + KERNEL + ",\"_SYSTEMD_UNIT\":\"u\",\"OBJECT_SYSTEMD_UNIT\":\"o\"}");
        assertEquals(Optional.of("o"), parser.record().unit());
    }

    /** An empty field is there, so it is not unknown who wrote the entry. */
    @ParameterizedTest
    @ValueSource(strings = {"\"_TRANSPORT\":\"\"", "\"SYSLOG_FACILITY\":\"\""})
    void emptyField_isOfAnotherWriter(String field) {
        String name = field.substring(0, field.indexOf(':') + 1);
        String line = "{" + KERNEL.replaceFirst(name + "\"\\w*\"", field) + "}";
        assertEquals(ParseOutcome.NOT_OURS, parse(line), line);
        String absent = "{" + KERNEL.replaceFirst(name + "\"\\w*\",", "") + "}";
        assertEquals(ParseOutcome.MALFORMED, parse(absent), absent);
    }

    @Test
    void auditTransport_needsTheType() {
        String message = RECORD.substring(RECORD.indexOf("auid=")).replace("'", "\\\"");
        String entry = "{\"_TRANSPORT\":\"audit\",\"MESSAGE\":\"SECCOMP " + message + "\"%s}";
        assertEquals(Carrier.JOURNAL, carrier(entry.formatted(",\"_AUDIT_TYPE\":\"1326\"")));
        assertEquals(ParseOutcome.NOT_OURS, parse(entry.formatted(",\"_AUDIT_TYPE\":\"\"")));
        assertEquals(ParseOutcome.MALFORMED, parse(entry.formatted("")));
        String stamp =
                ",\"_AUDIT_TYPE\":\"1326\",\"_AUDIT_ID\":\"%s\",\"_SOURCE_REALTIME_TIMESTAMP\":\"%s\"";
        carrier(entry.formatted(stamp.formatted("5", "1700000000001000")));
        assertEquals(5, parser.record().serial());
        assertEquals(1_700_000_000_001L, parser.record().timeMillis());
        carrier(entry.formatted(stamp.formatted("0", "0")));
        assertEquals(0, parser.record().serial());
        for (String bad : new String[] {"", "5x", "x"}) {
            carrier(entry.formatted(stamp.formatted(bad, "1")));
            assertEquals(false, parser.record().hasSerial(), bad);
            carrier(entry.formatted(stamp.formatted("1", bad)));
            assertEquals(false, parser.record().hasTime(), bad);
        }
    }
}
