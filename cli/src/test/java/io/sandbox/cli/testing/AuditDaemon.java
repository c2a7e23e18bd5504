// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The real audit daemon, which scripts/setup unpacks, with a log of its own. */
public final class AuditDaemon implements AutoCloseable {
    private static final Path TOOLS = Path.of("../target/tools").toAbsolutePath().normalize();

    /** {@code -s nochange} leaves auditing off, as it was: records of filters come all the same. */
    private static final List<String> DAEMON = List.of("auditd", "-n", "-s", "nochange", "-c");

    private final Path log;
    private final Child.Running daemon;

    private AuditDaemon(Path log, Child.Running daemon) {
        this.log = log;
        this.daemon = daemon;
    }

    /** Starts it, with its log in this folder; the test is skipped if that is not possible. */
    public static AuditDaemon start(Path folder) throws Exception {
        LiveKernel.requireRoot();
        LiveKernel.require(Files.exists(tool("auditd")), "needs auditd (scripts/setup test)");
        assertEquals(0, daemonPid(), "an audit daemon runs already");
        Path log = folder.resolve("audit.log");
        Files.writeString(
                folder.resolve("auditd.conf"),
                "log_file = "
                        + log
                        + "\nlog_format = RAW\nflush = NONE\nspace_left = 2\n"
                        + "admin_space_left = 1\nspace_left_action = IGNORE\n"
                        + "admin_space_left_action = IGNORE\n");
        AuditDaemon started =
                new AuditDaemon(
                        log,
                        withLibraries(
                                        Child.of(
                                                "%s %s %s",
                                                tool(DAEMON.get(0)),
                                                DAEMON.subList(1, DAEMON.size()),
                                                folder))
                                .start());
        Until.holds("auditd has registered", () -> daemonPid() != 0);
        return started;
    }

    public Path log() {
        return log;
    }

    @Override
    public void close() throws IOException {
        daemon.handle().destroy();
        try {
            daemon.await();
            daemon.close();
            assertEquals(0, daemonPid(), "the kernel's daemon is as it was");
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
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
        String status = withLibraries(Child.of("%s -s", tool("auditctl"))).run().out();
        return status.lines()
                .filter(line -> line.startsWith("pid "))
                .mapToInt(line -> Integer.parseInt(line.substring("pid ".length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("auditctl -s: " + status));
    }
}
