// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import io.sandbox.recorder.evidence.Recording;
import io.sandbox.recorder.evidence.RecordingReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs beside the real audit daemon, which scripts/setup unpacks: both get every record. */
final class AuditdIT {
    private static final Path TOOLS = Path.of("../target/tools").toAbsolutePath().normalize();

    /** {@code -s nochange} leaves auditing off, as it was: records of filters come all the same. */
    private static final List<String> DAEMON = List.of("auditd", "-n", "-s", "nochange", "-c");

    @TempDir private Path folder;

    private Path log;
    private Child.Running daemon;

    @BeforeEach
    void startDaemon() throws Exception {
        LiveKernel.requireRoot();
        LiveKernel.require(Files.exists(tool("auditd")), "needs auditd (scripts/setup test)");
        assertEquals(0, daemonPid(), "an audit daemon runs already");
        log = folder.resolve("audit.log");
        Files.writeString(
                folder.resolve("auditd.conf"),
                "log_file = "
                        + log
                        + "\nlog_format = RAW\nflush = NONE\nspace_left = 2\n"
                        + "admin_space_left = 1\nspace_left_action = IGNORE\n"
                        + "admin_space_left_action = IGNORE\n");
        List<String> words = new ArrayList<>(List.of(tool(DAEMON.get(0)).toString()));
        words.addAll(DAEMON.subList(1, DAEMON.size()));
        words.add(folder.toString());
        daemon = withLibraries(Child.of(words)).start();
        Until.holds("auditd has registered", () -> daemonPid() != 0);
    }

    @AfterEach
    void endDaemon() throws Exception {
        if (daemon != null) {
            daemon.handle().destroy();
            daemon.await();
            daemon.close();
            assertEquals(0, daemonPid(), "the kernel's daemon is as it was");
        }
    }

    private static Path tool(String name) {
        return TOOLS.resolve("usr/sbin").resolve(name);
    }

    private static Child withLibraries(Child child) {
        return child.with(
                "LD_LIBRARY_PATH",
                TOOLS.resolve(
                                "usr/lib/"
                                        + System.getProperty("os.arch").replace("amd64", "x86_64")
                                        + "-linux-gnu")
                        .toString());
    }

    private static int daemonPid() throws IOException, InterruptedException {
        String status = withLibraries(Child.of(tool("auditctl").toString(), "-s")).run().out();
        return status.lines()
                .filter(line -> line.startsWith("pid "))
                .mapToInt(line -> Integer.parseInt(line.substring("pid ".length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("auditctl -s: " + status));
    }

    @Test
    void auditSource_besideTheDaemon_isCompleteAndTakesNothingFromIt() throws Exception {
        Path recording = folder.resolve("recording.json");
        Set<String> beside =
                SyscallNames.parse(
                        Learn.command("-q", "--recording", recording.toString(), "ls", "/")
                                .run()
                                .out());
        Recording evidence = RecordingReader.read(Files.readAllBytes(recording));
        assertTrue(evidence.runs().get(0).isComplete());
        assertTrue(beside.contains("getdents64"), beside::toString);
        long records = evidence.runs().get(0).records();
        Until.holds("auditd has written all of them", () -> recordsOfLs() == records);
    }

    private long recordsOfLs() throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("type=SECCOMP ") && line.contains(" comm=\"ls\" "))
                .count();
    }

    /** The kernel prints no records while a daemon takes them. */
    @Test
    void kmsgSource_besideTheDaemon_isRefusedBeforeTheProgramRuns() throws Exception {
        LiveKernel.requireKernelLog();
        Path ran = folder.resolve("ran");
        Learn.command("--source", "kmsg", "touch", ran.toString())
                .run()
                .assertRefused(125, "a test record did not arrive", "auditd");
        assertTrue(Files.notExists(ran));
    }
}
