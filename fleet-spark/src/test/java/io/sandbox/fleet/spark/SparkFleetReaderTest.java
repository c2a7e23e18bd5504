// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.RecordingWriter;
import io.sandbox.fleet.Fleet;
import io.sandbox.fleet.FleetReader;
import io.sandbox.fleet.FleetRecording;
import io.sandbox.fleet.HostPattern;
import io.sandbox.text.Shipped;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        // Each log is cut.
        System.setProperty("spark.files.maxPartitionBytes", "300");
        Fleet fleet = readTwice("logs/{host}/*", folder.resolve("logs"), folder.resolve("missing"));
        assertEquals(Set.of(folder.resolve("missing").toString()), fleet.unread().keySet());
        assertEquals(List.of("host-0", "host-1", "host-2"), fleet.hosts());
    }

    /**
     * Each with a recording as {@code sandbox node} has written it, and one in a hundred differs.
     */
    @Test
    void aThousandNodes_areThoseOfOneMachine() throws Exception {
        String recorded = Shipped.text(SparkFleetReaderTest.class, "node.json");
        for (int node = 0; node < 1000; node++) {
            String other =
                    "\"name\":\""
                            + (node % 100 == 0 ? "bind\",\"number\":49" : "getcwd\",\"number\":79");
            Path file =
                    folder.resolve(
                            "nodes/node-" + node + "/recordings/shop/web/nginx/web-0_0.json");
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file,
                    recorded.replaceFirst("\"id\":\"[0-9a-f]*", "\"id\":\"%032x".formatted(node))
                            .replace("\"name\":\"getcwd\",\"number\":79", other));
        }
        System.setProperty("spark.files.maxPartitionBytes", "100k");
        Fleet fleet = readTwice("nodes/{host}/recordings/**", folder.resolve("nodes"));
        assertEquals(Map.of(), fleet.unread());
        assertEquals(1000, fleet.hosts().size());
    }

    /** The fleet that Spark reads, which must be the one that this machine reads. */
    private Fleet readTwice(String hosts, Path... paths) throws Exception {
        Path file = folder.resolve("fleet");
        List<String> words = new ArrayList<>(List.of(file.toString(), "true", hosts, ""));
        List.of(paths).forEach(path -> words.add(path.toString()));
        ReadFleet.main(words.toArray(new String[0]));
        Fleet fleet;
        try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(file))) {
            fleet = (Fleet) in.readObject();
        }
        Fleet here =
                new FleetReader(Optional.of(HostPattern.parse(hosts)), Optional.empty(), true)
                        .read(List.of(paths));
        assertEquals(here.unread(), fleet.unread());
        assertArrayEquals(recording(here), recording(fleet));
        return fleet;
    }

    private static byte[] recording(Fleet fleet) {
        return RecordingWriter.write(FleetRecording.of(fleet));
    }
}
