// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
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

    /** The outcome; for what is malformed, the reason and the offset in its place. */
    private String told(ParseOutcome outcome) {
        return outcome == ParseOutcome.MALFORMED
                ? parser.malformedReason() + " " + parser.malformedOffset()
                : outcome.toString();
    }

    private String parse(String line) {
        byte[] bytes = line.getBytes(ISO_8859_1);
        return told(parser.parseLine(bytes, 0, bytes.length));
    }

    private String payload(int type, String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        return told(parser.parsePayload(type, bytes, 0, bytes.length));
    }

    private String payload(String text) {
        return payload(SeccompRecordParser.AUDIT_SECCOMP, text);
    }

    private SeccompRecord record(String line) {
        assertEquals("RECORD", parse(line), line);
        return parser.record();
    }

    // ---- plain records

    @Test
    void parsePayload_wholeRecord_hasAllFields() {
        payload(RECORD);
        assertEquals(
                "{ARCH=c000003e, AUID=1000, CODE=7ffc0000, COMM=\"hello\", COMPAT=0,"
                        + " EXE=\"/bin/hello\", GID=1002, IP=7f21a2d1f9d6, PID=3284, SES=2, SIG=0,"
                        + " SYSCALL=231, UID=1001, serial=138, time=1586171042680}",
                RecordText.of(parser, ParseOutcome.RECORD).fields().toString());
        assertEquals(Optional.of("hello"), parser.record().comm());
        assertEquals(Optional.of("/bin/hello"), parser.record().exe());
    }

    @Test
    void parsePayload_withinLargerBuffer_readsOnlyItsRange() {
        byte[] text = ("type=1326 " + RECORD + "0 pid=1 comm=\"x\"").getBytes(ISO_8859_1);
        assertEquals(ParseOutcome.RECORD, parser.parsePayload(1326, text, 10, RECORD.length()));
        assertEquals(0x7ffc0000, parser.record().code());
        assertEquals(
                ParseOutcome.MALFORMED, parser.parsePayload(1326, text, 10, RECORD.length() - 20));
    }

    @ParameterizedTest
    @ValueSource(ints = {1300, 1327, 1400, 1325, 0, -1})
    void parsePayload_otherType_isNotOurs(int type) {
        assertEquals("NOT_OURS", payload(type, RECORD));
    }

    /** Before Linux 3.8, seccomp used the type of programs that end abnormally. */
    @Test
    void parsePayload_oldType_isARecordOnlyOfSeccomp() {
        String old =
                HEAD
                        + "auid=1 uid=1 gid=1 ses=1 pid=5 comm=\"a\" reason=\"%s\" sig=31"
                        + " syscall=39 compat=0 ip=0x7f code=0x0";
        assertEquals("RECORD", payload(1701, old.formatted("seccomp")));
        assertEquals(39, parser.record().syscall());
        assertEquals("NOT_OURS", payload(1701, old.formatted("memory violation")));
    }

    @Test
    void parsePayload_withoutAllOfIt_isMalformed() {
        assertEquals("TRUNCATED 5", payload("audit"));
        assertEquals("BAD_STAMP 0", payload("xudit(" + RECORD));
        assertEquals("RECORD", payload(RECORD + "\n\0\0\0"), "zeros may follow");
        for (String cut :
                List.of(
                        "audit(",
                        "audit(1586171042.680:138",
                        "audit(1586171042.680:138): ",
                        RECORD.substring(0, RECORD.indexOf(" code=")))) {
            assertEquals("TRUNCATED " + cut.length(), payload(cut));
        }
    }

    @Test
    void details_ofAnotherOutcome_areRefused() {
        assertThrows(IllegalStateException.class, parser::record);
        payload(RECORD);
        assertThrows(IllegalStateException.class, parser::lossKind);
        assertThrows(IllegalStateException.class, parser::lossCount);
        assertThrows(IllegalStateException.class, parser::malformedOffset);
        assertThrows(IllegalStateException.class, parser::malformedReason);
        parse("hello");
        assertThrows(IllegalStateException.class, parser::record);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1073741863, 0})
    void parseLine_anyIntAsSyscall_isThatNumber(int number) {
        assertEquals(number, record(LINE.replace("=231", "=" + number)).syscall());
    }

    @Test
    void parseLine_unsetIds_are4294967295() {
        String unset = LINE.replace("auid=1000", "auid=4294967295");
        assertEquals(4294967295L, record(unset).auid());
        assertEquals(4294967295L, record(LINE.replace("ses=2", "ses=4294967295")).ses());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\r"})
    void parseLine_anyLineEnd_isNoPartOfTheRecord(String ending) {
        assertEquals(0x7ffc0000, record(LINE + ending).code());
    }

    @Test
    void parseLine_fieldThatIsNotThere_isAbsent() {
        SeccompRecord ofAnOldKernel = record(LINE.replace("arch=c000003e ", ""));
        assertFalse(ofAnOldKernel.hasArch());
        assertThrows(IllegalStateException.class, ofAnOldKernel::arch);
        assertEquals(Optional.empty(), record(LINE.replace("\"/bin/hello\"", "(null)")).exe());
    }

    // ---- text that wants to be a field

    /** Names that hold quotes or blanks are hex in the kernel's text. */
    @ParameterizedTest
    @CsvSource({
        "\"syscall=59\", syscall=59",
        "78222073797363616C6C3D3020617263683D, 'x\" syscall=0 arch='",
        "\"68656C6C6F\", 68656C6C6F",
    })
    void parseLine_commWithFieldText_isNotAField(String comm, String name) {
        SeccompRecord record = record(LINE.replace("\"hello\"", comm));
        assertEquals(231, record.syscall());
        assertEquals(Optional.of(name), record.comm());
    }

    @ParameterizedTest
    @CsvSource({
        "'\"hello\"', '\"x\" syscall=0 arch=\"', OUT_OF_ORDER, 'arch=\"'",
        "'\"hello\"', '\"hello\"x', BAD_DELIMITER, 'x exe='",
        "compat=0, syscall=59 compat=0, OUT_OF_ORDER, syscall=59",
    })
    void parseLine_fieldsThatDoNotFit_areMalformed(
            String good, String bad, MalformedReason reason, String place) {
        String line = LINE.replace(good, bad);
        assertEquals(reason + " " + line.indexOf(place), parse(line));
    }

    @Test
    void parseLine_pathWithTypeText_isThatPath() {
        SeccompRecord record = record(LINE.replace("/bin/hello", "/tmp/type=1326"));
        assertEquals(Optional.of("/tmp/type=1326"), record.exe());
        String other =
                "type=SYSCALL msg=audit(1.002:3): arch=c000003e syscall=59 exe=\"/tmp/type=1326\"";
        assertEquals("NOT_OURS", parse(other));
        assertEquals("NOT_OURS", parse("/tmp/type=1326 syscall=3 audit(1.002:3): "));
        String said = "type=USER_CMD msg=audit(1.002:3): pid=1 msg='" + LINE + "'";
        assertEquals("NOT_OURS", parse(said));
    }

    @Test
    void parseLine_labelWithWholeForgedRecord_readsTheKernelsFields() {
        SeccompRecord record = record(HostileLines.FORGED_LABEL);
        assertEquals(7, record.pid());
        assertEquals(39, record.syscall());
        assertEquals("/good", record.exe().orElseThrow());
        assertTrue(
                record.text(RecordField.SUBJ).orElseThrow().endsWith("code=0x7ffc0000 (complain)"));
        String text = HostileLines.FORGED_LABEL;
        assertEquals("RECORD", payload(text.substring(text.indexOf("audit("))));
        assertEquals(39, parser.record().syscall());
    }

    @Test
    void parseLine_twoRecordsOnOneLine_isAmbiguous() {
        String two = HostileLines.TWO_RECORDS;
        assertEquals("AMBIGUOUS " + two.lastIndexOf("audit("), parse(two));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001d", "", " ", "^]", "#035", "\\u001d"})
    void parseLine_enrichedTail_isNotTrusted(String separator) {
        String tail =
                "AUID=\"unset\" UID=\"root\" ARCH=i386 SYSCALL=unknown-syscall(-1) pid=1 syscall=5"
                        + " code=0x0";
        SeccompRecord record = record("type=SECCOMP msg=" + RECORD + separator + tail);
        assertEquals(231, record.syscall());
        assertEquals(3284, record.pid());
        assertEquals(0x7ffc0000, record.code());
    }

    @Test
    void parseLine_recordUnderAnotherProgramsSyslogTag_isNotOurs() {
        String date = "Nov 24 15:00:00 ";
        for (String head :
                List.of(
                        date + "host evil[12]: ",
                        date + "host evil[12]: [ 1.5] ",
                        date + "host sshd[812]: Invalid user x ",
                        date + "host evil[12]: a#012 ",
                        date + "host evil[12]: kernel[1]: ",
                        date + "host evil[12]: kernel: [ 1.5] audit: ",
                        date + "host evil[12]: " + "[ 1.5] ".repeat(9),
                        date + "host kern[0]: ",
                        date + "host kernels[0]: ",
                        "evil[1]: ",
                        "<38>1 2025-11-24T15:00:00Z host sshd 812 - - Invalid user x ",
                        "<38>1 2025-11-24T15:00:00Z host kernelx 812 - - ")) {
            assertEquals("NOT_OURS", parse(head + LINE), head);
        }
        for (String head :
                List.of(
                        date + "host kernel: [ 1.5][   T12]: ",
                        date + "host kernel: [ 1.5] ",
                        date + "host kernel[0]: ",
                        date + "host audispd[12]: a[x]: b[]: c ",
                        date + "host audisp-syslog[9]: ",
                        date + "[12]: a[12] c ",
                        "<5>1 2025-11-24T15:00:00Z host kernel 0 - - ",
                        "<5>1 2025-11-24T15:00:00Z host file-tag - - - ",
                        "<5>1 2025-11-24T15:00:00Z host kernel ",
                        "<5> a b c 12 ")) {
            assertEquals("RECORD", parse(head + LINE), head);
        }
        String loss = "kauditd_printk_skb: 3 callbacks suppressed";
        assertEquals("NOT_OURS", parse(date + "host evil[12]: " + loss));
    }

    @Test
    void parseLine_stampOfAndroid_hasASerialButNoTime() {
        SeccompRecord record =
                record("07-11 17:34:05.3  9  9 W hello: " + LINE.replace("1586171042.680", "0.0"));
        assertEquals(138, record.serial());
        assertFalse(record.hasTime());
        assertNotEquals("RECORD", payload(RECORD.replace("1586171042.680", "0.0")));
    }

    @ParameterizedTest
    @CsvSource({"018387, 18387", "08, 8", "0, 0", "00, 0", "0000000001, 1"})
    void parseLine_interpretedSerialWithZeros_isThatNumber(String text, long serial) {
        String line =
                "type=SECCOMP msg=audit(07/06/2020 20:17:03.365:%s) : subj==unconfined pid=9"
                        + " comm=a exe=/a sig=SIGSYS arch=x86_64 syscall=stat code=kill\n";
        assertEquals(serial, record(String.format(line, text)).serial());
        assertEquals(Optional.of("=unconfined"), parser.record().text(RecordField.SUBJ));
        assertTrue(parse(String.format(line, "0".repeat(11))).startsWith("BAD_"));
    }

    /** Its last word counts only behind a line feed. */
    @Test
    void parseLine_interpretedLineCutAnywhere_hasNoPartOfAWord() {
        String line =
                "type=SECCOMP msg=audit(07/06/2020 20:17:03.365:7) : auid=unset uid=root gid=root"
                        + " ses=unset subj=a b pid=9 comm=my app exe=/a b sig=SIGSYS arch=x86_64"
                        + " syscall=stat compat=0 ip=0x7f code=kill";
        assertEquals(Optional.of("kill"), record(line + "\n").text(RecordField.CODE));
        int number = line.indexOf(" compat=");
        for (int cut = line.indexOf(" auid=") + 1; cut < line.length(); cut++) {
            String what = line.substring(0, cut);
            if (cut <= number) {
                assertNotEquals("RECORD", parse(what), what);
                assertTrue(parser.malformedOffset() <= cut, what);
            } else {
                assertEquals(Optional.of("stat"), record(what).text(RecordField.SYSCALL));
                assertFalse(parser.record().hasWord(RecordField.CODE), what);
            }
        }
    }

    @Test
    void parseLine_recordInJsonString_isMalformedAndNotSilent() {
        String line = "{\"log\":\"" + LINE.replace("\"", "\\\"") + "\\n\"}";
        assertEquals("INSIDE_QUOTES " + line.indexOf("type="), parse(line));
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
        assertEquals("RECORD", payload(text));
        assertEquals("RECORD", parse("type=1326 " + text + "\n"));
        int number = text.indexOf(" compat=");
        for (int cut = HEAD.length(); cut < text.length() - 1; cut++) {
            String what = text.substring(0, cut);
            if (payload(what).startsWith("TRUNCATED")) {
                int offset = parser.malformedOffset();
                assertTrue(offset > what.lastIndexOf(' ') && offset <= cut, what + " " + offset);
            } else {
                assertTrue(parser.record().syscall() == 231 && what.contains(" code=0x"), what);
            }
            if (cut <= number) {
                assertTrue(parse("type=1326 " + what).startsWith("TRUNCATED"), what);
            }
        }
    }

    @Test
    void parseLine_cutBeforeTheEndOfTheNumber_isTruncated() {
        for (String end : List.of("syscall=", "syscall=2", "syscall=231", "sysc", "")) {
            String line = LINE.substring(0, LINE.indexOf("syscall=")) + end;
            assertEquals("TRUNCATED " + line.length(), parse(line));
        }
        for (String head :
                List.of(
                        "type=SECCOMP",
                        "type=SECCOMP msg=aud",
                        "node=a type=1326 msg=",
                        "[ 1.0] audit: type=1326 aud")) {
            assertEquals("TRUNCATED " + head.length(), parse(head));
        }
    }

    @Test
    void parseLine_cutAfterTheNumber_isARecordWithoutTheRest() {
        SeccompRecord record = record(LINE.substring(0, LINE.indexOf("compat=0") + 8));
        assertEquals(231, record.syscall());
        assertFalse(record.has(RecordField.COMPAT));
        assertThrows(IllegalStateException.class, record::code);
        for (int cut = LINE.indexOf("0x7ffc0000"); cut < LINE.length(); cut++) {
            String line = LINE.substring(0, cut) + "\n";
            assertFalse(record(line).hasCode(), line);
        }
        assertTrue(record(LINE).hasCode());
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
        "comm=\"hello\", comm=hello, BAD_STRING",
        "comm=\"hello\", comm=6162c, BAD_STRING",
        "comm=\"hello\", comm=616, BAD_STRING",
        "comm=\"hello\", comm=6g, BAD_STRING",
        "comm=\"hello\", comm=\"a b\", BAD_STRING",
        "comm=\"hello\", comm=\"a\u00e9\", BAD_STRING",
        "comm=\"hello\", comm=\"a\u0000\", BAD_STRING",
        "audit(1586171042.680:138, audit(1586171042680:138, BAD_STAMP",
        "audit(1586171042.680:138, audit(1586171042.68:138, BAD_STAMP",
        "audit(1586171042.680:138, audit(1586171042.680:4294967296, BAD_STAMP",
        "audit(1586171042.680:138, audit(1586171042.680:, BAD_STAMP",
        "audit(1586171042.680:138, audit(1.680:1.2, BAD_STAMP",
        "audit(1586171042.680:138, audit(99999999999999999999.001:2, BAD_STAMP",
    })
    void parseLine_badValue_isMalformed(String good, String bad, MalformedReason reason) {
        String line = LINE.replace(" " + good, " " + bad);
        assertTrue(parse(line).startsWith(reason + " "), parse(line));
    }

    @Test
    void malformedOffset_lineWithinBuffer_countsFromTheLine() {
        byte[] text = ("x\n" + LINE.replace("=231", "=2x")).getBytes(ISO_8859_1);
        assertEquals(
                "BAD_DELIMITER " + (LINE.indexOf("=231") + 2),
                told(parser.parseLine(text, 2, text.length - 2)));
    }

    // ---- losses; LossLineTest has the messages

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[ 1.5] kauditd_printk_skb: 2336845 callbacks suppressed | PRINTK_SUPPRESSED"
                        + " 2336845",
                "4,354,1109009543,-;kauditd_printk_skb: 8 callbacks suppressed | PRINTK_SUPPRESSED"
                        + " 8",
                "audit: audit_lost=44395 audit_rate_limit=0 | LOST_TOTAL 44395",
                "[ 1.5] audit: audit_backlog=65 > audit_backlog_limit=64 | UNCOUNTED -1",
            })
    void parseLine_lossLine_hasKindAndCount(String line, String expected) {
        assertEquals("LOSS", parse(line));
        assertEquals(expected, parser.lossKind() + " " + parser.lossCount().orElse(-1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "net_ratelimit: 15 callbacks suppressed",
                "op=set audit_backlog_limit=8192 old=64",
                "x=\"audit: backlog limit exceeded\"",
                "say \"now audit: backlog limit exceeded\"",
                "audit: initializing netlink subsys",
                "kauditd_printk_skb: 99999999999 callbacks suppressed",
                "",
                "audit",
                "audit(",
                "type=",
                "node=",
                "]: SECCOMP auid="
            })
    void parseLine_otherText_isNotOurs(String line) {
        assertEquals("NOT_OURS", parse(line));
    }

    // ---- any bytes

    @Tag("large")
    @Test
    void parseLine_tenMegabytes_isReadWithoutGrowing() {
        int size = 10_000_000;
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
            String text = piece.repeat(size / piece.length());
            String line = "type=SECCOMP msg=" + HEAD + text;
            assertNotEquals("RECORD", parse(line), piece);
            assertNotEquals("NOT_OURS", parse(line), piece);
            assertNotEquals("RECORD", parse(text), piece);
        }
        SeccompRecord record = record(LINE.replace("/bin/hello", "x".repeat(size)));
        assertEquals(size + 2, record.copyRaw(RecordField.EXE).length);
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

    // ---- allocation

    @Tag("large")
    @Test
    void parse_steadyState_allocatesNothing() {
        List<byte[]> lines = Corpus.rows().stream().map(Corpus.Row::line).toList();
        byte[] payload = RECORD.getBytes(ISO_8859_1);
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
