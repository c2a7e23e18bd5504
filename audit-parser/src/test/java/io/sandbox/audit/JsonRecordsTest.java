// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Records inside JSON: only their source decides whether they count. */
class JsonRecordsTest {

    private static final String FIELDS =
            "auid=0 uid=0 gid=0 ses=1 pid=7 comm=\\\"a\\\" exe=\\\"/a\\\" sig=0 arch=c000003e"
                    + " syscall=39 compat=0 ip=0x7f code=0x7ffc0000";
    private static final String LINE = "audit: type=1326 audit(1700000000.001:7): " + FIELDS;
    private static final String KERNEL =
            "{\"MESSAGE\":\"" + LINE + "\",\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\":\"0\"}";
    private static final String AUDIT =
            "{\"_TRANSPORT\":\"audit\",\"_AUDIT_TYPE\":\"1326\",\"_AUDIT_ID\":\"7\",\"MESSAGE\":\"SECCOMP"
                + " "
                    + FIELDS
                    + "\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1700000000001000\"}";
    private static final String DOCKER =
            "{\"log\":\"" + LINE + "\\n\",\"stream\":\"stderr\",\"time\":\"2024-01-02T03:04:05Z\"}";

    private final SeccompRecordParser parser = new SeccompRecordParser();

    private ParseOutcome parse(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        return parser.parseLine(bytes, 0, bytes.length);
    }

    private void assertMalformed(MalformedReason reason, String line) {
        assertEquals(ParseOutcome.MALFORMED, parse(line), line);
        assertEquals(reason, parser.malformedReason(), line);
        assertEquals(0, parser.malformedOffset());
    }

    @Test
    void parseLine_entryFromAuditSocket_takesStampFromItsFields() {
        assertEquals(ParseOutcome.RECORD, parse(AUDIT));
        assertEquals(1_700_000_000_001L, parser.record().timeMillis());
        assertEquals(7, parser.record().serial());
        assertEquals(Carrier.JOURNAL, parser.record().carrier());
        assertEquals(Optional.of("/a"), parser.record().exe());
    }

    @Test
    void parseLine_firstEventOfAll_hasItsStamp() {
        String first = AUDIT.replace("ID\":\"7\"", "ID\":\"0\"").replace("1700000000001000", "0");
        assertEquals(ParseOutcome.RECORD, parse(first));
        assertEquals(0, parser.record().timeMillis());
        assertEquals(0, parser.record().serial());
        for (String wrong : new String[] {"", "x", "7x", "4294967296", "-1"}) {
            assertEquals(
                    ParseOutcome.RECORD,
                    parse(AUDIT.replace("ID\":\"7\"", "ID\":\"" + wrong + "\"")));
            assertFalse(parser.record().hasTime() || parser.record().hasSerial(), wrong);
        }
    }

    @Test
    void parseLine_whatKindOfEntryItWas_isTold() {
        parse(AUDIT);
        assertTrue(parser.isSocketEntry() && !parser.isPrintedEntry());
        parse(KERNEL);
        assertTrue(parser.isPrintedEntry() && !parser.isSocketEntry());
        parse(DOCKER);
        assertFalse(parser.isPrintedEntry() || parser.isSocketEntry());
    }

    @Test
    void parseLine_entryFromKernelLog_isRecordAndLoss() {
        assertEquals(ParseOutcome.RECORD, parse(KERNEL));
        assertEquals(39, parser.record().syscall());
        assertEquals(
                ParseOutcome.LOSS,
                parse(KERNEL.replace(LINE, "kauditd_printk_skb: 5 callbacks suppressed")));
        assertEquals(5, parser.lossCount().orElseThrow());
    }

    @Test
    void parseLine_entryOfAProcess_isNotOurs() {
        for (String forged :
                new String[] {
                    KERNEL.replace("kernel", "stdout"),
                    KERNEL.replace("kernel", "journal"),
                    KERNEL.replace("kernel", "syslog"),
                    // Written by a process to /dev/kmsg.
                    KERNEL.replace("FACILITY\":\"0", "FACILITY\":\"1"),
                    AUDIT.replace("\"audit\"", "\"stdout\""),
                    AUDIT.replace("1326", "1327")
                }) {
            assertEquals(ParseOutcome.NOT_OURS, parse(forged), forged);
        }
    }

    @Test
    void parseLine_entryOfAuditdsDispatcher_isRecordOnlyFromRoot() {
        String entry =
                KERNEL.replace("kernel", "syslog")
                        .replace("{", "{\"_COMM\":\"audisp-syslog\",\"_UID\":\"0\",");
        assertEquals(ParseOutcome.RECORD, parse(entry));
        assertEquals(ParseOutcome.NOT_OURS, parse(entry.replace("UID\":\"0", "UID\":\"1000")));
    }

    @Test
    void parseLine_entryWithoutWriter_isMalformed() {
        assertMalformed(MalformedReason.NO_WRITER, KERNEL.replace("_TRANSPORT", "_NONE"));
        assertMalformed(MalformedReason.NO_WRITER, KERNEL.replace("SYSLOG_", "NO_"));
        assertMalformed(MalformedReason.NO_WRITER, AUDIT.replace("_AUDIT_TYPE", "_NONE"));
        assertMalformed(MalformedReason.NO_WRITER, "MESSAGE=" + LINE.replace("\\", ""));
        assertMalformed(MalformedReason.NO_WRITER, AUDIT.replace("_TRANSPORT", "_NONE"));
    }

    @Test
    void parseLine_messageAsArrayOfBytes_isDecoded() {
        String message = LINE.replace("\\", "") + "\u001dAUID=\"a\"";
        StringBuilder bytes = new StringBuilder();
        for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
            bytes.append(bytes.isEmpty() ? "" : ",").append(b);
        }
        assertEquals(
                ParseOutcome.RECORD, parse(KERNEL.replace("\"" + LINE + "\"", "[" + bytes + "]")));
        assertEquals(0x7ffc0000, parser.record().code());
    }

    @Test
    void parseLine_fieldTwice_isMalformed() {
        assertEquals(
                ParseOutcome.MALFORMED,
                parse(KERNEL.replace("{", "{\"_TRANSPORT\":\"kernel\",")),
                "the first or the last could be the true one");
    }

    @Test
    void parseLine_dockerLine_isRecordOfContainer() {
        assertEquals(ParseOutcome.RECORD, parse(DOCKER));
        assertEquals(Carrier.CONTAINER, parser.record().carrier());
        assertEquals(1_700_000_000_001L, parser.record().timeMillis());
    }

    /** A program that logs what it read is not the kernel. */
    @Test
    void parseLine_dockerLineThatQuotesARecord_isMalformed() {
        assertMalformed(
                MalformedReason.INSIDE_QUOTES,
                DOCKER.replace(LINE, "msg=\\\"" + LINE.replace("\\\"", "'") + "\\\""));
    }

    @Test
    void parseLine_dockerLineWithJournalEntryInside_isNotBelieved() {
        String inner = AUDIT.replace("\\", "\\\\").replace("\"", "\\\"");
        assertMalformed(MalformedReason.INSIDE_QUOTES, DOCKER.replace(LINE, inner));
        String kernel = KERNEL.replace("\\", "\\\\").replace("\"", "\\\"");
        assertMalformed(MalformedReason.INSIDE_QUOTES, DOCKER.replace(LINE, kernel));
    }

    @Test
    void parseLine_criLine_isRecordOfContainer() {
        String line = "2016-10-06T00:17:09.669794202Z stdout F " + LINE.replace("\\", "");
        assertEquals(ParseOutcome.RECORD, parse(line));
        assertEquals(Carrier.CONTAINER, parser.record().carrier());
        assertEquals(ParseOutcome.RECORD, parse(line.replace("stdout F", "host kernel:")));
        assertEquals(Carrier.PLAIN, parser.record().carrier());
    }

    @Test
    void parseLine_otherJsonWithRecord_isMalformed() {
        assertEquals(ParseOutcome.MALFORMED, parse(KERNEL.replace("MESSAGE", "message")));
        assertEquals(MalformedReason.INSIDE_QUOTES, parser.malformedReason());
    }

    @Test
    void parseLine_cutJson_isNeverRecord() {
        for (String line : new String[] {KERNEL, AUDIT, DOCKER}) {
            for (int cut = 0; cut < line.length(); cut++) {
                ParseOutcome outcome = parse(line.substring(0, cut));
                assertEquals(false, outcome == ParseOutcome.RECORD, line.substring(0, cut));
            }
        }
    }

    @Test
    void parseLine_deepNesting_isNoRecordAndNoStackOverflow() {
        String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
        assertEquals(ParseOutcome.MALFORMED, parse(KERNEL.replace("{", "{\"X\":" + deep + ",")));
    }

    @Test
    void unit_ofTheProcessThatMadeTheCall_isDecoded() {
        parse(AUDIT.replace("{", "{\"_SYSTEMD_UNIT\":\"a\\\\x2db.service\","));
        assertEquals(Optional.of("a\\x2db.service"), parser.record().unit());
        parse(
                AUDIT.replace(
                        "{", "{\"OBJECT_SYSTEMD_UNIT\":\"b.service\",\"_SYSTEMD_UNIT\":\"a\","));
        assertEquals(Optional.of("b.service"), parser.record().unit());
        parse(AUDIT);
        assertEquals(Optional.empty(), parser.record().unit());
    }
}
