// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.RecordText.concat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Entries in systemd's export form, whole, cut, damaged and far too long. */
class JournalExportReaderTest {

    private static final byte[] CAPTURED = Corpus.bytes("journalctl-export-debian13-6.18.bin");
    private static final String RECORD =
            "audit: type=1326 audit(1.002:3): auid=0 uid=0 gid=0 ses=1 pid=7 comm=\"a\" exe=\"/a\""
                    + " sig=0 arch=c000003e syscall=39 compat=0 ip=0x7f code=0x7ffc0000";
    private static final String START = "__CURSOR=s=1\n_TRANSPORT=kernel\n";
    private static final String KERNEL = START + "SYSLOG_FACILITY=0\nMESSAGE=" + RECORD + "\n\n";

    private static JournalExportReader reader(byte[] stream, int readSize) {
        Random random = new Random(readSize);
        InputStream in = new ByteArrayInputStream(stream);
        return new JournalExportReader(
                (buf, off, len) -> in.read(buf, off, Math.min(len, 1 + random.nextInt(readSize))));
    }

    private static List<RecordText> read(byte[] stream, int readSize) throws IOException {
        JournalExportReader reader = reader(stream, readSize);
        List<RecordText> found = new ArrayList<>();
        while (reader.next()) {
            found.add(RecordText.of(reader.parser(), reader.outcome()));
        }
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The form of a value with a line feed: its length, then its bytes. */
    private static byte[] binary(String name, byte[] value) {
        byte[] length =
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value.length).array();
        return concat(bytes(name + "\n"), length, value, bytes("\n"));
    }

    @Test
    void next_anyReadSize_givesTheSameEntries() throws IOException {
        List<RecordText> all = read(CAPTURED, 1 << 20);
        assertEquals(10, all.size());
        for (int size : new int[] {1, 3, 17, 1000}) {
            assertEquals(all, read(CAPTURED, size));
        }
    }

    @Tag("large")
    @Test
    void next_streamCutAnywhere_givesNoWrongRecord() throws IOException {
        List<RecordText> all = read(CAPTURED, 1 << 20);
        for (int cut = 0; cut < CAPTURED.length; cut++) {
            List<RecordText> records =
                    read(Arrays.copyOf(CAPTURED, cut), 1 << 20).stream()
                            .filter(text -> text.outcome() == ParseOutcome.RECORD)
                            .toList();
            for (int i = 0; i < records.size(); i++) {
                // The last entry may lack its timestamp, which comes late.
                assertTrue(
                        all.get(i)
                                .fields()
                                .entrySet()
                                .containsAll(records.get(i).fields().entrySet()),
                        "cut at " + cut + ": " + records.get(i));
            }
        }
    }

    /** The text of a process in its own field does not affect the other fields. */
    @Test
    void next_entryForgedInsideABinaryField_isNotRead() throws IOException {
        byte[] stream =
                concat(
                        bytes("__CURSOR=s=1\n_TRANSPORT=journal\n"),
                        binary("X", bytes("\n\n" + KERNEL)),
                        bytes("MESSAGE=hello\n\n"));
        assertEquals(List.of(), read(stream, 1000));
        byte[] tooLong = concat(new byte[LineBlocks.MAX_LINE], bytes("\n\n" + KERNEL));
        byte[] before = bytes("__CURSOR=s=1\nA=" + "x".repeat(2000) + "\n");
        assertEquals(List.of(), read(concat(before, binary("X", tooLong)), 100_000));
    }

    @Test
    void next_lengthThatIsNoLength_endsTheStreamAndIsTold() throws IOException {
        byte[] length = {-1, -1, -1, -1, -1, -1, -1, -1};
        byte[] stream = concat(bytes(KERNEL + "__CURSOR=s=2\nX\n"), length, bytes(KERNEL));
        List<RecordText> found = read(stream, 1000);
        assertEquals(2, found.size());
        assertEquals(ParseOutcome.MALFORMED, found.get(1).outcome());
    }

    @Test
    void next_messageThatCannotCount_saysWhy() throws IOException {
        assertEquals(
                MalformedReason.AMBIGUOUS,
                reason(KERNEL.replace("\n\n", "\nMESSAGE=" + RECORD + "\n\n")));
        assertEquals(MalformedReason.TRUNCATED, reason(KERNEL.stripTrailing()));
    }

    private static MalformedReason reason(String stream) throws IOException {
        JournalExportReader reader = reader(bytes(stream), 1 << 20);
        assertTrue(reader.next());
        return reader.parser().malformedReason();
    }

    @Test
    void next_damagedStreams_neverThrow() throws IOException {
        Random random = new Random(20261124);
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = CAPTURED.clone();
            for (int n = random.nextInt(8); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            read(damaged, 4096);
        }
    }

    private static void assertRecords(int count, byte[] stream) throws IOException {
        for (int size : new int[] {1, 2, 3, 7, 100, 100_000}) {
            assertRecords(count, stream, size);
        }
    }

    private static void assertRecords(int count, byte[] stream, int size) throws IOException {
        List<RecordText> found = read(stream, size);
        assertEquals(count, found.size());
        found.forEach(text -> assertEquals(ParseOutcome.RECORD, text.outcome()));
    }

    @Test
    void next_fieldsAfterABinaryOne_areOfTheSameEntry() throws IOException {
        byte[] start = bytes(START);
        byte[] rest = bytes("SYSLOG_FACILITY=0\n\n");
        byte[] message = binary("MESSAGE", bytes(RECORD));
        assertRecords(1, concat(start, message, rest));
        byte[] lines = binary("MESSAGE", bytes(RECORD + "\u001dAUID=\"a\"\n\n"));
        assertRecords(2, concat(start, lines, rest, bytes(KERNEL)));
        assertRecords(2, concat(start, binary("X", new byte[0]), message, rest, bytes(KERNEL)));
        byte[] longest = Arrays.copyOf(bytes(RECORD + " "), LineBlocks.MAX_LINE);
        byte[] entry = concat(start, binary("MESSAGE", longest), rest);
        assertEquals(ParseOutcome.RECORD, read(entry, 100_000).get(0).outcome());
        byte[] twice = concat(start, binary("MESSAGE", new byte[0]), message, rest);
        assertEquals(ParseOutcome.MALFORMED, read(twice, 100).get(0).outcome());
        // The entry is whole although the stream lacks its empty line.
        assertRecords(1, concat(start, bytes("SYSLOG_FACILITY=0\n"), message));
    }

    @Test
    void next_fieldsAfterAHugeOne_areOfTheSameEntry() throws IOException {
        byte[] start = bytes(START + "SYSLOG_FACILITY=0\n");
        byte[] end = bytes("MESSAGE=" + RECORD + "\n\n" + KERNEL);
        for (int length : new int[] {LineBlocks.MAX_LINE, LineBlocks.MAX_LINE + 1, 2_000_000}) {
            byte[] huge = new byte[length];
            Arrays.fill(huge, (byte) '=');
            byte[] binary = concat(start, binary("X", huge));
            for (byte[] stream : List.of(binary, concat(start, huge, bytes("\n")))) {
                assertRecords(2, concat(stream, end), 100_000);
            }
            assertEquals(0, read(binary, 100_000).size());
        }
    }

    /** Nothing of a binary field counts unless it is whole, and nobody knows what it was. */
    @Test
    void next_binaryFieldCutAnywhere_isMalformed() throws IOException {
        byte[] start = bytes(START + "SYSLOG_FACILITY=0\n");
        byte[] message = binary("MESSAGE", bytes(RECORD));
        for (int cut = 0; cut < message.length; cut++) {
            byte[] stream = concat(start, Arrays.copyOf(message, cut));
            List<ParseOutcome> told = cut < 8 ? List.of() : List.of(ParseOutcome.MALFORMED);
            assertEquals(
                    told,
                    read(stream, 50).stream().map(RecordText::outcome).toList(),
                    "cut at " + cut);
        }
    }

    /** The name of another field ends like that of the message. */
    @Test
    void next_anotherFieldCut_isNoMessage() throws IOException {
        String start = START + "SYSLOG_FACILITY=0\n";
        assertEquals(List.of(), read(bytes(start + "OLD_MESSAGE=" + RECORD), 50));
        assertEquals(List.of(), read(bytes(start + "MESSAGE"), 50));
        assertEquals(
                MalformedReason.TRUNCATED, reason(start + "MESSAGE=audit: backlog limit exceeded"));
    }

    @Test
    void position_isWhereTheEntryEnds() throws IOException {
        for (int size : new int[] {1, 5, 1000}) {
            JournalExportReader reader = reader(bytes(KERNEL + KERNEL), size);
            assertTrue(reader.next());
            assertEquals(KERNEL.length(), reader.position());
            assertTrue(reader.next());
            assertEquals(2 * KERNEL.length(), reader.position());
            assertEquals(false, reader.next());
            assertEquals(2 * KERNEL.length(), reader.position());
        }
    }

    @Test
    void isAt_needsTheWholeFirstName() {
        byte[] start = bytes("xx__CURSOR=s");
        assertTrue(JournalExportReader.isAt(start, 2, 9));
        assertEquals(false, JournalExportReader.isAt(start, 2, 8));
        assertEquals(false, JournalExportReader.isAt(start, 0, 12));
    }
}
