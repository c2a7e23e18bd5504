// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.audit.LogScanner;
import io.sandbox.audit.ParseOutcome;
import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native search finds the same records as the one in Java. */
final class NativeLogIT {
    private static final String RECORD =
            "type=SECCOMP msg=audit(1700000000.001:7): auid=1 uid=1 gid=1 ses=3 pid=7 comm=\"a\""
                    + " exe=\"/a\" sig=0 arch=c000003e syscall=39 compat=0 ip=0x7f code=0x7ffc0000";
    private static final List<String> LINES =
            List.of(
                    RECORD,
                    RECORD + "\u001dARCH=x86_64 SYSCALL=getpid",
                    RECORD.replace("SECCOMP", "1326"),
                    RECORD.replace("SECCOMP", "UNKNOWN[1326]"),
                    RECORD.replace("SECCOMP", "SYSCALL"),
                    RECORD.replace("SECCOMP", "A"),
                    RECORD.replace("SECCOMP", "A_TYPE_THAT_HAS_A_VERY_LONG_NAME"),
                    RECORD.replace("SECCOMP", "A_TYPE_THAT_HAS_A_VERY_LONG_NAMES"),
                    RECORD.replace("SECCOMP", "SECCOMPS"),
                    "node=n " + RECORD,
                    "type=ANOM_ABEND msg=audit(1.001:7): auid=1 uid=1 gid=1 ses=3 pid=7 comm=\"a\""
                            + " reason=\"seccomp\" sig=31 syscall=2 compat=0 ip=0x7f code=0x0",
                    "[ 9.0] audit: type=1326 audit(1.001:7): auid=1 uid=1 gid=1 ses=3 pid=7"
                            + " comm=\"a\" exe=\"/a\" sig=0 arch=c000003e syscall=1 compat=0 ip=0x7"
                            + " code=0x7ffc0000",
                    "type=CWD msg=audit(1700000000.001:6): cwd=\"/\"",
                    "type=EOE msg=audit(1700000000.001:6): ",
                    "audit_log_start: audit_lost=12 audit_rate_limit=0",
                    "",
                    "type=");

    @TempDir private Path folder;

    private static byte[] damagedLines(Random random) {
        StringBuilder log = new StringBuilder();
        for (int i = random.nextInt(30); i >= 0; i--) {
            StringBuilder line = new StringBuilder(LINES.get(random.nextInt(LINES.size())));
            int place = random.nextInt(Math.min(line.length(), 40) + 1);
            switch (random.nextInt(8)) {
                case 0 -> line.setLength(place);
                case 1 -> line.insert(place, (char) (random.nextInt(95) + 32));
                case 2 -> line.delete(place, Math.min(line.length(), place + 1));
                case 3 -> line.insert(place, "_\u0000\n A".charAt(random.nextInt(5)));
                default -> {}
            }
            log.append(line).append(random.nextInt(20) == 0 ? "\r\n" : "\n");
        }
        log.setLength(Math.max(0, log.length() - random.nextInt(3)));
        return log.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    static List<String> scan(LogScanner scanner, byte[] block, int from, int to) {
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

    @Test
    void find_damagedLinesAnywhereInABlock_areReadAsWithoutIt() {
        Random random = new Random(11);
        LogScanner plain = new LogScanner();
        LogScanner indexed = new LogScanner(NativeLog::find);
        int records = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] lines = damagedLines(random);
            int from = random.nextInt(10);
            byte[] block = new byte[from + lines.length + random.nextInt(60)];
            Arrays.fill(block, (byte) 'S');
            System.arraycopy(lines, 0, block, from, lines.length);
            List<String> expected = scan(plain, block, from, from + lines.length);
            assertEquals(
                    expected,
                    scan(indexed, block, from, from + lines.length),
                    () -> new String(lines, StandardCharsets.ISO_8859_1));
            records += expected.size();
        }
        assertTrue(records > 50_000, "found " + records);
    }

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
