// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sandbox-check --for} reads logs that are made here. */
final class ReadinessIT {
    private static final String SHOP = "/usr/bin/shop";
    private static final String EXEC = "/usr/libexec/sandbox/sandbox-exec";
    private static final String UPDATE_LINE = "  next: after review: sandbox check --update";

    @TempDir private Path folder;
    private Path policy;

    @BeforeEach
    void setUp() throws IOException {
        policy = Files.writeString(folder.resolve("shop.list"), "read\nwrite\n");
    }

    private static String record(String host, double daysAgo, String exe, int syscall) {
        long millis = System.currentTimeMillis() - (long) (daysAgo * 86_400_000);
        return String.format(
                "%stype=SECCOMP msg=audit(%d.%03d:7): auid=4294967295 uid=0 gid=0 ses=4294967295"
                        + " subj=unconfined pid=9 comm=\"x\" exe=\"%s\" sig=0 arch=c000003e"
                        + " syscall=%d compat=0 ip=0x7f00 code=0x7ffc0000%n",
                host.isEmpty() ? "" : "node=" + host + " ",
                millis / 1000,
                millis % 1000,
                exe,
                syscall);
    }

    private static String canaries(String host, int days) {
        StringBuilder lines = new StringBuilder();
        for (int day = days; day >= 0; day--) {
            lines.append(record(host, day + 0.1, EXEC, 0x2000_0000 + day));
        }
        return lines.toString();
    }

    private Path log(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, String.join("", lines));
    }

    private Finished check(List<Path> logs, String line, Object... values) throws Exception {
        List<String> words = Words.of("sandbox-check --policy %s --arch x86_64", policy);
        words.addAll(Words.of(line, values));
        logs.forEach(log -> words.addAll(List.of("--log", log.toString())));
        return Child.of(words).run();
    }

    @Test
    void canariesAndKnownCalls_areReady() throws Exception {
        Path log = log("audit.log", canaries("", 7), record("", 1, SHOP, 0));
        check(List.of(log), "--for 7d --exe %s", SHOP)
                .assertStatus(0)
                .assertOut(
                        ": ready: no new calls; seen: 1 host, 7 canaries, 1 rec",
                        "note: logs do not show whether the program ran");
    }

    /** The kernel writes the file that it executes, under its own name. */
    @Test
    void linkToAnExecutable_countsAsTheExecutable() throws Exception {
        Path file = Files.copy(Path.of("/bin/true").toRealPath(), folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("one"), folder.resolve("two"));
        Files.createSymbolicLink(folder.resolve("two"), file);
        Path log = log("audit.log", canaries("", 7), record("", 1, file.toString(), 101));
        check(List.of(log), "--for 7d --exe %s", link)
                .assertStatus(1)
                .assertOut("new: ", "note: " + link + " leads to " + file);
    }

    @Test
    void executableThatWasReplaced_countsToo() throws Exception {
        String hex =
                java.util.HexFormat.of()
                        .withUpperCase()
                        .formatHex((SHOP + " (deleted)").getBytes());
        String record = record("", 1, SHOP, 101).replace('"' + SHOP + '"', hex);
        Path log = log("audit.log", canaries("", 7), record);
        check(List.of(log), "--for 7d --exe %s", SHOP).assertStatus(1);
    }

    @Test
    void script_countsAsItsInterpreter() throws Exception {
        Path interpreter = Files.copy(Path.of("/bin/true").toRealPath(), folder.resolve("python"));
        Path script = Files.writeString(folder.resolve("gunicorn"), "#!" + interpreter + " -s\n");
        String name = interpreter.toString();
        Path log = log("audit.log", canaries("", 7), record("", 1, name, 101));
        String options = "--for 7d --exe " + script;
        check(List.of(log), options)
                .assertStatus(1)
                .assertOut("is a script, so records name " + name);
        Path quiet = log("quiet.log", canaries("", 7));
        check(List.of(quiet), options).assertStatus(0);
    }

    @Test
    void scriptWithEnv_countsAsEnvAndTheInterpreter() throws Exception {
        Path script = Files.writeString(folder.resolve("tool"), "#!/usr/bin/env -S perl -w\n");
        for (String name : List.of("/usr/bin/env", "/usr/bin/perl")) {
            String real = Path.of(name).toRealPath().toString();
            Path log = log("audit.log", canaries("", 7), record("", 1, real, 101));
            Finished run = check(List.of(log), "--for 7d --exe %s", script);
            assertEquals(1, run.status(), name + run.out());
        }
    }

    /** Silence about such a path means nothing. */
    @Test
    void pathThatNoRecordNames_isNeverReady() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "no program\n");
        Path shell = Files.writeString(folder.resolve("start.sh"), "#!/bin/sh\nexec java\n");
        Path lost = Files.writeString(folder.resolve("lost"), "#!/no/interpreter\n");
        Path log = log("audit.log", canaries("", 7));
        Map<String, String> expected =
                Map.of(
                        text.toString(),
                        "is neither a program nor a script",
                        shell.toString(),
                        "is a script of a shell",
                        lost.toString(),
                        "/no/interpreter is not on this machine",
                        folder.toString(),
                        "cannot be read",
                        "/usr/bin/shopp",
                        "is not on this machine");
        for (Map.Entry<String, String> each : expected.entrySet()) {
            check(List.of(log), "--for 7d --exe %s", each.getKey())
                    .assertStatus(2)
                    .assertOut(each.getValue());
        }
        check(List.of(log), "--for 7d --exe shop")
                .assertStatus(2)
                .assertErr("records have whole paths");
        String elsewhere = "--for 7d --exe " + SHOP + " --elsewhere";
        check(List.of(log), elsewhere).assertStatus(0);
    }

    /** Any container can write such lines. */
    @Test
    void canariesInTheOutputOfAContainer_proveNothing() throws Exception {
        String time = "2025-11-26T01:02:03.123456789Z stdout F ";
        Path log = log("0.log", canaries("", 7).replaceAll("(?m)^(?=.)", time));
        check(List.of(log), "--for 7d --exe %s --elsewhere", SHOP)
                .assertStatus(2)
                .assertOut("no canary came from: the log (sandbox log --canary writes one)");
    }

    @Test
    void hostWithRecordsOfOthersAndNoCanary_isUnknown() throws Exception {
        Path log =
                log(
                        "central.log",
                        canaries("web-1", 7),
                        record("web-1", 1, SHOP, 0),
                        record("web-2", 1, "/usr/bin/other", 101));
        check(List.of(log), "--for 7d --exe %s", SHOP)
                .assertStatus(2)
                .assertOut("no canary came from: web-2 (sandbox log --canary writes one)");
    }

    @Test
    void newCallOnOneHost_isNotReadyUntilItIsUpdated() throws Exception {
        String web1 = canaries("web-1", 7);
        Path log =
                log(
                        "central.log",
                        web1,
                        canaries("web-2", 7),
                        record("web-2", 2, SHOP, 59),
                        record("web-2", 1, SHOP, 59),
                        record("web-1", 1, "/usr/bin/other", 101),
                        record("web-1", 30, SHOP, 101));
        String options = "--for 7d --hosts 2 --exe " + SHOP;
        Finished before =
                check(List.of(log), options)
                        .assertStatus(1)
                        .assertOut(
                                ": not ready: 1 new call; seen: 2 hosts",
                                "    web-2: /usr/bin/shop: 2 times, first at 20")
                        .assertOutLacks("ptrace");
        String next =
                before.out().lines().filter(line -> line.startsWith(UPDATE_LINE)).toList().get(0);
        assertTrue(next.contains("--allow-gaps") && !next.contains("--for"), next);
        String words =
                next.substring(next.indexOf("sandbox check "))
                        .replaceFirst("sandbox check", Dist.command("sandbox-check").toString());
        Child.shell(words, List.of()).run().assertStatus(0);
        assertEquals("execve\nread\nwrite\n", Files.readString(policy).replaceAll(" *#.*", ""));
        check(List.of(log), options).assertStatus(0);
    }

    @Test
    void whatProvesNothing_isUnknown() throws Exception {
        Path none = log("none.log", record("", 1, SHOP, 0));
        Path some = log("some.log", canaries("web-1", 7), canaries("web-2", 2));
        Path lost =
                log(
                        "lost.log",
                        canaries("", 7),
                        "kernel: audit: audit_lost=3 audit_rate_limit=0\n");
        Path boot =
                log(
                        "boot.log",
                        canaries("", 7),
                        record("", 1, SHOP, 0).replaceFirst("\\([0-9]+", "(114"));
        Path nameless =
                log("nameless.log", canaries("", 7), record("", 1, SHOP, 0).replace("exe=", "x="));
        Map<Path, String> expected =
                Map.of(
                        none, "no canary came from: the log (sandbox log --canary writes one)",
                        some, "no canary came for more than 36 hours: web-2 from 20",
                        lost, "the kernel lost 3 audit records in all",
                        boot, "1 records have no time that is known");
        for (Map.Entry<Path, String> each : expected.entrySet()) {
            check(List.of(each.getKey()), "--for 7d --exe %s", SHOP)
                    .assertStatus(2)
                    .assertOut(": unknown: no new calls", "not certain: " + each.getValue());
        }
        check(List.of(nameless), "--for 7d --exe %s", SHOP).assertStatus(2);
        check(List.of(some), "--for 1d --hosts 3")
                .assertOut("the logs have evidence of 2 of 3 hosts");
        check(List.of(some), "--for 7d --since -2d")
                .assertOut("the time is too short: 2 days of 7 days");
    }

    @Test
    void recordsBeforeAfter_doNotCount() throws Exception {
        Path log = log("audit.log", canaries("", 30), record("", 10, SHOP, 59));
        check(List.of(log), "--for 7d").assertStatus(0);
        check(List.of(log), "--for 7d --since -9d").assertStatus(0);
        check(List.of(log), "--for 7d --since -11d").assertStatus(1);
        check(List.of(log), "--allow-gaps --since -11d").assertOut(UPDATE_LINE + " --since=2");
    }

    @Test
    void hostsOfPaths_countApart() throws Exception {
        Path one = log("logs/web-1/audit.log", canaries("", 7));
        Path older = log("logs/web-1/audit.log.1", record("", 6, SHOP, 0));
        Path two = log("logs/web-2/audit.log", record("", 1, SHOP, 0));
        String options = "--for 7d --host-from-path logs/{host}/*";
        check(List.of(one, older, two), options)
                .assertStatus(2)
                .assertOut("no canary came from: web-2 (sandbox log --canary writes one)\n");
        check(List.of(one, older), options).assertStatus(0);
        check(List.of(), "--since -1d").assertStatus(2);
        check(List.of(policy), options).assertErr("does not fit the pattern");
    }

    @Test
    void reports_areWrittenInAllFormats() throws Exception {
        Path log = log("audit.log", canaries("web-1", 7), record("web-1", 1, SHOP, 59));
        for (String format : List.of("json", "markdown", "junit", "sarif", "github")) {
            check(List.of(log), "--for 7d --format %s", format).assertStatus(1).assertOut("execve");
        }
    }

    @Test
    void optionsThatMakeNoSense_areRefused() throws Exception {
        Path log = log("audit.log", canaries("", 7));
        for (String word : List.of("--allow-gaps", "--update", "--allow-failure")) {
            Finished run = check(List.of(log), "--for 7d %s", word).assertStatus(2);
            assertTrue(run.err().startsWith("sandbox check: --for: needs --log"), run.err());
        }
        assertTrue(check(List.of(), "--for 7d").err().contains("--for: needs --log"));
        assertTrue(check(List.of(log), "--hosts 2").err().contains("only with --for"));
        assertTrue(check(List.of(log), "--for 7x").err().contains("7x: not a time"));
        assertTrue(check(List.of(log), "--for 7d --hosts 0").err().contains("at least 1"));
        assertTrue(check(List.of(log), "--for 7d --since soon").err().contains("soon"));
        check(List.of(log), "--for 999999999d").assertStatus(2);
    }

    /** A record must come within the minute in which the canary is made. */
    @Test
    void canaryCommand_madeByAnyUser_isRecognised() throws Exception {
        Instant before = Instant.now();
        Finished run = Child.of("sandbox-log --canary").run().assertStatus(0);
        assertEquals("", run.out() + run.err());
        assertTrue(Duration.between(before, Instant.now()).toMinutes() < 1);
    }
}
