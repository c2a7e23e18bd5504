// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.outcome.OutputException;
import io.sandbox.syscalldb.testing.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No gap of a log is overlooked, in whatever form the log comes and whichever thread parses it. */
class LogReaderTest {
    private static final String MALFORMED = "type=SECCOMP msg=audit(1700000000.001:7): auid=1 uid=";
    private static final String SUPPRESSED = "kauditd_printk_skb: 5 callbacks suppressed";
    private static final String LOST = "audit_log_start: audit_lost=12 audit_rate_limit=0";
    private static final String OTHER = "type=CWD msg=audit(1700000000.001:6): cwd=\"/\"";

    /** Enough lines for several threads. */
    private static final int MANY = 20_000;

    private static final LogFilter ALL = LogFilter.all();

    @TempDir private Path folder;

    private static String record(int syscall) {
        return "type=SECCOMP msg=audit(1700000000.001:7): auid=1 uid=1 gid=1 ses=3 pid=7 comm=\"a\""
                + " exe=\"/a\" sig=0 arch=c000003e syscall="
                + syscall
                + " compat=0 ip=0x7f code=0x7ffc0000";
    }

    private static byte[] bytes(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static InputStream stream(List<String> lines) {
        return new ByteArrayInputStream(bytes(lines));
    }

    private static LogReader reader() {
        return new LogReader(ALL, null, bytes -> {});
    }

    private static LogTally read(LogReader reader, LogInput input) throws IOException {
        try (reader;
                input) {
            reader.read(input);
            return reader.tally();
        }
    }

    private static LogTally readStream(List<String> lines) throws IOException {
        return read(reader(), LogInput.of("x", stream(lines)));
    }

    private LogInput file(List<String> lines) throws IOException {
        return LogInput.open(Files.write(folder.resolve("log"), bytes(lines)));
    }

    /** Several threads read a file's parts, but one reads a stream and hands out blocks. */
    private void assertBoth(List<String> lines, long records, List<String> gaps)
            throws IOException {
        LogTally ofStream = readStream(lines);
        assertEquals(records, ofStream.records(), "stream");
        assertEquals(gaps, ofStream.gaps(), "stream");
        LogTally ofFile = read(reader(), file(lines));
        assertEquals(records, ofFile.records(), "file");
        String place = " of " + folder.resolve("log");
        assertEquals(
                gaps,
                ofFile.gaps().stream().map(gap -> gap.replace(place, " of x")).toList(),
                "file");
    }

    private static List<String> many() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            lines.add(record(i % 100));
        }
        return lines;
    }

    /** R is a record, O another line, S and L are losses. */
    @Table
    void read_lines_areCountedAndLossesAreGaps(String lines, long records, String gaps)
            throws IOException {
        Map<String, String> kinds = Map.of("R", record(1), "O", OTHER, "S", SUPPRESSED, "L", LOST);
        assertBoth(Stream.of(lines.split(" ")).map(kinds::get).toList(), records, list(gaps));
    }

    private static List<String> list(String texts) {
        return texts.isEmpty() ? List.of() : List.of(texts.split("; "));
    }

    /** Its lines begin as those of a journal could, which one thread has to read. */
    @Test
    void read_laurel_isReadByAllThreads() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            lines.add(
                    "{\"ID\":\"1700000000.001:"
                            + i
                            + "\",\"NODE\":\"a\",\"SECCOMP\":{\"auid\":1,\"exe\":\"/a\",\"syscall\":"
                            + i % 100
                            + ",\"arch\":\"0xc000003e\",\"code\":\"0x7ffc0000\"}}");
        }
        AtomicInteger threads = new AtomicInteger();
        ThreadFactory counting =
                tasks -> {
                    threads.incrementAndGet();
                    return new Thread(tasks);
                };
        LogTally tally = read(new LogReader(ALL, false, null, read -> {}, counting), file(lines));
        assertEquals(MANY, tally.records());
        assertEquals(List.of(), tally.gaps());
        assertTrue(threads.get() > 0, "one thread reads a journal");
    }

    /** The first malformed record is named, whichever thread finds one first. */
    @Test
    void read_malformedRecords_areAGapWithThePlaceOfTheFirst() throws IOException {
        List<String> lines = many();
        int first = MANY / 3;
        lines.add(first, MALFORMED);
        lines.add(MANY / 2, MALFORMED);
        lines.add(MANY, MALFORMED);
        long place = bytes(lines.subList(0, first)).length;
        LogTally tally = readStream(lines);
        assertEquals(3, tally.malformed());
        String text = tally.gaps().get(0);
        assertTrue(
                text.startsWith(
                        "3 records could not be read, the first at byte " + place + " of x"),
                text);
        assertBoth(lines, MANY, tally.gaps());
    }

    @Test
    void read_recordBehindTheBeginningOfALongLine_isAGap() throws IOException {
        List<String> lines = new ArrayList<>(List.of(record(1)));
        lines.add("y".repeat(3 << 20) + " " + record(2));
        lines.add(record(3));
        LogTally tally = readStream(lines);
        assertEquals(1, tally.malformed());
        assertTrue(tally.gaps().get(0).contains("the line is too long"), tally.gaps()::toString);
        assertBoth(lines, 2, tally.gaps());
    }

    @Test
    void read_randomLogs_streamAndFileSayTheSame() throws IOException {
        List<String> kinds = List.of(record(1), OTHER, SUPPRESSED, LOST, MALFORMED, "");
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed * 0x9e37_79b9L);
            List<String> lines = new ArrayList<>();
            long records = 0;
            for (int i = random.nextInt(15_000); i > 0; i--) {
                int kind = random.nextInt(20);
                lines.add(kinds.get(kind < kinds.size() ? kind : 0));
                records += kind == 0 || kind >= kinds.size() ? 1 : 0;
            }
            assertBoth(lines, records, readStream(lines).gaps());
        }
    }

    private static final String RECORD_BODY =
            "auid=1 uid=1 gid=1 ses=3 pid=7 comm=\"a\" exe=\"/a\" sig=0 arch=c000003e syscall=1"
                    + " compat=0 ip=0x7f code=0x7ffc0000\n\n";

    private static String printed(String text) {
        return "__CURSOR=s=1;i=1\n_TRANSPORT=kernel\nSYSLOG_FACILITY=0\nMESSAGE=" + text;
    }

    /** The head of the table says what it is. */
    private static String entry(String text) {
        String serial = text.substring(1);
        return switch (text.charAt(0)) {
            case 'S' ->
                    "__CURSOR=s=1;i=1\n_TRANSPORT=audit\n_AUDIT_TYPE=1326\n_AUDIT_ID="
                            + serial
                            + "\n_SOURCE_REALTIME_TIMESTAMP=1700000000001000\nMESSAGE=SECCOMP "
                            + RECORD_BODY;
            case 'J' ->
                    "__CURSOR=s=1;i=1\n__REALTIME_TIMESTAMP=1700000000001000\n_TRANSPORT=audit\n"
                            + "_AUDIT_TYPE=1326\nMESSAGE=SECCOMP "
                            + RECORD_BODY;
            case 'P' ->
                    printed(
                            "audit: type=1326 audit(1700000000.001:%s): %s"
                                    .formatted(serial, RECORD_BODY));
            default -> printed("kauditd_printk_skb: 2 callbacks suppressed\n\n");
        };
    }

    @Table
    void read_journal_countsEachRecordOnceAndMissesNone(
            String form, String entries, long records, String gaps) throws IOException {
        String export =
                Stream.of(entries.split(" "))
                        .map(LogReaderTest::entry)
                        .collect(Collectors.joining());
        assertBoth(List.of(form.equals("json") ? json(export) : export), records, list(gaps));
    }

    /** Each entry as {@code journalctl -o json} prints it. */
    private static String json(String export) {
        StringBuilder lines = new StringBuilder();
        for (String entry : export.strip().split("\n\n")) {
            lines.append(
                    Stream.of(entry.split("\n"))
                            .map(field -> field.split("=", 2))
                            .map(part -> quoted(part[0]) + ":" + quoted(part[1]))
                            .collect(Collectors.joining(",", "{", "}\n")));
        }
        return lines.toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\\\"") + '"';
    }

    // Logs that cannot be read.

    private static InputStream breakingAfter(List<String> lines, IOException why) {
        return new SequenceInputStream(
                stream(lines),
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw why;
                    }
                });
    }

    /** No search finds anything in text of two bytes for each character. */
    @Test
    void read_wideText_throws() throws IOException {
        String text = record(1) + "\n" + record(2) + "\n";
        for (Charset wide :
                List.of(
                        StandardCharsets.UTF_16,
                        StandardCharsets.UTF_16LE,
                        StandardCharsets.UTF_16BE)) {
            byte[] log = text.getBytes(wide);
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(log);
            }
            for (byte[] bytes : List.of(log, packed.toByteArray())) {
                LogInput input = LogInput.of("x", new ByteArrayInputStream(bytes));
                IOException why = assertThrows(IOException.class, () -> read(reader(), input));
                assertTrue(why.getMessage().startsWith("text in UTF-16"), why.getMessage());
            }
        }
    }

    @Test
    void read_streamBreaksOff_throwsAndCountsWhatCame() throws IOException {
        IOException why = new IOException("broken");
        for (List<String> lines : List.of(List.of(record(1)), many())) {
            try (LogReader reader = reader();
                    LogInput input = LogInput.of("x", breakingAfter(lines, why))) {
                assertSame(why, assertThrows(IOException.class, () -> reader.read(input)));
                assertEquals(lines.size(), reader.tally().records());
            }
        }
    }

    @Test
    void read_fileGrowsMeanwhile_isReadToItsNewEnd() throws IOException {
        Path file = Files.write(folder.resolve("log"), bytes(many()));
        List<Long> heard = new ArrayList<>();
        LogReader.Progress grow =
                position -> {
                    heard.add(position);
                    if (heard.size() == 1) {
                        append(file, bytes(many()));
                    }
                };
        LogTally tally = read(new LogReader(ALL, null, grow), LogInput.open(file));
        assertEquals(2L * MANY, tally.records());
    }

    private static void append(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void read_nextLogAfterABrokenOne_isReadWithoutItsTrouble() throws IOException {
        Path file = Files.write(folder.resolve("log"), bytes(many()));
        try (LogReader reader = reader()) {
            try (LogInput input = LogInput.open(file)) {
                Files.write(file, bytes(List.of(record(1))));
                IOException why = assertThrows(IOException.class, () -> reader.read(input));
                assertEquals("the file became shorter while it was read", why.getMessage());
            }
            long before = reader.tally().records();
            try (LogInput input = LogInput.of("y", stream(many()))) {
                reader.read(input);
            }
            assertEquals(before + MANY, reader.tally().records());
        }
    }

    // Records as JSON.

    @Test
    void read_recordsAreWanted_comeInTheOrderOfTheLog() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            lines.add(record(i));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        read(new LogReader(ALL, out, bytes -> {}), file(lines));
        List<String> json = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(MANY, json.size());
        for (int i = 0; i < MANY; i++) {
            assertTrue(json.get(i).matches(".*[:,\"]" + i + "[,}\"].*"), json.get(i));
        }
    }

    @Test
    void read_recordsCannotBeWritten_throws() throws IOException {
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        LogInput input = LogInput.of("x", stream(many()));
        LogReader reader = new LogReader(ALL, full, bytes -> {});
        assertThrows(OutputException.class, () -> read(reader, input));
    }

    // Parsers that die.

    /** This happens when memory is exhausted: the parser's tasks stay undone without an error. */
    @Test
    void read_parserDies_throwsInsteadOfWaiting() throws IOException {
        ThreadFactory deadly =
                tasks ->
                        new Thread(
                                () -> {
                                    throw new OutOfMemoryError("for a test");
                                });
        try (LogReader reader = new LogReader(ALL, false, null, bytes -> {}, deadly);
                LogInput input = LogInput.of("x", stream(many()))) {
            IllegalStateException why =
                    assertTimeoutPreemptively(
                            Duration.ofMinutes(1),
                            () ->
                                    assertThrows(
                                            IllegalStateException.class, () -> reader.read(input)));
            assertEquals("for a test", why.getCause().getMessage());
        }
    }

    @Test
    void read_progress_endsWithTheWholeLog() throws IOException {
        List<Long> heard = new ArrayList<>();
        byte[] log = bytes(many());
        read(new LogReader(ALL, null, heard::add), LogInput.of("x", new ByteArrayInputStream(log)));
        assertEquals(heard.stream().sorted().toList(), heard);
        assertEquals(log.length, heard.get(heard.size() - 1));
    }
}
