// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeccompRecordParserTest {

    private static final String HEAD = "audit(1586171042.680:138): ";
    private static final String TASK =
            "auid=1000 uid=1001 gid=1002 ses=2 pid=3284 comm=\"hello\" exe=\"/bin/hello\" ";
    private static final String CALL =
            "sig=0 arch=c000003e syscall=231 compat=0 ip=0x7f21a2d1f9d6 code=0x7ffc0000";
    private static final String RECORD = HEAD + TASK + CALL;
    private static final String LINE = "audit: type=1326 " + RECORD;

    private final SeccompRecordParser parser = new SeccompRecordParser();

    private ParseOutcome parse(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        return parser.parseLine(bytes, 0, bytes.length);
    }

    private ParseOutcome payload(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return parser.parsePayload(SeccompRecordParser.AUDIT_SECCOMP, bytes, 0, bytes.length);
    }

    private SeccompRecord record(String line) {
        assertEquals(ParseOutcome.RECORD, parse(line));
        return parser.record();
    }

    private void assertMalformed(ParseOutcome outcome, MalformedReason reason, int offset) {
        assertEquals(ParseOutcome.MALFORMED, outcome);
        assertEquals(reason, parser.malformedReason());
        assertEquals(offset, parser.malformedOffset());
    }

    // ---- plain records

    @Test
    void parsePayload_wholeRecord_hasAllFields() {
        assertEquals(ParseOutcome.RECORD, payload(RECORD));
        SeccompRecord record = parser.record();
        assertEquals(1586171042680L, record.timeMillis());
        assertEquals(138, record.serial());
        assertEquals(1000, record.auid());
        assertEquals(1001, record.uid());
        assertEquals(1002, record.gid());
        assertEquals(2, record.ses());
        assertEquals(3284, record.pid());
        assertEquals("hello", record.comm().orElseThrow());
        assertEquals("/bin/hello", record.exe().orElseThrow());
        assertEquals(0, record.signal());
        assertEquals(0xc000003e, record.arch());
        assertEquals(231, record.syscall());
        assertFalse(record.compat());
        assertEquals(0x7f21a2d1f9d6L, record.ip());
        assertEquals(0x7ffc0000, record.code());
        assertFalse(record.has(RecordField.SUBJ));
    }

    @Test
    void parsePayload_withinLargerBuffer_readsOnlyItsRange() {
        byte[] text =
                ("type=1326 " + RECORD + "0 pid=1 comm=\"x\"").getBytes(StandardCharsets.US_ASCII);
        assertEquals(ParseOutcome.RECORD, parser.parsePayload(1326, text, 10, RECORD.length()));
        assertEquals(0x7ffc0000, parser.record().code());
        assertEquals(
                ParseOutcome.MALFORMED, parser.parsePayload(1326, text, 10, RECORD.length() - 20));
    }

    @ParameterizedTest
    @ValueSource(ints = {1300, 1327, 1400, 1325, 0, -1})
    void parsePayload_otherType_isNotOurs(int type) {
        byte[] text = RECORD.getBytes(StandardCharsets.US_ASCII);
        assertEquals(ParseOutcome.NOT_OURS, parser.parsePayload(type, text, 0, text.length));
    }

    /** Before Linux 3.8, seccomp used the type of programs that end abnormally. */
    @Test
    void parsePayload_oldType_isARecordOnlyOfSeccomp() {
        String old =
                HEAD
                        + "auid=1 uid=1 gid=1 ses=1 pid=5 comm=\"a\" reason=\"%s\" sig=31"
                        + " syscall=39 compat=0 ip=0x7f code=0x0";
        byte[] text = old.formatted("seccomp").getBytes(StandardCharsets.US_ASCII);
        assertEquals(ParseOutcome.RECORD, parser.parsePayload(1701, text, 0, text.length));
        assertTrue(parser.record().isLegacyType());
        assertEquals(39, parser.record().syscall());
        byte[] other = old.formatted("memory violation").getBytes(StandardCharsets.US_ASCII);
        assertEquals(ParseOutcome.NOT_OURS, parser.parsePayload(1701, other, 0, other.length));
    }

    @Test
    void parsePayload_noStamp_isMalformed() {
        assertMalformed(payload("audit"), MalformedReason.TRUNCATED, 5);
        assertMalformed(payload("xudit(" + RECORD), MalformedReason.BAD_STAMP, 0);
    }

    @Test
    void details_ofAnotherOutcome_areRefused() {
        payload(RECORD);
        assertThrows(IllegalStateException.class, parser::lossKind);
        assertThrows(IllegalStateException.class, parser::lossCount);
        assertThrows(IllegalStateException.class, parser::malformedOffset);
        assertThrows(IllegalStateException.class, parser::malformedReason);
        parse("");
        assertThrows(IllegalStateException.class, parser::record);
    }

    @Test
    void parsePayload_zeroBytesAtEnd_areIgnored() {
        assertEquals(ParseOutcome.RECORD, payload(RECORD + "\n\0\0\0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit(", "audit(1586171042.680:138", "audit(1586171042.680:138): "})
    void parsePayload_onlyAStamp_isTruncated(String text) {
        assertMalformed(payload(text), MalformedReason.TRUNCATED, text.length());
    }

    @Test
    void parsePayload_withoutCode_isTruncated() {
        String text = RECORD.substring(0, RECORD.indexOf(" code="));
        assertMalformed(payload(text), MalformedReason.TRUNCATED, text.length());
    }

    @ParameterizedTest
    @CsvSource({
        "-1,-1",
        "-2147483648,-2147483648",
        "2147483647,2147483647",
        "1073741863,1073741863",
        "0,0"
    })
    void parseLine_anyIntAsSyscall_isThatNumber(String text, int number) {
        assertEquals(number, record(LINE.replace("=231", "=" + text)).syscall());
    }

    @Test
    void parseLine_unsetIds_are4294967295() {
        SeccompRecord record =
                record(
                        LINE.replace("auid=1000", "auid=4294967295")
                                .replace("ses=2", "ses=4294967295"));
        assertEquals(4294967295L, record.auid());
        assertEquals(4294967295L, record.ses());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\r"})
    void parseLine_anyLineEnd_isNoPartOfTheRecord(String ending) {
        assertEquals(0x7ffc0000, record(LINE + ending).code());
    }

    @Test
    void parseLine_oldKernelWithoutArch_inventsNone() {
        SeccompRecord record = record(LINE.replace("arch=c000003e ", ""));
        assertFalse(record.hasArch());
        assertThrows(IllegalStateException.class, record::arch);
    }

    @Test
    void parseLine_nullExe_isAbsent() {
        SeccompRecord record = record(LINE.replace("\"/bin/hello\"", "(null)"));
        assertEquals(Optional.empty(), record.exe());
    }

    // ---- text that wants to be a field

    @Test
    void parseLine_quotedCommWithFieldText_isNotAField() {
        SeccompRecord record = record(LINE.replace("hello\"", "syscall=59\""));
        assertEquals(231, record.syscall());
        assertEquals("syscall=59", record.comm().orElseThrow());
    }

    @Test
    void parseLine_commWithQuoteAndFields_isHexAndDecoded() {
        SeccompRecord record =
                record(LINE.replace("\"hello\"", "78222073797363616C6C3D3020617263683D"));
        assertEquals(231, record.syscall());
        assertEquals("x\" syscall=0 arch=", record.comm().orElseThrow());
    }

    @Test
    void parseLine_quotedHexDigits_areLiteral() {
        SeccompRecord record = record(LINE.replace("\"hello\"", "\"68656C6C6F\""));
        assertEquals("68656C6C6F", record.comm().orElseThrow());
    }

    @Test
    void parseLine_commWithUnescapedQuote_isMalformed() {
        String line = LINE.replace("\"hello\"", "\"x\" syscall=0 arch=\"");
        assertMalformed(parse(line), MalformedReason.OUT_OF_ORDER, line.indexOf("arch=\""));
    }

    @Test
    void parseLine_textAfterClosingQuote_isMalformed() {
        String line = LINE.replace("\"hello\"", "\"hello\"x");
        assertMalformed(parse(line), MalformedReason.BAD_DELIMITER, line.indexOf("\"x") + 1);
    }

    @Test
    void parseLine_pathWithTypeText_isThatPath() {
        SeccompRecord record = record(LINE.replace("/bin/hello", "/tmp/type=1326"));
        assertEquals("/tmp/type=1326", record.exe().orElseThrow());
        assertEquals(
                ParseOutcome.NOT_OURS,
                parse(
                        "type=SYSCALL msg=audit(1.002:3): arch=c000003e syscall=59"
                                + " exe=\"/tmp/type=1326\""));
        assertEquals(ParseOutcome.NOT_OURS, parse("/tmp/type=1326 syscall=3 audit(1.002:3): "));
    }

    @Test
    void parseLine_labelWithWholeForgedRecord_readsTheKernelsFields() {
        SeccompRecord record = record(HostileLines.FORGED_LABEL);
        assertEquals(7, record.pid());
        assertEquals(39, record.syscall());
        assertEquals("/good", record.exe().orElseThrow());
        assertTrue(
                record.text(RecordField.SUBJ).orElseThrow().endsWith("code=0x7ffc0000 (complain)"));
    }

    @Test
    void parsePayload_labelWithWholeForgedRecord_readsTheKernelsFields() {
        String text = HostileLines.FORGED_LABEL;
        assertEquals(ParseOutcome.RECORD, payload(text.substring(text.indexOf("audit("))));
        assertEquals(39, parser.record().syscall());
    }

    @Test
    void parseLine_twoRecordsOnOneLine_isAmbiguous() {
        assertMalformed(
                parse(HostileLines.TWO_RECORDS),
                MalformedReason.AMBIGUOUS,
                HostileLines.TWO_RECORDS.lastIndexOf("audit("));
    }

    @Test
    void parseLine_enrichedTail_isNotTrusted() {
        for (String separator : List.of("\u001d", "", " ", "^]", "#035", "\\u001d")) {
            SeccompRecord record =
                    record(
                            "type=SECCOMP msg="
                                    + RECORD
                                    + separator
                                    + "AUID=\"unset\" UID=\"root\" ARCH=i386"
                                    + " SYSCALL=unknown-syscall(-1) pid=1 syscall=5 code=0x0");
            assertEquals(231, record.syscall());
            assertEquals(3284, record.pid());
            assertEquals(0x7ffc0000, record.code());
        }
    }

    @Test
    void parseLine_repeatedField_isMalformed() {
        String line = LINE.replace("compat=0", "syscall=59 compat=0");
        assertMalformed(parse(line), MalformedReason.OUT_OF_ORDER, line.indexOf("syscall=59"));
    }

    @Test
    void parseLine_recordInAnotherRecordsText_isNotOurs() {
        assertEquals(
                ParseOutcome.NOT_OURS,
                parse("type=USER_CMD msg=audit(1.002:3): pid=1 msg='" + LINE + "'"));
    }

    @Test
    void parseLine_recordUnderAnotherProgramsSyslogTag_isNotOurs() {
        assertEquals(ParseOutcome.NOT_OURS, parse("Nov 24 15:00:00 host evil[12]: " + LINE));
        assertEquals(ParseOutcome.NOT_OURS, parse("Nov 24 15:00:00 host evil[12]: [ 1.5] " + LINE));
        for (String head :
                new String[] {
                    "Nov 24 15:00:00 host sshd[812]: Invalid user x ",
                    "Nov 24 15:00:00 host evil[12]: a#012 ",
                    "Nov 24 15:00:00 host evil[12]: kernel[1]: ",
                    "Nov 24 15:00:00 host evil[12]: kernel: [ 1.5] audit: ",
                    "evil[1]: ",
                    "<38>1 2025-11-24T15:00:00Z host sshd 812 - - Invalid user x ",
                    "<38>1 2025-11-24T15:00:00Z host kernelx 812 - - ",
                }) {
            assertEquals(ParseOutcome.NOT_OURS, parse(head + LINE), head);
        }
        for (String head :
                new String[] {
                    "Nov 24 15:00:00 host kernel: [ 1.5][   T12]: ",
                    "Nov 24 15:00:00 host audispd[12]: a[x]: b[]: c ",
                    "Nov 24 15:00:00 [12]: a[12] c ",
                    "<5>1 2025-11-24T15:00:00Z host kernel 0 - - ",
                    "<5>1 2025-11-24T15:00:00Z host file-tag - - - ",
                    "<5>1 2025-11-24T15:00:00Z host kernel ",
                    "<5> a b c 12 ",
                }) {
            assertEquals(ParseOutcome.RECORD, parse(head + LINE), head);
        }
        assertEquals(
                ParseOutcome.NOT_OURS,
                parse("Nov 24 15:00:00 host evil[12]: kauditd_printk_skb: 3 callbacks suppressed"));
        assertEquals(
                ParseOutcome.NOT_OURS,
                parse("Nov 24 15:00:00 host evil[12]: " + "[ 1.5] ".repeat(9) + LINE));
        assertEquals(ParseOutcome.NOT_OURS, parse("Nov 24 15:00:00 host kern[0]: " + LINE));
        assertEquals(ParseOutcome.NOT_OURS, parse("Nov 24 15:00:00 host kernels[0]: " + LINE));
        assertEquals(ParseOutcome.RECORD, parse("Nov 24 15:00:00 host kernel[0]: " + LINE));
        assertEquals(ParseOutcome.RECORD, parse("Nov 24 15:00:00 host kernel: [ 1.5] " + LINE));
        assertEquals(
                ParseOutcome.RECORD,
                parse("Nov 24 15:00:00 host audisp-syslog[9]: type=SECCOMP msg=" + RECORD));
    }

    @Test
    void parseLine_journalFormUnderOwnIdentifier_needsThatPid() {
        assertEquals(
                ParseOutcome.RECORD,
                parse("Nov 24 15:00:00 host hello[3284]: SECCOMP " + TASK + CALL));
        assertEquals(
                ParseOutcome.NOT_OURS,
                parse("Nov 24 15:00:00 host hello[3285]: SECCOMP " + TASK + CALL));
        assertEquals(
                ParseOutcome.RECORD,
                parse("Nov 24 15:00:00 host audit[1]: SECCOMP " + TASK + CALL));
        assertFalse(parser.record().hasTime());
        assertFalse(parser.record().hasSerial());
    }

    /** gnome-logs shows the name of the process, and people paste the message alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10:39:55 hello: ",
                "Nov 24 15:00:00 host hello: ",
                "hello: ",
                "Nov 24 15:00:00 host audit: ",
                "",
                "> `"
            })
    void parseLine_messageOfTheAuditTransport_hasNeitherTimeNorSerial(String before) {
        SeccompRecord record = record(before + "SECCOMP " + TASK + CALL + "`");
        assertEquals(231, record.syscall());
        assertEquals(0x7ffc0000, record.code());
        assertFalse(record.hasTime() || record.hasSerial());
    }

    /** What others may have written is counted, but is no record. */
    @ParameterizedTest
    @CsvSource({
        "'10:39:55 evil: ', MALFORMED",
        "'10:39:55 evil: hello: ', MALFORMED",
        "'10:39:55 evilhello: ', MALFORMED",
        "'10:39:55 hello ', MALFORMED",
        "'Nov 24 15:00:00 host evil: audit: ', MALFORMED",
        "'10:39:55 evil[7]: hello: ', NOT_OURS",
        "'10:39:55 evil[7]: ', NOT_OURS",
        "'10:39:55 evil[7]: said ', NOT_OURS",
        "'MESSAGE=', MALFORMED",
        "'\"message\":\"audit[7]: ', MALFORMED",
    })
    void parseLine_messageUnderAnotherName_isNoRecord(String before, ParseOutcome outcome) {
        assertEquals(outcome, parse(before + "SECCOMP " + TASK + CALL));
    }

    @Test
    void parseLine_nameWithABlank_isNoHost() {
        String line = "Nov 24 15:00:00 my app: SECCOMP " + TASK + CALL;
        assertEquals(Optional.empty(), record(line.replace("\"hello\"", "6D7920617070")).host());
        assertEquals(
                Optional.of("host"),
                record(line.replace("my app", "host my app").replace("\"hello\"", "6D7920617070"))
                        .host());
    }

    @Test
    void parseLine_stampOfAndroid_hasASerialButNoTime() {
        SeccompRecord record =
                record("07-11 17:34:05.3  9  9 W hello: " + LINE.replace("1586171042.680", "0.0"));
        assertEquals(138, record.serial());
        assertFalse(record.hasTime());
        assertEquals(ParseOutcome.MALFORMED, payload(RECORD.replace("1586171042.680", "0.0")));
    }

    @ParameterizedTest
    @CsvSource({"018387, 18387", "08, 8", "0, 0", "00, 0", "0000000001, 1"})
    void parseLine_interpretedSerialWithZeros_isThatNumber(String text, long serial) {
        String line =
                "type=SECCOMP msg=audit(07/06/2020 20:17:03.365:%s) : subj==unconfined pid=9"
                        + " comm=a exe=/a sig=SIGSYS arch=x86_64 syscall=stat code=kill\n";
        assertEquals(serial, record(String.format(line, text)).serial());
        assertEquals(Optional.of("=unconfined"), parser.record().text(RecordField.SUBJ));
        assertEquals(ParseOutcome.MALFORMED, parse(String.format(line, "0" + "0".repeat(10))));
    }

    /** Its last word counts only behind a line feed. */
    @Test
    void parseLine_interpretedLineCutAnywhere_hasNoPartOfAWord() {
        String line =
                "type=SECCOMP msg=audit(07/06/2020 20:17:03.365:7) : auid=unset uid=root gid=root"
                        + " ses=unset subj=a b pid=9 comm=my app exe=/a b sig=SIGSYS arch=x86_64"
                        + " syscall=stat compat=0 ip=0x7f code=kill";
        assertEquals("kill", word(record(line + "\n"), RecordField.CODE));
        int number = line.indexOf(" compat=");
        for (int cut = line.indexOf(" auid=") + 1; cut < line.length(); cut++) {
            String what = line.substring(0, cut);
            ParseOutcome outcome = parse(what);
            if (cut <= number) {
                assertMalformed(outcome, parser.malformedReason(), parser.malformedOffset());
                assertTrue(parser.malformedOffset() <= cut, what);
            } else {
                assertEquals("stat", word(record(what), RecordField.SYSCALL));
                assertFalse(parser.record().hasWord(RecordField.CODE), what);
            }
        }
    }

    private static String word(SeccompRecord record, RecordField field) {
        return new String(record.copyRaw(field), StandardCharsets.US_ASCII);
    }

    @Test
    void parseLine_recordInJsonString_isMalformedAndNotSilent() {
        String line = "{\"log\":\"" + LINE.replace("\"", "\\\"") + "\\n\"}";
        assertMalformed(parse(line), MalformedReason.INSIDE_QUOTES, line.indexOf("type="));
    }

    // ---- cut lines

    /** In the usual form, and in others, which are read in another way. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "auid=1000",
                "auid=1000 ",
                "auid=1000 dots=\"ab\"",
                "auid=1000 ses=2 subj=unconfined",
                "auid=1000  subj=/usr/bin/a b (complain)",
                "auid=1000 comm=(null)  reason=\"seccomp\""
            })
    void parse_cutAnywhere_isTruncated(String start) {
        String middle = start.contains("comm=") ? " " : " pid=3284 comm=616263 exe=\"/a\" ";
        String text = HEAD + start + middle + CALL;
        assertEquals(ParseOutcome.RECORD, payload(text));
        String line = "type=1326 " + text;
        assertEquals(ParseOutcome.RECORD, parse(line + "\n"));
        int number = text.indexOf(" compat=");
        for (int cut = HEAD.length(); cut < text.length() - 1; cut++) {
            String what = text.substring(0, cut);
            ParseOutcome whole = payload(what);
            if (whole == ParseOutcome.MALFORMED) {
                assertEquals(MalformedReason.TRUNCATED, parser.malformedReason(), what);
                int word = what.lastIndexOf(' ');
                int offset = parser.malformedOffset();
                assertTrue(offset > word && offset <= cut, what + " at " + offset);
            } else {
                assertTrue(what.contains(" code=0x"), what);
            }
            if (cut <= number) {
                assertEquals(ParseOutcome.MALFORMED, parse("type=1326 " + what));
                assertEquals(MalformedReason.TRUNCATED, parser.malformedReason(), what);
            }
        }
    }

    @Test
    void parseLine_cutWithinTheNumber_isTruncated() {
        for (String end :
                List.of("syscall=", "syscall=2", "syscall=23", "syscall=231", "sysc", "")) {
            String line = LINE.substring(0, LINE.indexOf("syscall=")) + end;
            assertMalformed(parse(line), MalformedReason.TRUNCATED, line.length());
        }
    }

    @Test
    void parseLine_cutAfterTheNumber_isARecordWithoutTheRest() {
        SeccompRecord record = record(LINE.substring(0, LINE.indexOf("compat=0") + 8));
        assertEquals(231, record.syscall());
        assertFalse(record.has(RecordField.COMPAT));
        assertFalse(record.hasCode());
        assertThrows(IllegalStateException.class, record::code);
    }

    @Test
    void parseLine_codeCutAtAnyDigit_isAbsent() {
        int start = LINE.indexOf("0x7ffc0000");
        for (int cut = start; cut < LINE.length(); cut++) {
            assertFalse(
                    record(LINE.substring(0, cut) + "\n").hasCode(), LINE.substring(start, cut));
        }
        assertTrue(record(LINE).hasCode());
    }

    @Test
    void parseLine_headCut_isTruncated() {
        for (String line :
                List.of(
                        "type=SECCOMP",
                        "type=SECCOMP msg=aud",
                        "node=a type=1326 msg=",
                        "[ 1.0] audit: type=1326 aud")) {
            assertMalformed(parse(line), MalformedReason.TRUNCATED, line.length());
        }
    }

    // ---- bad values

    @ParameterizedTest
    @CsvSource({
        "auid=1000, auid=4294967296, OVERFLOW",
        "auid=1000, auid=, BAD_NUMBER",
        "auid=1000, auid=-1, BAD_NUMBER",
        "uid=1001, uid=root, BAD_NUMBER",
        "pid=3284, pid=2147483648, OVERFLOW",
        "pid=3284, pid=03284, BAD_NUMBER",
        "syscall=231, syscall=2147483648, OVERFLOW",
        "syscall=231, syscall=-2147483649, OVERFLOW",
        "syscall=231, syscall=99999999999999999999999999, OVERFLOW",
        "syscall=231, syscall=--1, BAD_NUMBER",
        "syscall=231, syscall=231x, BAD_DELIMITER",
        "syscall=231, syscall=0xe7, BAD_DELIMITER",
        "arch=c000003e, arch=C000003E, BAD_NUMBER",
        "arch=c000003e, arch=1c000003e, OVERFLOW",
        "arch=c000003e, arch=x86_64, BAD_NUMBER",
        "compat=0, compat=2, OVERFLOW",
        "ip=0x7f21a2d1f9d6, ip=7f21, BAD_NUMBER",
        "ip=0x7f21a2d1f9d6, ip=0x11112222333344445, OVERFLOW",
        "code=0x7ffc0000, code=0x17ffc0000, OVERFLOW",
        "code=0x7ffc0000, code=log, BAD_NUMBER",
        "code=0x7ffc0000, code=0x7ffc0000z, BAD_DELIMITER",
    })
    void parseLine_badValue_isMalformed(String good, String bad, MalformedReason reason) {
        assertEquals(ParseOutcome.MALFORMED, parse(LINE.replace(" " + good, " " + bad)));
        assertEquals(reason, parser.malformedReason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "6162c", "616", "6g", "\"a b\"", "\"a\u00e9\"", "\"a\u0000\""})
    void parseLine_badText_isMalformed(String comm) {
        assertEquals(ParseOutcome.MALFORMED, parse(LINE.replace("\"hello\"", comm)));
        assertEquals(MalformedReason.BAD_STRING, parser.malformedReason());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1586171042680:138",
                "1586171042.68:138",
                "1586171042.680:4294967296",
                "1586171042.680:",
                "1.680:1.2",
                "99999999999999999999.001:2"
            })
    void parseLine_badStamp_isMalformed(String stamp) {
        String line = LINE.replace("1586171042.680:138", stamp);
        assertEquals(ParseOutcome.MALFORMED, parse(line));
        assertEquals(MalformedReason.BAD_STAMP, parser.malformedReason());
    }

    @Test
    void malformedOffset_lineWithinBuffer_countsFromTheLine() {
        byte[] text = ("x\n" + LINE.replace("=231", "=2x")).getBytes(StandardCharsets.US_ASCII);
        assertMalformed(
                parser.parseLine(text, 2, text.length - 2),
                MalformedReason.BAD_DELIMITER,
                LINE.indexOf("=231") + 2);
    }

    // ---- losses

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[ 1.5] kauditd_printk_skb: 2336845 callbacks suppressed | PRINTK_SUPPRESSED |"
                        + " 2336845",
                "audit_printk_skb: 206 callbacks suppressed | PRINTK_SUPPRESSED | 206",
                "4,354,1109009543,-;kauditd_printk_skb: 8 callbacks suppressed | PRINTK_SUPPRESSED"
                        + " | 8",
                "audit_log_start: 12 callbacks suppressed | WARNINGS_SUPPRESSED | 12",
                "audit: audit_lost=44395 audit_rate_limit=0 audit_backlog_limit=320 | LOST_TOTAL |"
                        + " 44395",
                "audit: audit_lost=44 | UNCOUNTED | -1",
                "[ 1.5] audit: audit_backlog=65 > audit_backlog_limit=64 | UNCOUNTED | -1",
                "audit: backlog limit exceeded | UNCOUNTED | -1",
                "audit: rate limit exceeded | UNCOUNTED | -1",
                "audit: kauditd hold queue overflow | UNCOUNTED | -1",
                "audit: out of memory in audit_log_start | UNCOUNTED | -1",
            })
    void parseLine_lossLine_hasKindAndCount(String line, LossKind kind, long count) {
        assertEquals(ParseOutcome.LOSS, parse(line));
        assertEquals(kind, parser.lossKind());
        assertEquals(count < 0 ? OptionalLong.empty() : OptionalLong.of(count), parser.lossCount());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "net_ratelimit: 15 callbacks suppressed",
                "op=set audit_backlog_limit=8192 old=64",
                "x=\"audit: backlog limit exceeded\"",
                "say \"now audit: backlog limit exceeded\"",
                "kauditd_printk_skb: many callbacks suppressed",
                "kauditd_printk_skb: 8 callbacks",
                "audit: initializing netlink subsys",
                "audit_lost=x 1",
                "audit_backlog=x > audit_backlog_limit=64",
                "/audit_lost=3 ",
                "audit: audit_lost=",
                "kauditd_printk_skb: 99999999999 callbacks suppressed",
                "",
                "audit",
                "audit(",
                "type=",
                "node=",
                "]: SECCOMP auid="
            })
    void parseLine_noLoss_isNotOurs(String line) {
        assertEquals(ParseOutcome.NOT_OURS, parse(line));
    }

    // ---- any bytes

    @Tag("large")
    @Test
    void parseLine_tenMegabytes_isReadWithoutGrowing() {
        byte[] blanks = new byte[10_000_000];
        Arrays.fill(blanks, (byte) ' ');
        for (String piece :
                List.of(
                        " ",
                        " audit",
                        "type=1326 audit(",
                        "\"",
                        " pid=1 comm=",
                        "[",
                        "]: ",
                        "audit_",
                        "subj=x pid=1 comm=")) {
            String line = "type=SECCOMP msg=" + HEAD + piece.repeat(10_000_000 / piece.length());
            assertEquals(ParseOutcome.MALFORMED, parse(line), piece);
            parse(piece.repeat(10_000_000 / piece.length()));
        }
        assertEquals(ParseOutcome.NOT_OURS, parser.parseLine(blanks, 0, blanks.length));
        String exe = "x".repeat(10_000_000);
        assertEquals(
                10_000_000 + 2, record(LINE.replace("/bin/hello", exe)).rawLength(RecordField.EXE));
    }

    @Test
    void parseLine_randomBytes_neverThrows() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            parser.parseLine(bytes, 0, bytes.length);
            parser.parsePayload(1326, bytes, 0, bytes.length);
        }
    }

    @Test
    void parseLine_rangeOutsideTheArray_throws() {
        assertThrows(IndexOutOfBoundsException.class, () -> parser.parseLine(new byte[3], 1, 3));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> parser.parsePayload(1326, new byte[3], -1, 3));
    }

    @Test
    void record_afterAnotherOutcome_throws() {
        assertThrows(IllegalStateException.class, parser::record);
        parse(LINE);
        assertThrows(IllegalStateException.class, parser::malformedReason);
        assertThrows(IllegalStateException.class, parser::lossKind);
        parse("hello");
        assertThrows(IllegalStateException.class, parser::record);
    }

    // ---- allocation

    @Tag("large")
    @Test
    void parse_steadyState_allocatesNothing() {
        List<byte[]> lines = Corpus.rows().stream().map(Corpus.Row::line).toList();
        byte[] payload = RECORD.getBytes(StandardCharsets.US_ASCII);
        parseAll(lines, payload, 300);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long idle = threads.getThreadAllocatedBytes(thread);
        long perQuestion = threads.getThreadAllocatedBytes(thread) - idle;
        long before = threads.getThreadAllocatedBytes(thread);
        long check = parseAll(lines, payload, 1_000);
        long allocated = threads.getThreadAllocatedBytes(thread) - before - perQuestion;
        assertTrue(check != 0);
        assertTrue(allocated < 1_000, allocated + " bytes for " + 2_000 * lines.size() + " parses");
    }

    private long parseAll(List<byte[]> lines, byte[] payload, int rounds) {
        long check = 0;
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < lines.size(); i++) {
                byte[] line = lines.get(i);
                if (parser.parseLine(line, 0, line.length) == ParseOutcome.RECORD
                        && !parser.record().isInterpreted()) {
                    check += parser.record().syscall() + parser.record().rawHash(RecordField.EXE);
                }
                parser.parsePayload(SeccompRecordParser.AUDIT_SECCOMP, payload, 0, payload.length);
                check += parser.record().ses();
            }
        }
        return check;
    }
}
