// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeccompRecordTest {

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

    @Test
    void absentField_hasNoValueAndHashZero() {
        SeccompRecord record = record("", 0);
        assertEquals(0, record.rawHash(RecordField.EXE));
        assertFalse(record.rawEquals(RecordField.EXE, new byte[0]));
        assertThrows(IllegalStateException.class, record::auid);
    }

    /** The parser has seen the field in the line before. */
    @Test
    void fieldOfTheLineBefore_isAbsent() {
        record(" exe=\"/usr/bin/python3\"", 0);
        SeccompRecord record = record("", 0);
        assertEquals(0, record.rawHash(RecordField.EXE));
        assertTrue(record.text(RecordField.EXE).isEmpty());
        assertFalse(record.rawEquals(RecordField.EXE, "\"/usr/bin/python3\"".getBytes()));
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
        String line = "node=web1 type=SECCOMP msg=audit(1.002:3): pid=1 comm=\"c\"" + TAIL;
        parsed(line, 0);
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
}
