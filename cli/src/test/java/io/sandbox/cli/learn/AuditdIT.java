// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.AuditDaemon;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.NeedsQuietLog;
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import io.sandbox.evidence.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs beside the real audit daemon: both get every record. */
@NeedsQuietLog
final class AuditdIT {
    @TempDir private Path folder;

    private AuditDaemon daemon;
    private Path log;

    @BeforeEach
    void startDaemon() throws Exception {
        daemon = AuditDaemon.start(folder);
        log = daemon.log();
    }

    @AfterEach
    void endDaemon() throws Exception {
        if (daemon != null) {
            daemon.close();
        }
    }

    @Test
    void auditSource_besideTheDaemon_isCompleteAndTakesNothingFromIt() throws Exception {
        Path recording = folder.resolve("recording.json");
        Set<String> beside =
                SyscallNames.parse(Learn.command("-q --recording %s ls /", recording).run().out());
        Recording evidence = Recorded.in(recording);
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
        Learn.command("--source kmsg touch %s", ran)
                .run()
                .assertRefused(125, "a test record did not arrive", "auditd");
        assertTrue(Files.notExists(ran));
    }
}
