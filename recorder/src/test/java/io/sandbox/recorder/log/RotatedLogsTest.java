// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RotatedLogsTest {
    private static List<String> inOrder(String... files) {
        return RotatedLogs.inOrder(Stream.of(files).map(Path::of).toList()).stream()
                .map(Path::toString)
                .toList();
    }

    @Test
    void inOrder_numbered_isFromTheHighestDown() {
        assertEquals(
                List.of("d/audit.log.10", "d/audit.log.2.gz", "d/audit.log.1", "d/audit.log"),
                inOrder("d/audit.log", "d/audit.log.1", "d/audit.log.10", "d/audit.log.2.gz"));
    }

    @Test
    void inOrder_dated_isByDate() {
        assertEquals(
                List.of("syslog-20251231.zst", "syslog-20260101", "syslog"),
                inOrder("syslog", "syslog-20260101", "syslog-20251231.zst"));
    }

    @Test
    void inOrder_severalSets_keepTheirPlaces() {
        assertEquals(
                List.of("b.log.1", "b.log", "a.log.1", "a.log", "x/b.log"),
                inOrder("b.log", "a.log", "b.log.1", "x/b.log", "a.log.1"));
    }

    @Test
    void inOrder_filesOfNoSet_stayAsGiven() {
        assertEquals(List.of("z", "a", "-", "b.txt"), inOrder("z", "a", "-", "b.txt"));
    }
}
