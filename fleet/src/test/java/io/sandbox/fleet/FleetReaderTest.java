// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.recorder.log.LogInput;
import io.sandbox.syscalldb.testing.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.EmptySource;

final class FleetReaderTest {
    private static final List<Optional<String>> PATTERNS =
            List.of(Optional.of("{host}/*"), Optional.empty());

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
        return readCut(pattern, files, 1 << 30);
    }

    private static Fleet readCut(Optional<String> pattern, List<Path> files, long piece) {
        Fleet fleet =
                new FleetReader(pattern.map(HostPattern::parse), Optional.empty(), true, piece)
                        .read(files);
        assertEquals(Map.of(), fleet.unread());
        return fleet;
    }

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
        byte[] recording = RecordingWriter.write(FleetRecording.of(fleet));
        return text + new String(recording, StandardCharsets.UTF_8);
    }

    private List<Path> randomLogs(Random random) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            StringBuilder log = new StringBuilder();
            for (int line = random.nextInt(20); line >= 0; line--) {
                if (random.nextInt(3) == 0) {
                    log.append("node=n").append(random.nextInt(3)).append(' ');
                }
                int exe = random.nextInt(4);
                log.append(record(random.nextInt(1000), "/bin/" + exe, random.nextInt(600)));
                if (random.nextInt(9) == 0) {
                    log.append("[ 9.0] kauditd_printk_skb: 12 callbacks suppressed\n");
                }
                if (random.nextInt(9) == 0) {
                    log.append("type=SECCOMP msg=audit(1.000:1): broken\n");
                }
            }
            files.add(file("h" + random.nextInt(10) + "/" + i + ".log", log.toString()));
        }
        return files;
    }

    /** It is a union of sets. */
    @Table
    void orderAndRepeats_doNotMatter(long seed) throws IOException {
        Random random = new Random(seed);
        List<Path> files = randomLogs(random);
        for (Optional<String> pattern : PATTERNS) {
            String once = told(read(pattern, files));
            List<Path> again = new ArrayList<>(files);
            again.addAll(files.subList(0, random.nextInt(files.size())));
            Collections.shuffle(again, random);
            assertEquals(once, told(read(pattern, again)));
        }
    }

    /** A line belongs to the part in which it begins, wherever the file is cut. */
    @Table
    void filesThatAreCut_areReadOnce(long piece) throws IOException {
        List<Path> files = randomLogs(new Random(piece)).subList(0, 3);
        for (Optional<String> pattern : PATTERNS) {
            assertEquals(told(read(pattern, files)), told(readCut(pattern, files, piece)));
        }
    }

    @Test
    void whatCannotBeCut_isReadOnce() throws IOException {
        String log = record(1, "/bin/x", 1).repeat(100);
        Path packed = folder.resolve("a/log.gz");
        Files.createDirectories(packed.getParent());
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(log.getBytes(StandardCharsets.US_ASCII));
        }
        Recording recorded = io.sandbox.evidence.testing.Evidence.calls("read");
        Path recording = file("b/r.json", "");
        Files.write(recording, RecordingWriter.write(recorded));
        Path journal =
                file("c/j.json", "{\"_PID\":\"7\",\"MESSAGE\":\"" + "x".repeat(99) + "\"}\n");
        List<Path> files = List.of(packed, recording, journal);
        String whole = told(read(Optional.of("{host}/*"), files));
        assertTrue(whole.contains("/bin/x 102 "), whole);
        assertEquals(whole, told(readCut(Optional.of("{host}/*"), files, 10)));
    }

    /** For each call of each program: its hosts. */
    private static Map<String, Set<String>> hostsByCall(Fleet fleet) {
        Map<String, Set<String>> hosts = new TreeMap<>();
        for (FleetProgram program : fleet.programs()) {
            for (FleetCall call : program.calls()) {
                hosts.put(
                        program.executable() + " " + program.auditArch() + " " + call.number(),
                        Set.copyOf(fleet.namesOf(call.hosts())));
            }
        }
        return hosts;
    }

    /** Whatever a host writes into its log, between lines or at the end. */
    @Table
    void hostThatLies_removesNothingAndAddsOnlyItself(long seed) throws IOException {
        Random random = new Random(seed);
        List<Path> files = randomLogs(random);
        Optional<String> pattern = PATTERNS.get(0);
        Map<String, Set<String>> before = hostsByCall(read(pattern, files));
        String evil = record(7, "/bin/1", 999);
        String[] forged = {
            evil,
            "node=h1 " + evil + "node=h2 " + evil + "node=h3 " + evil,
            "Nov 26 01:02:03 h4 kernel: audit: " + evil.replace("SECCOMP msg=", "1326 "),
            evil.substring(0, 60),
            evil.replace("/bin/1", "/bin/\u0000\n"),
            "x".repeat(3 << 20) + evil,
            "audit: rate limit exceeded\naudit_lost=4000000000\n\0\0type=SECCOMP msg=audit(",
            "{\"format\" : \"sandbox-recording\", \"runs\" : []}\n",
            record(1, "/bin/0", 1).repeat(2000),
        };
        Path file = files.get(random.nextInt(files.size()));
        String liar = file.getParent().getFileName().toString();
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        for (int i = 0; i < 5; i++) {
            lines.add(1 + random.nextInt(lines.size()), forged[random.nextInt(forged.length)]);
        }
        lines.add(evil + forged[random.nextInt(forged.length)]);
        Files.writeString(file, String.join("\n", lines));
        Fleet fleet = read(pattern, files);
        Map<String, Set<String>> after = hostsByCall(fleet);
        before.forEach((call, hosts) -> assertTrue(after.get(call).containsAll(hosts), call));
        assertTrue(after.size() > before.size());
        after.forEach(
                (call, hosts) -> {
                    Set<String> added = new TreeSet<>(hosts);
                    added.removeAll(before.getOrDefault(call, Set.of()));
                    added.remove(liar);
                    assertEquals(Set.of(), added, call);
                });
        MinHosts two = MinHosts.parse("2");
        for (FleetProgram program : fleet.programs()) {
            for (FleetCall call : program.calls()) {
                assertTrue(call.number() != 999 || two.conditions(call, program).isEmpty());
            }
        }
    }

    /** A recording of gigabytes is such a file. */
    @Test
    void fileTooLargeForMemory_isSaid() {
        FilePartReader reader =
                new FilePartReader(
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        part -> {
                            throw new OutOfMemoryError();
                        });
        Evidence evidence =
                reader.read(FilePart.of("r.json", 6, "r.json", 1, 9).get(0)).evidence().get(0);
        assertEquals(new UnreadFile("r.json", "there is not enough memory to read it"), evidence);
    }

    /** Somebody replaces a file after the folder was listed. */
    @Test
    @Timeout(20)
    void pipeInPlaceOfAFile_isNotOpened() throws Exception {
        Path log = file("a.log", record(1, "/bin/x", 0));
        String name = log.toString();
        FilePart part = FilePart.of(name, folder.toString().length(), name, 1, 9).get(0);
        Files.delete(log);
        assertEquals(0, new ProcessBuilder("mkfifo", log.toString()).start().waitFor());
        IOException refusal = assertThrows(IOException.class, () -> FleetReader.open(part));
        assertTrue(refusal.getMessage().contains("not a regular file"), refusal::toString);
    }

    /** Spark sends them from one machine to another like this, and puts them together there. */
    @Table
    void evidenceThatWasSent_givesTheSame(long seed) throws Exception {
        List<Path> files = randomLogs(new Random(seed));
        for (Optional<String> pattern : PATTERNS) {
            List<Fleet> fleets = List.of(new Fleet(), new Fleet(), new Fleet());
            FilePartReader reader =
                    new FilePartReader(
                            pattern.map(HostPattern::parse),
                            Optional.empty(),
                            true,
                            part -> LogInput.open(Path.of(part.place())));
            for (Path path : files) {
                FileEvidence sum = null;
                String name = path.toString();
                for (FilePart part :
                        FilePart.of(name, name.length(), name, Files.size(path), 300)) {
                    FileEvidence evidence = sent(reader.read(part));
                    sum = sum == null ? evidence : evidence.plus(sum);
                }
                for (Evidence each : sum.evidence()) {
                    sent(each).addTo(fleets.get(Math.floorMod(each.key().hashCode(), 3)));
                }
            }
            Fleet all = sent(fleets.get(2)).addAll(sent(fleets.get(0))).addAll(sent(fleets.get(1)));
            assertEquals(told(read(pattern, files)), told(all));
            assertThrows(IllegalArgumentException.class, () -> all.addAll(fleets.get(0)));
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T sent(T object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }

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

    // The words of options.

    @Table
    void hostOf_findsTheHost(String pattern, String path, String host) {
        assertEquals(host, HostPattern.parse(pattern).hostOf(path).orElse("none"));
    }

    @Table
    void hostOf_isEmptyForOtherPaths(String pattern, String path) {
        assertEquals("none", HostPattern.parse(pattern).hostOf(path).orElse("none"));
    }

    @Table
    @EmptySource
    void parse_refusesWhatDoesNotSayWhereTheHostIs(String pattern) {
        assertThrows(IllegalArgumentException.class, () -> HostPattern.parse(pattern));
    }

    /** A program of ten hosts, of which the first three make a call. */
    @Table
    void allows_whatEnoughHostsMake(String least, boolean allowed) {
        FleetProgram program = new FleetProgram("/bin/a", 0);
        HostRun run = new HostRun(new EvidenceId(0, 0), 0, 0, List.of(), null);
        for (int host = 0; host < 10; host++) {
            List<HostRun.Call> calls =
                    host < 3 ? List.of(new HostRun.Call(0, 0, 0, Set.of(""))) : List.of();
            program.add(host, run, new HostRun.Program("", 0, null, calls));
        }
        FleetCall call = program.calls().iterator().next();
        assertEquals(!allowed, MinHosts.parse(least).conditions(call, program).isEmpty());
    }

    @Table
    @EmptySource
    void parse_refusesOtherTexts(String text) {
        assertThrows(IllegalArgumentException.class, () -> MinHosts.parse(text));
    }
}
