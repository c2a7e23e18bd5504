// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sandbox.syscalldb.testing.Table;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class SeccompRecordTest {
    private static final String TAIL = " sig=0 arch=c000003e syscall=1 compat=0 ip=0x1 code=0x0";

    private final SeccompRecordParser parser = new SeccompRecordParser();

    private SeccompRecord record(String exe, int offset) {
        String line =
                " ".repeat(offset) + "type=1326 audit(1.002:3): pid=1 comm=\"c\"" + exe + TAIL;
        return parsed(line, offset);
    }

    private SeccompRecord parsed(String line, int offset) {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        assertEquals(ParseOutcome.RECORD, parser.parseLine(bytes, offset, bytes.length - offset));
        return parser.record();
    }

    @Test
    void rawHash_sameTextAtOtherOffset_isTheSame() {
        int hash = record(" exe=\"/usr/bin/python3\"", 0).rawHash(RecordField.EXE);
        assertEquals(hash, record(" exe=\"/usr/bin/python3\"", 13).rawHash(RecordField.EXE));
        assertNotEquals(hash, record(" exe=\"/usr/bin/python4\"", 0).rawHash(RecordField.EXE));
    }

    /** Programs of the same length, whose names differ at any place. */
    @Test
    void rawHash_similarTexts_differInTheirLowBits() {
        Set<Integer> slots = new HashSet<>();
        String exe = " exe=\"/usr/bin/program17\"";
        for (int at = 6; at < exe.length() - 1; at++) {
            for (char c = 'a'; c <= 'j'; c++) {
                String text = exe.substring(0, at) + c + exe.substring(at + 1);
                slots.add(record(text, 0).rawHash(RecordField.EXE) & 4095);
            }
        }
        assertTrue(slots.size() > 150, () -> "only " + slots.size());
    }

    @Test
    void rawEquals_literalAndHexOfTheSameDigits_differ() {
        byte[] literal = record(" exe=\"2F61\"", 0).copyRaw(RecordField.EXE);
        assertTrue(record(" exe=\"2F61\"", 5).rawEquals(RecordField.EXE, literal));
        assertFalse(record(" exe=2F61", 0).rawEquals(RecordField.EXE, literal));
        assertEquals("/a", parser.record().exe().orElseThrow());
    }

    @Test
    void decode_bytesThatAreNoUtf8_areKept() {
        byte[] raw = record(" exe=2FFF0A", 0).copyRaw(RecordField.EXE);
        assertArrayEquals(new byte[] {'/', (byte) 0xff, '\n'}, SeccompRecord.decode(raw));
        assertEquals("/\ufffd\n", parser.record().exe().orElseThrow());
    }

    @Test
    void decode_emptyQuotes_isEmpty() {
        assertEquals("", record(" exe=\"\"", 0).exe().orElseThrow());
    }

    /** The parser has seen the field in the line before. */
    @Test
    void fieldOfTheLineBefore_isAbsent() {
        record(" exe=\"/usr/bin/python3\"", 0);
        SeccompRecord record = record("", 0);
        assertEquals(0, record.rawHash(RecordField.EXE));
        assertTrue(record.text(RecordField.EXE).isEmpty());
        assertFalse(record.rawEquals(RecordField.EXE, "\"/usr/bin/python3\"".getBytes()));
        assertFalse(record.rawEquals(RecordField.EXE, new byte[0]));
        assertThrows(IllegalStateException.class, record::auid);
        assertThrows(IllegalStateException.class, () -> record.copyRaw(RecordField.EXE));
    }

    @Test
    void rawHash_dependsOnTheFieldAlone() {
        for (int length = 0; length < 20; length++) {
            String exe = " exe=\"" + "x".repeat(length) + "\"";
            int hash = record(exe, 0).rawHash(RecordField.EXE);
            assertEquals(length + 2, parser.record().copyRaw(RecordField.EXE).length);
            assertEquals(hash, record(exe + " x=12345678", 0).rawHash(RecordField.EXE));
        }
    }

    @Test
    void recordWithoutStamp_hasNeitherTimeNorSerial() {
        String line = "SECCOMP auid=1 uid=1 gid=1 ses=1 pid=1 comm=\"c\" exe=\"/c\"" + TAIL;
        SeccompRecord record = parsed(line, 0);
        assertTrue(record.hasArch());
        assertFalse(record.hasTime() || record.hasSerial());
        assertThrows(IllegalStateException.class, record::timeMillis);
        assertThrows(IllegalStateException.class, record::serial);
    }

    @Test
    void host_isThatOfTheLine() {
        parsed("node=web1 type=SECCOMP msg=audit(1.002:3): pid=1 comm=\"c\"" + TAIL, 0);
        assertTrue(parser.record().isOfHost(new byte[] {'w', 'e', 'b', '1'}));
        assertFalse(parser.record().isOfHost(new byte[] {'w', 'e', 'b'}));
    }

    @Test
    void note_isOfTheRecordAlone() {
        SeccompRecord record = record("", 0);
        record.setNote("note");
        assertEquals("note", record.note());
        assertEquals(null, record("", 0).note());
    }

    private static final String HEAD = "audit(1586171042.680:138): ";
    private static final String TASK =
            "auid=1000 uid=1001 gid=1002 ses=2 pid=3284 comm=\"hello\" exe=\"/bin/hello\" ";
    private static final String CALL =
            "sig=0 arch=c000003e syscall=231 compat=0 ip=0x7f21a2d1f9d6 code=0x7ffc0000";
    private static final String RECORD = HEAD + TASK + CALL;
    private static final String LINE = "audit: type=1326 " + RECORD;

    /** The outcome; for what is malformed, the reason in its place. */
    private String told(ParseOutcome outcome) {
        return outcome == ParseOutcome.MALFORMED
                ? parser.malformedReason().toString()
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

    @Table
    void parsePayload_otherType_isNotOurs(int type) {
        assertEquals("NOT_OURS", payload(type, RECORD));
    }

    @Test
    void details_ofAnotherOutcome_areRefused() {
        assertThrows(IllegalStateException.class, parser::record);
        payload(RECORD);
        assertThrows(IllegalStateException.class, parser::lossKind);
        assertThrows(IllegalStateException.class, parser::lossCount);
        assertThrows(IllegalStateException.class, parser::malformedReason);
        parse("hello");
        assertThrows(IllegalStateException.class, parser::record);
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
            } else {
                assertEquals(Optional.of("stat"), record(what).text(RecordField.SYSCALL));
                assertFalse(parser.record().hasWord(RecordField.CODE), what);
            }
        }
    }

    // ---- cut lines

    /** In the usual form, and in others, which are read in another way. */
    @Table
    void parse_cutAnywhere_isTruncated(String start) {
        String middle = start.contains("comm=") ? " " : " pid=3284 comm=616263 exe=\"/a\" ";
        String text = HEAD + start + middle + CALL;
        assertEquals("RECORD", payload(text));
        assertEquals("RECORD", parse("type=1326 " + text + "\n"));
        int number = text.indexOf(" compat=");
        for (int cut = HEAD.length(); cut < text.length() - 1; cut++) {
            String what = text.substring(0, cut);
            if (!payload(what).equals("TRUNCATED")) {
                assertTrue(parser.record().syscall() == 231 && what.contains(" code=0x"), what);
            }
            if (cut <= number) {
                assertTrue(parse("type=1326 " + what).equals("TRUNCATED"), what);
            }
        }
    }

    // ---- any bytes

    private static final int MANY = 10_000_000;

    @Tag("large")
    @Table
    void parseLine_tenMegabytesOfAPiece_areRefused(String piece) {
        String text = piece.repeat(MANY / piece.length());
        String outcome = parse("type=SECCOMP msg=" + HEAD + text);
        assertFalse(List.of("RECORD", "NOT_OURS").contains(outcome), outcome);
        assertNotEquals("RECORD", parse(text));
    }

    @Tag("large")
    @Test
    void parseLine_tenMegabytesOfAName_areKept() {
        SeccompRecord record = record(LINE.replace("/bin/hello", "x".repeat(MANY)));
        assertEquals(MANY + 2, record.copyRaw(RecordField.EXE).length);
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
        List<byte[]> lines = Corpus.records();
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
