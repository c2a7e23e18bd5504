// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Signals;
import io.sandbox.cli.testing.Until;
import io.sandbox.cli.testing.Words;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** sandbox-fleet as a user runs it. */
final class FleetCommandIT {
    private static final int HOSTS = 20;

    @TempDir private Path folder;

    /** All hosts read and write, all but one close, and one makes a call of its own. */
    @BeforeEach
    void writeLogs() throws IOException {
        for (int host = 0; host < HOSTS; host++) {
            StringBuilder log = new StringBuilder(record(0)).append(record(1));
            log.append(host == 3 ? "" : record(3)).append(host == 7 ? record(101) : "");
            Path file = folder.resolve("logs/h" + host + "/audit.log");
            Files.createDirectories(file.getParent());
            Files.writeString(file, log);
        }
    }

    private static String record(int call) {
        return "type=SECCOMP msg=audit(1700000001.000:"
                + (call + 1)
                + "): auid=0 uid=0 gid=0 ses=1 pid=7 comm=\"x\" exe=\"/bin/a\" sig=0"
                + " arch=c000003e syscall="
                + call
                + " compat=0 ip=0x7f code=0x7ffc0000\n";
    }

    private Finished fleet(String line, Object... values) throws Exception {
        return Child.of("sandbox-fleet --host-from-path logs/{host}/* " + line + " logs", values)
                .in(folder)
                .run();
    }

    @Test
    void table_showsWhatStandsOut() throws Exception {
        fleet("")
                .assertOutIs(
                        """
                        20 hosts

                        /bin/a (x86_64): 20 hosts, 4 calls, 60 records
                          on all of them:
                            read write
                          on some of them:
                            close                    not on h3
                            ptrace                   on 1 host (h7), 1 record
                          differ from the rest: h7 (1 call)
                        """)
                .assertNoErr()
                .assertStatus(0);
    }

    @Test
    void csv_hasARowForEachCall() throws Exception {
        assertEquals(
                """
                executable,arch,call,number,hosts,of,records,first,versions
                /bin/a,x86_64,read,0,20,20,20,2023-11-14T22:13:21Z,0
                /bin/a,x86_64,write,1,20,20,20,2023-11-14T22:13:21Z,0
                /bin/a,x86_64,close,3,19,20,19,2023-11-14T22:13:21Z,0
                /bin/a,x86_64,ptrace,101,1,20,1,2023-11-14T22:13:21Z,0
                """,
                fleet("--format csv").out());
    }

    /** A spreadsheet would take such a path for a formula. */
    @Test
    void csv_hasNoFormula() throws Exception {
        for (String start : List.of("=HYPERLINK(1)", "+1", "-1", "@x")) {
            Path log = folder.resolve("logs/h0/audit.log");
            Files.writeString(log, record(0).replace("/bin/a", start));
            String row =
                    fleet("--exe %s --format csv", start).out().lines().skip(1).toList().get(0);
            assertTrue(row.startsWith("'" + start + ","), row);
        }
    }

    @Test
    void limitOfExecutables_isMessageAndStatusInEveryForm() throws Exception {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            log.append(record(0).replace("/bin/a", "/tmp/x" + i));
        }
        log.append(record(101));
        Files.writeString(folder.resolve("logs/h0/audit.log"), log);
        for (String form : List.of("text", "json", "csv")) {
            Finished run = fleet("--format %s", form);
            assertEquals(2, run.status(), form);
            assertTrue(run.err().contains("logs/h0/audit.log: 1 records were not counted"), form);
        }
        fleet("--to list").assertStatus(2).assertErr("1 records were not counted");
        fleet("--exe /bin/a --to list").assertStatus(0).assertOut("ptrace");
    }

    /** A table for programs has no place for losses. */
    @Test
    void csv_saysOnStandardErrorWhatIsMissing() throws Exception {
        Files.writeString(
                folder.resolve("logs/h0/audit.log"),
                record(0) + "[ 9.0] kauditd_printk_skb: 12 callbacks suppressed\n");
        Files.writeString(folder.resolve("logs/h1/audit.log"), "");
        String said = fleet("--format csv").err();
        assertTrue(said.contains("records of 1 hosts are missing"), said);
        assertTrue(said.contains("1 hosts are without any call"), said);
    }

    @Test
    void policy_hasWhatEnoughHostsMade() throws Exception {
        fleet("--to env --min-hosts %s", "10%")
                .assertOutIs("SECCOMP_SYSCALL_ALLOW=\"close:read:write\"\n")
                .assertErr("fewer than 10%: ptrace of /bin/a: only on 1 host (h7)\n");
        assertEquals(
                "SECCOMP_SYSCALL_ALLOW=\"close:ptrace:read:write\"\n", fleet("--to env").out());
    }

    /** The recording of one host, as sandbox-learn writes it, but for its build id. */
    private void writeRecording(String host, String id, String buildId) throws IOException {
        ProgramEvidence program = Evidence.program("/bin/a", Evidence.X86_64, List.of(0));
        program =
                new ProgramEvidence(
                        program.executable(),
                        program.auditArch(),
                        program.libc(),
                        Optional.of(buildId),
                        program.calls(),
                        program.mapped());
        Files.write(
                folder.resolve("logs/" + host + "/r.json"),
                RecordingWriter.write(Recording.of(Evidence.run(id, program))));
    }

    /** A host can write anything into its recording. */
    @Test
    void textOfAHost_isPrintable() throws Exception {
        String bad = "\u001b[2J\n::error::x\u009b2J\u202e";
        Run run =
                Evidence.run(
                        "1",
                        RunFilter.LOG_ALL,
                        0,
                        new Verdict.Incomplete(1, List.of(bad)),
                        Evidence.program("/" + bad, Evidence.X86_64, List.of(0)));
        Files.write(folder.resolve("logs/h1/r.json"), RecordingWriter.write(Recording.of(run)));
        for (String format : List.of("text", "csv", "json")) {
            String out = fleet("--format %s", format).out();
            assertTrue(out.contains("::error::x"), out);
            assertTrue(out.chars().allMatch(c -> c == '\n' || c >= ' ' && c <= '~'), out);
            assertTrue(out.lines().noneMatch(line -> line.startsWith("::error")), out);
        }
    }

    @Test
    void versions_areShownWithTheirHosts() throws Exception {
        writeRecording("h1", "1", "0a0a");
        assertTrue(!fleet("").out().contains("versions"));
        writeRecording("h2", "2", "0b0b");
        writeRecording("h3", "3", "0b0b");
        String table = fleet("").out();
        assertTrue(
                table.contains(
                        """
                          2 versions (build ids):
                            0b0b on 2 hosts: h2, h3
                            0a0a on 1 host: h1
                            not known on 17 hosts: h0, h10, h11, h12, h13, h14, h15, h16, h17, h18\
                         and 7 more
                        """),
                table);
        String json = fleet("--format json").out();
        assertTrue(json.contains("\"build_id\" : \"0b0b\""), json);
        assertTrue(json.contains("\"hosts_of_unknown_version\" : 17"), json);
    }

    /** All calls are in it, and it is as incomplete as the logs. */
    @Test
    void recording_isTakenByOtherCommands() throws Exception {
        Files.createDirectories(folder.resolve("logs/silent"));
        Files.writeString(folder.resolve("logs/silent/audit.log"), "");
        Finished run = fleet("--recording all.json").assertStatus(0);
        Path policy = folder.resolve("policy");
        Files.writeString(policy, "SECCOMP_SYSCALL_ALLOW=\"close:read:write\"\n");
        Child.of("sandbox-check --policy policy --evidence all.json")
                .in(folder)
                .run()
                .assertStatus(2)
                .assertOut("ptrace is not allowed", "no call of these hosts was seen: silent");
    }

    @Test
    void recordingOfOneExecutable_isAMistake() throws Exception {
        fleet("--recording r.json --exe /bin/a")
                .assertStatus(2)
                .assertErr("evidence of all executables");
        assertTrue(!Files.exists(folder.resolve("r.json")));
    }

    @Test
    void fileThatCannotBeRead_isSaid() throws Exception {
        Files.createSymbolicLink(folder.resolve("logs/h0/gone"), Path.of("nothing"));
        Child.of("sandbox-fleet gone logs")
                .in(folder)
                .run()
                .assertStatus(2)
                .assertErr("sandbox fleet: gone: ")
                .assertOut("20 hosts");
    }

    @Test
    void nothingFound_isSaid() throws Exception {
        fleet("--exe /bin/b")
                .assertStatus(1)
                .assertErrIs("sandbox fleet: /bin/b: no evidence of it\n");
    }

    /** A Spark that prints its words. */
    private Path sparkHome() throws IOException {
        return sparkHome("printf '%s\\n' \"$@\"; exit 7");
    }

    private Path sparkHome(String script) throws IOException {
        Path program = folder.resolve("spark/bin/spark-submit");
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder.resolve("spark");
    }

    @Test
    void spark_isStartedWithOurJars() throws Exception {
        List<String> words =
                Words.of("--spark local[2] --spark-conf %s logs hdfs://nn/x", "a.b=c d");
        Finished run =
                Child.of("sandbox-fleet %s", words)
                        .with("SPARK_HOME", sparkHome().toString())
                        .run()
                        .assertStatus(7);
        List<String> lines = run.out().lines().toList();
        assertEquals(List.of("--master", "local[2]"), lines.subList(0, 2));
        assertTrue(lines.contains("io.sandbox.cli.fleet.FleetOnSpark"), run::out);
        assertTrue(lines.contains("a.b=c d"), run::out);
        run.assertOut("/fleet.jar,");
        int jar = lines.size() - words.size() - 1;
        assertTrue(lines.get(jar).endsWith("/cli.jar"), run::out);
        assertEquals(words, lines.subList(jar + 1, lines.size()));
    }

    @Test
    void signal_endsSparkToo() throws Exception {
        Path pid = folder.resolve("pid");
        String home = sparkHome("echo $$ >new; mv new " + pid + "; exec sleep 1000").toString();
        Child fleet =
                Child.of("sandbox-fleet --spark yarn logs").with("SPARK_HOME", home).in(folder);
        try (Child.Running running = fleet.start()) {
            Until.exists(pid);
            ProcessHandle spark =
                    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
            running.handle().destroy();
            try {
                running.await().assertStatus(128 + Signals.number("TERM"));
                Until.holds("Spark has ended", () -> !spark.isAlive());
            } finally {
                spark.destroy();
            }
        }
    }

    @Test
    void sparkThatIsMissing_isSaid() throws Exception {
        Child.of("sandbox-fleet --spark yarn logs")
                .with("SPARK_HOME", folder.toString())
                .run()
                .assertStatus(2)
                .assertErrIs(
                        "sandbox fleet: --spark: no spark-submit found: unpack Spark 4 (from"
                                + " spark.apache.org) and set SPARK_HOME to its folder\n");
    }
}
