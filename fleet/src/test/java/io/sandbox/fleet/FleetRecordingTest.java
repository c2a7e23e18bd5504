// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.Machine;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetRecordingTest {
    private static final Verdict LOSSY = new Verdict.Incomplete(1, List.of("1 record lost"));

    @TempDir private Path folder;

    private static Run run(String id, int second, Verdict verdict, ProgramEvidence... programs) {
        return new Run(
                id,
                Instant.ofEpochSecond(second),
                40,
                "audit",
                Optional.of("preload"),
                List.of("./x"),
                RunFilter.LOG_ALL,
                OptionalInt.of(0),
                verdict,
                new Machine("6.18", "x86_64", "0.1.0"),
                List.of(programs));
    }

    private static ProgramEvidence program(String buildId, int... numbers) {
        List<Integer> calls = IntStream.of(numbers).boxed().toList();
        return new ProgramEvidence(
                "/bin/x",
                Evidence.X86_64,
                Optional.empty(),
                Optional.ofNullable(buildId),
                Evidence.program("/bin/x", Evidence.X86_64, calls).calls(),
                List.of());
    }

    private Path file(String host, Run... runs) throws IOException {
        Path file = folder.resolve(host + "/r.json");
        Files.createDirectories(file.getParent());
        return Files.write(file, RecordingWriter.write(new Recording(List.of(runs))));
    }

    private static Fleet fleet(Path... files) {
        return new FleetReader(Optional.of(HostPattern.parse("{host}/*")), Optional.empty(), true)
                .read(List.of(files));
    }

    /** Read again from its bytes. */
    private static Recording recording(Path... files) {
        return RecordingReader.read(RecordingWriter.write(FleetRecording.of(fleet(files))));
    }

    @Test
    void completeRunsOfAllHosts_areComplete() throws IOException {
        Run one = run("1", 1, new Verdict.Complete(), program(null, 1));
        Run two = run("2", 2, new Verdict.Complete(), program(null, 2));
        Recording recording = recording(file("a", one), file("b", two), file("c", two));
        assertEquals(new Recording(List.of(one, two)), recording);
        assertEquals("complete", recording.verdictWords());
    }

    @Test
    void hostWithoutEvidence_isNotComplete() throws IOException {
        Path some = file("a", run("1", 1, new Verdict.Complete(), program(null, 1)));
        Recording recording = recording(some, file("b"));
        assertEquals("incomplete", recording.verdictWords());
        assertTrue(
                recording
                        .unhealed()
                        .get(0)
                        .verdict()
                        .toString()
                        .contains("of these hosts was seen: b"),
                recording::toString);
    }

    /** A later run of another host would fill the gap, if only the recordings were merged. */
    @Test
    void lossesOfOneHost_areNotFilledByAnother() throws IOException {
        Run lossy = run("1", 1, LOSSY, program(null, 1));
        Run later = run("2", 2, new Verdict.Complete(), program(null, 1));
        assertEquals("complete", new Recording(List.of(lossy, later)).verdictWords());
        Recording recording = recording(file("a", lossy), file("b", later));
        assertEquals("incomplete", recording.verdictWords());
        assertEquals("complete", recording(file("a", lossy, later)).verdictWords());
    }

    @Test
    void fileThatCannotBeRead_isNotComplete() throws IOException {
        Path some = file("a", run("1", 1, new Verdict.Complete(), program(null, 1)));
        Recording recording = recording(some, folder.resolve("b/gone"));
        assertEquals("incomplete", recording.verdictWords());
    }

    /**
     * A forged run with the id of another takes its place neither in the recording nor in the
     * table.
     */
    @Test
    void runWithTheIdOfAnother_removesNothing() throws IOException {
        Run right = run("1", 1, new Verdict.Complete(), program(null, 1, 2));
        Run forged = run("1", 1, new Verdict.Complete(), program(null, 1));
        Path ofRight = file("a/1", right);
        Path ofForged = file("a/2", forged);
        HostPattern pattern = HostPattern.parse("{host}/*/*");
        byte[] before = null;
        for (List<Path> files : List.of(List.of(ofRight, ofForged), List.of(ofForged, ofRight))) {
            Fleet fleet = new FleetReader(Optional.of(pattern), Optional.empty(), true).read(files);
            assertEquals(2, fleet.programs().iterator().next().calls().size());
            assertEquals(2, FleetRecording.of(fleet).runs().size());
            assertEquals(right.calls(), FleetRecording.of(fleet).calls());
            byte[] bytes = RecordingWriter.write(FleetRecording.of(fleet));
            assertArrayEquals(before == null ? bytes : before, bytes);
            before = bytes;
        }
    }

    @Test
    void buildIds_tellVersionsApart() throws IOException {
        Fleet fleet =
                fleet(
                        file("a", run("1", 1, new Verdict.Complete(), program("0a", 1))),
                        file("b", run("2", 1, new Verdict.Complete(), program("0b", 1))),
                        file("c", run("3", 1, new Verdict.Complete(), program("0a", 2))),
                        file("d", run("4", 1, new Verdict.Complete(), program(null, 2))));
        FleetProgram program = fleet.programs().iterator().next();
        Map<String, List<String>> versions = new TreeMap<>();
        program.versions().forEach((id, hosts) -> versions.put(id, fleet.namesOf(hosts)));
        assertEquals(Map.of("0a", List.of("a", "c"), "0b", List.of("b")), versions);
        assertEquals(List.of("d"), fleet.namesOf(program.hostsOfUnknownVersion()));
    }
}
