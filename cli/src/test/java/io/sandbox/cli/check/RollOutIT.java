// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.AuditDaemon;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.NeedsQuietLog;
import io.sandbox.cli.testing.Until;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/rollout.md with a real web server and a real audit daemon: a policy that was learned with
 * half of what the server does becomes ready to be enforced.
 */
@NeedsQuietLog
final class RollOutIT {
    private static final String LISTS_FOLDERS = "getdents64";

    @TempDir private Path folder;

    private Path policy;
    private Path pid;
    private List<String> server;
    private int port;
    private AuditDaemon daemon;

    private void setUp() throws Exception {
        Path nginx = LiveKernel.requireProgram("nginx");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        policy = folder.resolve("shop.env");
        pid = folder.resolve("pid");
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.writeString(Files.createDirectories(root.resolve("list")).resolve("a"), "in list");
        Files.writeString(root.resolve("page"), "a page");
        Path conf = folder.resolve("nginx.conf");
        StringBuilder paths = new StringBuilder();
        for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            paths.append(kind).append("_temp_path ").append(folder.resolve(kind)).append("; ");
        }
        Files.writeString(
                conf,
                "daemon off; user root; worker_processes 1; error_log stderr; pid "
                        + pid
                        + "; events { worker_connections 16; } http { access_log off; "
                        + paths
                        + "server { listen 127.0.0.1:"
                        + port
                        + "; root "
                        + root
                        + "; autoindex on; } }\n");
        server = List.of(nginx.toString(), "-c", conf.toString());
    }

    @Test
    void policyOfHalfAServer_becomesReadyAndIsEnforced() throws Exception {
        try (AuditDaemon running = AuditDaemon.start(folder)) {
            daemon = running;
            setUp();
            // With audit, the log would have records of all calls, without their arguments.
            serve(
                    List.of("sandbox-learn", "--source", "notify", "-q", "-o", policy.toString()),
                    false);
            assertFalse(Files.readString(policy).contains(LISTS_FOLDERS));

            // Enforced now, it would do harm.
            try (Child.Running harmed = start(enforced())) {
                assertTrue(harmed.handle().isAlive());
                assertEquals("", fetch("list/"));
            }

            Instant first = Instant.now();
            serve(logging(), false);
            // What sandbox-learn itself has logged may count as a canary, to the minute.
            Finished unproven = ready(first);
            assertNotEquals(0, unproven.status(), unproven::out);
            canary();
            serve(logging(), true);
            Until.holds("auditd has written it", () -> ready(first).status() != 2);
            Finished notReady =
                    ready(first)
                            .assertStatus(1)
                            .assertOut(": not ready: ", LISTS_FOLDERS + " is not allowed");

            update(notReady);
            assertTrue(Files.readString(policy).contains(LISTS_FOLDERS));

            Instant second = Instant.now();
            serve(logging(), true);
            Thread.sleep(2_000);
            canary();
            Until.holds("auditd has written the canary", () -> canaries() == 2);
            ready(second).assertStatus(0).assertOut(": ready: no new calls; seen: 1 host, ");

            assertEquals("a page", get("page", enforced()));
            assertTrue(get("list/", enforced()).contains("<a href=\"a\">"));
        }
    }

    /** The paths that users type are links and scripts, and the kernel writes what it executes. */
    @Test
    void linkAndScript_areJudgedByTheRecordsOfWhatTheyRun() throws Exception {
        Path java = LiveKernel.requireProgram("java");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/usr/bin/perl"));
        Path script = Files.writeString(folder.resolve("script"), "#!/usr/bin/env -S perl\n1;\n");
        assertTrue(script.toFile().setExecutable(true));
        try (AuditDaemon running = AuditDaemon.start(folder)) {
            daemon = running;
            policy = Files.writeString(folder.resolve("p.list"), "execve\nread\n");
            for (List<String> command :
                    List.of(
                            List.of(link.toString(), "-e", "1"),
                            List.of(script.toString()),
                            List.of(java.toString(), "-version"))) {
                server = command;
                Instant start = Instant.now();
                List<String> words = new ArrayList<>(logging());
                words.set(0, tool(words.get(0)));
                words.addAll(command);
                Child.of(words).run().assertStatus(0);
                Until.holds(command + " is not ready", () -> ready(start).status() == 1);
                ready(start).assertOut(" is not allowed");
            }
        }
    }

    private static String tool(String name) {
        return Dist.command(name).toString();
    }

    private List<String> enforced() {
        return List.of("sandboxify", "--quiet", "--policy", policy.toString());
    }

    /** Writes the policy that refuses nothing and logs what is unknown. */
    private List<String> logging() throws Exception {
        Path logs = folder.resolve("shop-log.env");
        Child.of(
                        "%s convert --mode log-unknown --to envfile -o %s %s",
                        tool("sandbox-policy"), logs, policy)
                .run()
                .assertStatus(0);
        return List.of("sandboxify", "--quiet", "--policy", logs.toString());
    }

    /** Runs the server and uses it: all the time the page, and at last perhaps its other half. */
    private void serve(List<String> command, boolean lists) throws Exception {
        try (Child.Running running = start(command)) {
            for (int i = 0; i < 3; i++) {
                assertEquals("a page", fetch("page"));
            }
            if (lists) {
                assertTrue(fetch("list/").contains("<a href=\"a\">"));
            }
            end(running);
        }
    }

    private Child.Running start(List<String> command) throws Exception {
        List<String> words = new ArrayList<>(command);
        words.set(0, tool(command.get(0)));
        words.addAll(server);
        Files.deleteIfExists(pid);
        Child.Running running = Child.of(words).start();
        Until.holds(
                "the server answers",
                () -> {
                    assertTrue(running.handle().isAlive(), running.err());
                    return Files.exists(pid) && !fetch("page").isEmpty();
                });
        return running;
    }

    private void end(Child.Running running) throws Exception {
        Child.of("/bin/sh -c %s", "kill -QUIT $(cat " + pid + ")").run();
        running.await().assertStatus(0);
    }

    /** What a server started so answers; empty if it does not. */
    private String get(String path, List<String> command) throws Exception {
        try (Child.Running running = start(command)) {
            String answer = fetch(path);
            end(running);
            return answer;
        }
    }

    private String fetch(String path) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection)
                            URI.create("http://127.0.0.1:" + port + "/" + path)
                                    .toURL()
                                    .openConnection();
            connection.setReadTimeout(30_000);
            return new String(connection.getInputStream().readAllBytes());
        } catch (IOException e) {
            return "";
        }
    }

    private Finished ready(Instant after) throws Exception {
        return Child.of(
                        "%s --policy %s --from exec --exe %s --for 2s --since %s --log %s",
                        tool("sandbox-check"),
                        policy,
                        server.get(0),
                        after.toString().replaceFirst("\\.[0-9]+", ""),
                        daemon.log())
                .run();
    }

    /** Runs the command that the report proposes. */
    private static void update(Finished report) throws Exception {
        String command = report.out().substring(report.out().indexOf("sandbox check --update"));
        String words = command.lines().findFirst().orElseThrow();
        Child.shell(words.replaceFirst("sandbox check", tool("sandbox-check")), List.of())
                .run()
                .assertStatus(0);
    }

    /** Makes a canary as a user who is not root. */
    private static void canary() throws Exception {
        List<String> words = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        Child.of("%s %s --canary", words, tool("sandbox-log")).run().assertStatus(0);
    }

    private long canaries() throws IOException {
        return Files.readAllLines(daemon.log()).stream()
                .filter(line -> line.contains("/sandbox-exec\" ") && line.contains("uid=65534 "))
                .count();
    }
}
