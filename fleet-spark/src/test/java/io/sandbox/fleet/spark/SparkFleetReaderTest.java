// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.RecordingWriter;
import io.sandbox.fleet.Fleet;
import io.sandbox.fleet.FleetReader;
import io.sandbox.fleet.FleetRecording;
import io.sandbox.fleet.HostPattern;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/bench/fleet --spark} has more: a cluster, a killed executor, large files. */
class SparkFleetReaderTest {
    @TempDir private Path folder;

    @BeforeAll
    static void setSpark() {
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.app.name", "test");
        System.setProperty("spark.ui.enabled", "false");
        System.setProperty("spark.driver.host", "localhost");
        System.setProperty("spark.files.openCostInBytes", "0");
        // Each log is cut.
        System.setProperty("spark.files.maxPartitionBytes", "300");
    }

    @Test
    void aFleet_isThatOfOneMachine() throws Exception {
        for (int host = 0; host < 3; host++) {
            StringBuilder log = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                log.append("type=SECCOMP msg=audit(17000000%02d.000:%d): ".formatted(i, i));
                log.append(
                        "auid=0 uid=0 gid=0 ses=1 pid=7 comm=\"x\" exe=\"/bin/%d\""
                                .formatted(i % 3));
                log.append(" sig=0 arch=c000003e syscall=%d compat=0".formatted(i * host % 11));
                log.append(" ip=0x7f code=0x7ffc0000\n");
            }
            Path file = folder.resolve("logs/host-" + host + "/audit.log");
            Files.createDirectories(file.getParent());
            Files.writeString(file, log);
        }
        String missing = folder.resolve("missing").toString();
        String logs = folder.resolve("logs").toString();
        Path file = folder.resolve("fleet");
        ReadFleet.main(new String[] {file.toString(), "true", "logs/{host}/*", "", logs, missing});
        Fleet fleet;
        try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(file))) {
            fleet = (Fleet) in.readObject();
        }
        Optional<HostPattern> pattern = Optional.of(HostPattern.parse("logs/{host}/*"));
        Fleet here =
                new FleetReader(pattern, Optional.empty(), true)
                        .read(List.of(Path.of(logs), Path.of(missing)));
        assertEquals(Set.of(missing), fleet.unread().keySet());
        assertEquals(here.unread(), fleet.unread());
        assertEquals(List.of("host-0", "host-1", "host-2"), fleet.hosts());
        assertArrayEquals(recording(here), recording(fleet));
    }

    private static byte[] recording(Fleet fleet) {
        return RecordingWriter.write(FleetRecording.of(fleet));
    }
}
