// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the native search and the native reader do; {@link LogFuzzIT} compares what is found. */
final class NativeLogIT {
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
