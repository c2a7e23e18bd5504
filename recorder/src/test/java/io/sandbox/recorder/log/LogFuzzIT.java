// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.audit.LogScanner;
import io.sandbox.audit.ParseOutcome;
import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.outcome.FileFailure;
import io.sandbox.policy.testing.Fuzz;
import io.sandbox.syscalldb.testing.Vectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFuzzIT {
    private static final Path CAPTURED =
            Path.of("../audit-parser/src/test/resources/io/sandbox/audit");
    private static final int LINES = 4;
    private static final int MANY = 50_000;
    private static final LogFilter ANY = LogFilter.all();

    /** A few lines of each captured log, in every form. */
    private static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(CAPTURED, "*.{log,tsv,txt}")) {
            for (Path file : files) {
                addLines(seeds, Files.readString(file, ISO_8859_1).lines().toList());
            }
        }
        List<Vectors.Row> heads = Vectors.beside(LogFuzzIT.class, "LogFuzzIT.tsv", 1);
        addLines(seeds, heads.stream().map(row -> row.get(0)).toList());
        byte[] export = Files.readAllBytes(CAPTURED.resolve("journalctl-export-debian13-6.18.bin"));
        seeds.add(Arrays.copyOf(export, Math.min(export.length, 6000)));
        seeds.add(packed(seeds.get(0)));
        return seeds;
    }

    private static void addLines(List<byte[]> seeds, List<String> lines) {
        for (int i = 0; i < lines.size(); i += LINES) {
            String some = String.join("\n", lines.subList(i, Math.min(lines.size(), i + LINES)));
            seeds.add((some + "\n").getBytes(ISO_8859_1));
        }
    }

    private static byte[] packed(byte[] log) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(log);
        }
        return out.toByteArray();
    }

    @Test
    void read_damagedLog_isReadToItsEnd() throws IOException {
        Fuzz.run(3000, seeds(), LogFuzzIT::readWhole);
    }

    private static void readWhole(byte[] input) throws IOException {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        try (LogReader reader = new LogReader(ANY, records, bytes -> {});
                LogInput log = LogInput.of("log", new ByteArrayInputStream(input))) {
            reader.read(log);
            LogEvidence.of(reader.tally());
        } catch (IOException e) {
            // A damaged compressed log has its own error message.
            assertTrue(FileFailure.reason(e).matches("[ -~]*[a-z ][ -~]*"), e::toString);
        }
    }

    /** Compares the fast native search with the simple one, anywhere in a block. */
    @Test
    void find_damagedLog_findsWhatThePlainSearchFinds() throws IOException {
        LogScanner plain = new LogScanner();
        LogScanner indexed = new LogScanner(NativeLog::find);
        Random random = new Random(Fuzz.SEED);
        AtomicInteger records = new AtomicInteger();
        Fuzz.run(
                MANY,
                seeds(),
                input -> {
                    int from = random.nextInt(10);
                    int to = from + input.length;
                    byte[] block = new byte[to + random.nextInt(60)];
                    Arrays.fill(block, (byte) 'S');
                    System.arraycopy(input, 0, block, from, input.length);
                    List<String> expected = scan(plain, block, from, to);
                    assertEquals(expected, scan(indexed, block, from, to));
                    records.addAndGet(expected.size());
                });
        assertTrue(records.get() > Fuzz.count(MANY) / 4, "found " + records);
    }

    private static List<String> scan(LogScanner scanner, byte[] block, int from, int to) {
        List<String> found = new ArrayList<>();
        scanner.reset(block, from, to - from);
        while (scanner.next()) {
            String line = scanner.lineStart() + " " + scanner.outcome();
            if (scanner.outcome() == ParseOutcome.RECORD) {
                SeccompRecord record = scanner.parser().record();
                line += " " + record.text(RecordField.SYSCALL) + record.exe();
            }
            found.add(line);
        }
        return found;
    }

    // What the native search and the native reader do; {@link LogFuzzIT} compares what is
    // found.

    private static final String RECORD =
            "type=SECCOMP msg=audit(1700000000.001:7): auid=1 uid=1 gid=1 ses=3 pid=7 comm=\"a\""
                    + " exe=\"/a\" sig=0 arch=c000003e syscall=39 compat=0 ip=0x7f code=0x7ffc0000";

    @TempDir private Path folder;

    /** The native search finds records, and ends when there are no more places for them. */
    @Test
    void find_moreRecordsThanPlaces_stopsBehindTheLast() {
        byte[] block = (RECORD + "\n").repeat(5).getBytes(StandardCharsets.US_ASCII);
        int line = RECORD.length() + 1;
        int[] starts = new int[4];
        assertEquals(3, NativeLog.find(block, line, block.length, starts));
        assertArrayEquals(new int[] {line, 2 * line, 3 * line, 4 * line}, starts);
        assertEquals(1, NativeLog.find(block, 4 * line, block.length, starts));
        assertEquals(block.length, starts[1]);
    }

    @Test
    void read_anyPlace_givesWhatIsThere() throws IOException {
        Path file = Files.writeString(folder.resolve("log"), "0123456789");
        byte[] buf = new byte[8];
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            assertEquals(4, NativeLog.read(in.getFD(), buf, 2, 4, 3));
            assertArrayEquals("\0\0003456\0\0".getBytes(StandardCharsets.US_ASCII), buf);
            assertEquals(2, NativeLog.read(in.getFD(), buf, 0, 8, 8));
            assertEquals(-1, NativeLog.read(in.getFD(), buf, 0, 8, 10));
        }
    }

    @Test
    void read_whatCannotBeRead_isAnErrorInTheWordsOfTheSystem() throws IOException {
        try (FileInputStream in = new FileInputStream("/proc/self/mem")) {
            IOException e =
                    assertThrows(
                            IOException.class,
                            () -> NativeLog.read(in.getFD(), new byte[8], 0, 8, 0));
            assertEquals("Input/output error", e.getMessage());
        }
    }
}
