// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Blocks, candidates and line ends give the same outcomes as parsing line by line. */
class LogScannerTest {

    private static final String RECORD =
            "type=SECCOMP msg=audit(1700000000.001:7): auid=1 uid=1 gid=1 ses=3 pid=7 comm=\"a\""
                    + " exe=\"/a\" sig=0 arch=c000003e syscall=39 compat=0 ip=0x7f code=0x7ffc0000";
    private static final int BLOCK = LineBlocks.MAX_LINE;

    private static List<byte[]> allLines() {
        List<byte[]> lines = new ArrayList<>();
        lines.addAll(Corpus.records());
        Corpus.logs().forEach(file -> Corpus.lines(file).forEach(line -> lines.add(bytes(line))));
        lines.addAll(LinesTest.forged());
        return lines;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<RecordText> scan(byte[] log, int readSize, boolean eager)
            throws IOException {
        return scan(new LogScanner(), log, readSize, eager);
    }

    private static List<RecordText> scan(
            LogScanner scanner, byte[] log, int readSize, boolean eager) throws IOException {
        Random random = new Random(readSize);
        InputStream in = new ByteArrayInputStream(log);
        LineBlocks blocks =
                new LineBlocks(
                        (buf, off, len) ->
                                in.read(buf, off, Math.min(len, 1 + random.nextInt(readSize))));
        List<RecordText> found = new ArrayList<>();
        byte[] block = new byte[BLOCK];
        for (int n = blocks.fill(block, eager); n >= 0; n = blocks.fill(block, eager)) {
            found.addAll(RecordText.scan(scanner, Arrays.copyOf(block, n)));
        }
        for (long i = blocks.tooLong(); i > 0; i--) {
            found.add(null);
        }
        return found;
    }

    private static byte[] join(List<byte[]> lines) {
        return RecordText.concat(
                lines.stream()
                        .flatMap(line -> Stream.of(line, new byte[] {'\n'}))
                        .toArray(byte[][]::new));
    }

    /** A log that is rotated, copied or overwritten may begin in the middle of a record. */
    @Test
    void next_recordWithoutItsHead_isMalformed() {
        String record =
                "type=SECCOMP msg=audit(1700000001.123:45): auid=1000 uid=1000 gid=1000 ses=3"
                        + " subj=unconfined pid=77 comm=\"nginx\" exe=\"/usr/sbin/nginx\" sig=0"
                        + " arch=c000003e syscall=59 compat=0 ip=0x7f12 code=0x7ffc0000";
        List<String> beginnings = List.of("", "type=PATH msg=audit(1.000:2): item=0\n", "text\n");
        for (int cut = 1; cut <= record.indexOf(" ip="); cut++) {
            for (String beginning : beginnings) {
                byte[] log = bytes(beginning + record.substring(cut) + "\nother text\n");
                List<RecordText> found = RecordText.scan(new LogScanner(), log);
                assertEquals(1, found.size(), record.substring(cut));
                assertTrue(found.get(0).outcome() == ParseOutcome.MALFORMED, record.substring(cut));
            }
        }
        byte[] typeless = bytes(record.substring(record.indexOf("audit(")) + "\n");
        SeccompRecordParser parser = new SeccompRecordParser();
        assertEquals(ParseOutcome.MALFORMED, parser.parseLine(typeless, 0, typeless.length));
        assertEquals(MalformedReason.HEADLESS, parser.malformedReason());
        byte[] said = bytes("Nov 26 01:02:03 web sshd[7]: " + record.substring(60) + "\n");
        assertEquals(ParseOutcome.NOT_OURS, parser.parseLine(said, 0, said.length));
    }

    /** The search for candidates misses no line of ours. */
    @Test
    void next_anyLinesInAnyBlocks_givesWhatParseLineGives() throws IOException {
        List<byte[]> lines = allLines();
        SeccompRecordParser parser = new SeccompRecordParser();
        List<RecordText> expected =
                lines.stream()
                        .map(line -> Arrays.copyOf(line, line.length + 1))
                        .peek(line -> line[line.length - 1] = '\n')
                        .map(line -> RecordText.ofLine(parser, line, line.length))
                        .filter(text -> text.outcome() != ParseOutcome.NOT_OURS)
                        .toList();
        assertTrue(expected.size() > 150, "found " + expected.size());
        byte[] log = join(lines);
        for (int readSize : new int[] {1, 7, 100, 5_000, 1 << 20}) {
            assertEquals(expected, scan(log, readSize, false));
            assertEquals(expected, scan(log, readSize, true));
        }
    }

    @Test
    void lineStart_isThatOfTheLine() {
        String json = "{\"a\":1}\n";
        byte[] log = bytes("text\n" + RECORD + "\n" + json + "> " + RECORD + "\n");
        LogScanner scanner = new LogScanner();
        scanner.reset(log, 0, log.length);
        assertTrue(scanner.next());
        assertEquals(5, scanner.lineStart());
        assertTrue(scanner.next());
        assertEquals(5 + RECORD.length() + 1 + json.length(), scanner.lineStart());
    }

    /** An index as RecordIndex describes it, which stops early, as is allowed. */
    private static int index(byte[] block, int from, int to, int[] starts, Random random) {
        int at = from;
        int count = 0;
        RawLine.Kind kind = at < to ? RawLine.kindAt(block, at, to) : RawLine.Kind.ANY_TEXT;
        do {
            if (kind == RawLine.Kind.SECCOMP) {
                starts[count++] = at;
            }
            at = kind.isPlain() ? CandidateSearch.lineEnd(block, at, to) : at;
            kind = at < to ? RawLine.kindAt(block, at, to) : RawLine.Kind.ANY_TEXT;
        } while (kind.isPlain() && count < starts.length - 1 && random.nextInt(20) > 0);
        starts[count] = at;
        return count;
    }

    /** A head that is cut before any word that a search could find. */
    @Test
    void next_cutHeadBehindAnyLine_isLookedAt() throws IOException {
        for (String before : List.of("", "text\n", "some text\nand more\n", RECORD + "\n")) {
            for (String cut : List.of("type=SECCOMP", "type=SECCOMP msg=aud", "node=n type=1326")) {
                String log = before + cut + "\n" + "behind it, some more text\n";
                List<RecordText> found = scan(bytes(log), 100, true);
                assertTrue(found.get(found.size() - 1).outcome() == ParseOutcome.MALFORMED, log);
            }
        }
    }

    /** For all positions of a second record's head across the length limit of lines. */
    @Tag("large")
    @Test
    void tooLong_headAcrossTheLimit_isCounted() throws IOException {
        for (int before = 0; before <= 40; before++) {
            byte[] log = bytes("x".repeat(BLOCK - before) + " " + RECORD + "\n");
            boolean counted =
                    scan(log, 1 << 20, false).stream()
                            .anyMatch(
                                    text ->
                                            text == null
                                                    || text.outcome() == ParseOutcome.MALFORMED);
            assertTrue(counted, before + " before the limit");
        }
    }

    @Test
    void next_withAnIndex_givesTheSame() throws IOException {
        Random random = new Random(3);
        int[] calls = new int[1];
        LogScanner indexed =
                new LogScanner(
                        (block, from, to, starts) -> {
                            calls[0]++;
                            return index(block, from, to, starts, random);
                        });
        List<byte[]> lines = allLines();
        for (int i = 0; i < 20; i++) {
            lines.add(bytes(RECORD));
            lines.add(bytes(RECORD.replace("SECCOMP", "SYSCALL")));
        }
        Collections.shuffle(lines, random);
        byte[] log = join(lines);
        for (int readSize : new int[] {100, 5_000, 1 << 20}) {
            assertEquals(scan(log, readSize, true), scan(indexed, log, readSize, true));
        }
        assertTrue(calls[0] > 50, "used " + calls[0] + " times");
    }

    @Test
    void next_programWithSeveralFaces_repeatsEach() {
        List<String> faces = new ArrayList<>();
        for (String exe : List.of("\"/a\"", "2F6120")) {
            faces.add(RECORD.replace("\"/a\"", exe));
            faces.add(RECORD.replace("\"/a\"", exe).replace("c000003e", "40000003"));
            faces.add(RECORD.replace("\"/a\"", exe).replace("sig=0", "sig=31"));
        }
        List<byte[]> lines = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            faces.forEach(face -> lines.add(bytes(face)));
        }
        byte[] log = join(lines);
        LogScanner scanner = new LogScanner();
        scanner.reset(log, 0, log.length);
        int repeated = 0;
        while (scanner.next()) {
            repeated += scanner.parser().lastWasRepeated() ? 1 : 0;
        }
        assertEquals(lines.size() - faces.size(), repeated);
    }

    @Test
    void find_anyPlaceInAnyBlock_isFoundAndNothingElse() {
        for (int length = 0; length < 70; length++) {
            for (int at = 0; at < length; at++) {
                byte[] block = new byte[length + 20];
                Arrays.fill(block, (byte) (at % 2 == 0 ? 'a' : 'u'));
                System.arraycopy(bytes(at % 3 == 0 ? "auid" : "audi"), 0, block, at, 4);
                int expected = at + 4 <= length ? at : length;
                assertEquals(expected, CandidateSearch.find(block, 0, length));
                assertEquals(length, CandidateSearch.find(block, at + 1, length));
            }
        }
    }

    @Table
    void find_numberOfAnAddress_isFoundAndNoOther(String text) {
        byte[] block = bytes(text);
        assertEquals(text.indexOf('0'), CandidateSearch.find(block, 0, block.length));
        assertEquals(block.length, CandidateSearch.find(block, 1, block.length));
        byte[] other = bytes(text.replace("ip", "a0"));
        assertEquals(other.length, CandidateSearch.find(other, 0, other.length));
    }

    /** laurel can leave out auid. */
    @Table
    void next_jsonWithoutAuid_isFound(String address) throws IOException {
        String line = "{\"ID\":\"1700000000.123:456\",\"SECCOMP\":{\"syscall\":1,%s}}\n";
        assertEquals(1, scan(bytes("\n" + line.formatted(address)), 10, false).size());
    }

    @Test
    void lineEnd_anyPlace_isBehindTheFeed() {
        for (int length = 1; length < 70; length++) {
            for (int at = 0; at < length; at++) {
                byte[] block = new byte[length + 20];
                block[at] = '\n';
                block[length] = '\n';
                for (int from = 0; from <= at; from++) {
                    assertEquals(at + 1, CandidateSearch.lineEnd(block, from, length));
                }
                assertEquals(length, CandidateSearch.lineEnd(block, at + 1, length));
                assertEquals(at + 1, CandidateSearch.lineStart(block, 0, length));
            }
        }
    }

    @Test
    void next_lastLineWithoutFeed_isLookedAt() throws IOException {
        assertEquals(1, scan(bytes(RECORD), 10, false).size());
        assertEquals(2, scan(bytes(RECORD + "\r\n" + RECORD), 10, true).size());
        assertEquals(0, scan(new byte[0], 10, false).size());
        assertEquals(0, scan(bytes("\n\n"), 10, false).size());
    }

    @Test
    void next_nulsAndInvalidUtf8BetweenRecords_doNotDisturb() throws IOException {
        byte[] noise = new byte[3_000_000];
        new Random(1).nextBytes(noise);
        byte[] log = join(List.of(bytes(RECORD), noise, new byte[100_000], bytes(RECORD)));
        long records =
                scan(log, 1 << 20, false).stream()
                        .filter(text -> text != null && text.outcome() == ParseOutcome.RECORD)
                        .count();
        assertEquals(2, records);
    }

    @Test
    void fill_eager_returnsWithTheFirstLine() throws IOException {
        byte[] first = bytes("a\nb");
        LineBlocks blocks =
                new LineBlocks(
                        (buf, off, len) -> {
                            System.arraycopy(first, 0, buf, off, first.length);
                            return first.length;
                        });
        byte[] block = new byte[BLOCK];
        assertEquals(2, blocks.fill(block, true));
        assertEquals(3, blocks.fill(block, true));
        assertEquals("ba\n", new String(block, 0, 3, StandardCharsets.UTF_8));
    }
}
