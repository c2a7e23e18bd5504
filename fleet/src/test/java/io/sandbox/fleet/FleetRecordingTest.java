// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetRecordingTest {
    @TempDir private Path folder;

    /** The files of hosts: {@code a 1: /bin/x read | b gone}, with the runs as RunText has them. */
    private List<Path> files(String hosts) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String host : hosts.split(" \\| ")) {
            String[] words = host.split(" ", 2);
            Path file = folder.resolve(words[0] + "/r.json");
            files.add(file);
            if (!words[words.length - 1].equals("gone")) {
                Files.createDirectories(file.getParent());
                String runs = words.length > 1 ? words[1] : "";
                Files.write(file, RecordingWriter.write(RunText.recording(runs)));
            }
        }
        return files;
    }

    private static Fleet fleet(String pattern, List<Path> files) {
        return new FleetReader(Optional.of(HostPattern.parse(pattern)), Optional.empty(), true)
                .read(files);
    }

    /**
     * @param runs what the recording has if its bytes are read again; empty for anything
     * @param merged the verdict if only the recordings were merged, if that is told
     */
    @Table
    void of_hosts_isComplete(String hosts, String verdict, String why, String runs, String merged)
            throws IOException {
        Fleet fleet = fleet("{host}/*", files(hosts));
        Recording recording = RecordingReader.read(RecordingWriter.write(FleetRecording.of(fleet)));
        assertEquals(verdict, recording.verdictWords());
        assertTrue(
                why.isEmpty() || recording.unhealed().get(0).verdict().toString().contains(why),
                recording::toString);
        assertTrue(runs.isEmpty() || recording.equals(RunText.recording(runs)), runs);
        String all = hosts.replaceAll("(^|( \\| ))[a-z] ", " // ").substring(4);
        assertTrue(merged.isEmpty() || merged.equals(RunText.recording(all).verdictWords()), all);
    }

    /** A forged run with another's id takes its place in neither recording nor table. */
    @Test
    void runWithTheIdOfAnother_removesNothing() throws IOException {
        List<Path> both = files("a/1 1: /bin/x 1 2 | a/2 1: /bin/x 1");
        byte[] before = null;
        for (List<Path> files : List.of(both, List.of(both.get(1), both.get(0)))) {
            Fleet fleet = fleet("{host}/*/*", files);
            assertEquals(2, fleet.programs().iterator().next().calls().size());
            assertEquals(2, FleetRecording.of(fleet).runs().size());
            assertEquals(
                    RunText.recording("1: /bin/x 1 2").calls(), FleetRecording.of(fleet).calls());
            byte[] bytes = RecordingWriter.write(FleetRecording.of(fleet));
            assertArrayEquals(before == null ? bytes : before, bytes);
            before = bytes;
        }
    }

    @Test
    void buildIds_tellVersionsApart() throws IOException {
        String text = "a 1: /bin/x#0a 1 | b 2: /bin/x#0b 1 | c 3: /bin/x#0a 2 | d 4: /bin/x 2";
        Fleet fleet = fleet("{host}/*", files(text));
        FleetProgram program = fleet.programs().iterator().next();
        Map<String, List<String>> versions = new TreeMap<>();
        program.versions().forEach((id, hosts) -> versions.put(id, fleet.namesOf(hosts)));
        assertEquals(Map.of("0a", List.of("a", "c"), "0b", List.of("b")), versions);
        assertEquals(List.of("d"), fleet.namesOf(program.hostsOfUnknownVersion()));
    }
}
