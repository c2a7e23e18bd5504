// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.recorder.evidence.RecordingFormatException;
import io.sandbox.recorder.log.LogFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FleetReaderTest {
    @TempDir private Path folder;

    private static String record(int serial, String exe, int call) {
        return String.format(
                "type=SECCOMP msg=audit(1700000%03d.000:%d): auid=0 uid=0 gid=0 ses=1 pid=7"
                        + " comm=\"x\" exe=\"%s\" sig=0 arch=c000003e syscall=%d compat=0 ip=0x7f"
                        + " code=0x7ffc0000%n",
                serial % 1000, serial, exe, call);
    }

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static Fleet read(Optional<String> pattern, List<Path> files) {
        FleetReader reader = new FleetReader(pattern.map(HostPattern::parse), LogFilter.all());
        reader.read(files, FleetReaderTest::fail);
        return reader.fleet();
    }

    private static void fail(Path file, Exception why) {
        throw new AssertionError(file.toString(), why);
    }

    /** What is told of a file that cannot be read. */
    private static Exception trouble(Optional<String> pattern, Path file) {
        FleetReader reader = new FleetReader(pattern.map(HostPattern::parse), LogFilter.all());
        List<Exception> told = new ArrayList<>();
        reader.read(List.of(file), (path, why) -> told.add(why));
        return told.get(0);
    }

    /** All that a fleet tells. */
    private static String told(Fleet fleet) {
        StringBuilder text = new StringBuilder();
        text.append(fleet.hosts()).append(fleet.silentHosts()).append(fleet.losses());
        for (FleetProgram program : fleet.programs()) {
            text.append('\n').append(program.executable()).append(' ').append(program.records());
            text.append(' ').append(program.first()).append(' ').append(program.last());
            text.append(fleet.namesOf(program.hosts()));
            for (FleetCall call : program.calls()) {
                text.append("\n ").append(call.number()).append(' ').append(call.records());
                text.append(' ').append(call.first()).append(fleet.namesOf(call.hosts()));
            }
        }
        return text.toString();
    }

    @Test
    void hostInPath_isTheHostOfAllRecords() throws IOException {
        file("logs/a/audit.log", record(1, "/bin/x", 1) + record(2, "/bin/x", 2));
        file("logs/b/audit.log", "node=c " + record(1, "/bin/x", 1));
        Fleet fleet = read(Optional.of("logs/{host}/*"), FleetReader.filesOf(folder));
        assertEquals(List.of("a", "b"), fleet.hosts());
        FleetProgram program = fleet.programs().iterator().next();
        assertEquals(2, program.hostCount());
        Map<Integer, List<String>> hosts =
                program.calls().stream()
                        .collect(
                                Collectors.toMap(
                                        FleetCall::number, call -> fleet.namesOf(call.hosts())));
        assertEquals(Map.of(1, List.of("a", "b"), 2, List.of("a")), hosts);
    }

    @Test
    void hostsInLog_areToldApart() throws IOException {
        String log =
                "node=a "
                        + record(1, "/bin/x", 1)
                        + "Nov 26 01:02:03 b kernel: audit: "
                        + record(2, "/bin/x", 2).replace("SECCOMP msg=", "1326 ")
                        + record(3, "/bin/x", 3);
        Path file = file("central.log", log);
        FleetReader reader = new FleetReader(Optional.empty(), LogFilter.all());
        reader.read(List.of(file), FleetReaderTest::fail);
        assertEquals(Set.of("a", "b", file.toString()), Set.copyOf(reader.fleet().hosts()));
        assertEquals(1, reader.filesAsHosts());
    }

    @Test
    void hostWithoutRecords_isSilent() throws IOException {
        file("logs/a/audit.log", record(1, "/bin/x", 1));
        file("logs/b/audit.log", "[ 9.0] kauditd_printk_skb: 12 callbacks suppressed\n");
        Fleet fleet = read(Optional.of("{host}/*"), FleetReader.filesOf(folder));
        assertEquals(List.of("b"), fleet.silentHosts());
        assertEquals(Set.of("b"), fleet.losses().keySet());
    }

    @Test
    void hostWithCanariesOnly_isSilent() throws IOException {
        String canary = record(2, "/usr/libexec/sandbox/sandbox-exec", 0x2000_0000);
        String log = "node=a " + record(1, "/bin/x", 1) + "node=b " + canary;
        Fleet fleet = read(Optional.empty(), List.of(file("central.log", log)));
        assertEquals(List.of("a", "b"), fleet.hosts());
        assertEquals(List.of("b"), fleet.silentHosts());
    }

    /** It is a union of sets. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void orderAndRepeats_doNotMatter(long seed) throws IOException {
        Random random = new Random(seed);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            StringBuilder log = new StringBuilder();
            for (int line = random.nextInt(20); line >= 0; line--) {
                if (random.nextInt(3) == 0) {
                    log.append("node=n").append(random.nextInt(3)).append(' ');
                }
                int exe = random.nextInt(4);
                log.append(record(random.nextInt(1000), "/bin/" + exe, random.nextInt(600)));
            }
            files.add(file("h" + random.nextInt(10) + "/" + i + ".log", log.toString()));
        }
        for (Optional<String> pattern :
                List.of(Optional.of("{host}/*"), Optional.<String>empty())) {
            String once = told(read(pattern, files));
            List<Path> again = new ArrayList<>(files);
            again.addAll(files.subList(0, random.nextInt(files.size())));
            Collections.shuffle(again, random);
            assertEquals(once, told(read(pattern, again)));
        }
    }

    @Test
    void pathThatDoesNotFit_isRefused() throws IOException {
        Path file = file("audit.log", record(1, "/bin/x", 1));
        Exception refused = trouble(Optional.of("logs/{host}/*"), file);
        assertEquals("its path does not fit the pattern of --host-from-path", refused.getMessage());
    }

    @Test
    void damagedRecording_isRefused() throws IOException {
        Path file = file("r.json", "{\"format\" : \"sandbox-recording\", \"runs\":");
        assertEquals(RecordingFormatException.class, trouble(Optional.empty(), file).getClass());
    }
}
