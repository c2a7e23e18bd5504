// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.BootedSystemd;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import io.sandbox.cli.testing.Words;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox learn-service} with a systemd as process 1. */
@MakesRecords
final class ServiceUnitIT {
    @TempDir private static Path folder;

    private static final String HARDENED =
            """
            CapabilityBoundingSet=CAP_NET_BIND_SERVICE
            AmbientCapabilities=CAP_NET_BIND_SERVICE
            RestrictAddressFamilies=AF_UNIX AF_INET
            RestrictNamespaces=yes
            RestrictRealtime=yes
            LockPersonality=yes
            MemoryDenyWriteExecute=yes
            KeyringMode=private
            NoNewPrivileges=yes
            # in 2 runs: no key was asked for\
            """;

    private static BootedSystemd system;

    @BeforeAll
    static void boot() throws Exception {
        system = BootedSystemd.boot(folder);
    }

    @AfterAll
    static void end() throws Exception {
        if (system != null) {
            system.close();
        }
    }

    private static Finished learn(String line, Object... values) throws Exception {
        return system.run("sandbox-learn-service " + line, values);
    }

    private static String state(String unit) throws Exception {
        return system.output("systemctl show -P ActiveState %s", unit).strip();
    }

    /** Neither a drop-in nor a folder of ours, and the unit as it was. */
    private static void assertNothingIsLeft(String unit, String text) throws Exception {
        assertEquals("", system.output("sh -c %s", "ls -d /run/systemd/system/*.d/zz* || true"));
        assertEquals("", system.output("sh -c %s", "ls -d /run/sandbox-learn* || true"));
        assertEquals("", system.output("systemctl list-units --no-legend recorded-*"));
        assertEquals(text, system.output("systemctl cat %s", unit));
    }

    private static String[] unit(String type) {
        return switch (type) {
            case "notify" ->
                    new String[] {
                        "[Service]",
                        "Type=notify",
                        "NotifyAccess=all",
                        "DynamicUser=yes",
                        "ExecStart=sh -c 'systemd-notify --ready; exec sleep 1000'"
                    };
            case "forking" ->
                    new String[] {
                        "[Service]", "Type=forking", "ExecStart=sh -c 'sleep 1000 & exit 0'"
                    };
            case "dbus" ->
                    new String[] {
                        "[Service]",
                        "Type=dbus",
                        "BusName=org.example.sandbox",
                        "ExecStart=/usr/bin/python3 /mnt/bus_name.py org.example.sandbox"
                    };
            case "exec" ->
                    new String[] {
                        "[Service]",
                        "Type=exec",
                        "User=nobody",
                        "RestrictAddressFamilies=AF_INET",
                        "RestrictNamespaces=yes",
                        "SystemCallFilter=@system-service",
                        "SystemCallErrorNumber=EPERM",
                        "ProtectSystem=strict",
                        "PrivateTmp=yes",
                        "ExecStart=busybox sleep 1000"
                    };
            default ->
                    new String[] {
                        "[Service]", "Type=simple", "Restart=always", "ExecStart=sleep 1000"
                    };
        };
    }

    @Table
    void learn_ofEachType_printsADropInThatRunsTheService(String type, String source)
            throws Exception {
        String name = "sandbox-" + type + ".service";
        if (type.equals("dbus")) {
            system.allowBusName("org.example.sandbox");
            system.addFile("bus_name.py");
        }
        system.addUnit(name, unit(type));
        system.output("systemctl start %s", name);
        String text = system.output("systemctl cat %s", name);
        Finished learned =
                learn(
                                "--source %s --verify --verify-runs 1 -o %s %s"
                                        + " -- systemctl is-active %s",
                                source, "/mnt/" + type + ".conf", name, name)
                        .assertStatus(0);
        assertTrue(learned.out().startsWith("active\n"), learned::toString);
        assertNothingIsLeft(name, text);
        assertEquals("active", state(name));
        String list = Files.readString(folder.resolve(type + ".conf"));
        assertTrue(list.matches("(?s).*\\bbrk\\b.*"), list);
        assertFalse(list.contains("ptrace"), list);

        system.output("mkdir %s", "/etc/systemd/system/" + name + ".d");
        system.output("cp %s %s", "/mnt/" + type + ".conf", "/etc/systemd/system/" + name + ".d");
        system.output("systemctl daemon-reload");
        system.output("systemctl restart %s", name);
        assertEquals("active", state(name));
        Files.writeString(folder.resolve(type + ".conf"), list + "SystemCallFilter=~brk\n");
        system.output("cp %s %s", "/mnt/" + type + ".conf", "/etc/systemd/system/" + name + ".d");
        system.output("systemctl daemon-reload");
        system.run("systemctl restart %s", name);
        assertEquals(
                "no",
                system.output(
                                "sh -c %s",
                                "sleep 0.5; systemctl -q is-active "
                                        + name
                                        + " && [ $(systemctl show -P NRestarts "
                                        + name
                                        + ") = 0 ] && echo yes || echo no")
                        .strip());
        system.output("systemctl stop %s", name);
        system.output("sh -c %s", "rm -r /etc/systemd/system/" + name + ".d");
    }

    /** The unit is up before, and has the port. */
    @ParameterizedTest
    @ValueSource(strings = {"bpf", "notify"})
    void server_isDrivenInEachRun(String source) throws Exception {
        if (!Files.exists(folder.resolve("server.py"))) {
            system.addFile("server.py");
        }
        system.addUnit(
                "driven.service",
                "[Service]",
                "Type=exec",
                "WorkingDirectory=/mnt",
                "ExecStart=/usr/bin/python3 server.py tcp 18099 orderly");
        system.output("systemctl start driven");
        Thread.sleep(1000);
        Files.delete(folder.resolve("log"));
        learn(
                        "--verify --verify-runs 1 --source %s --ready tcp:18099 --reload HUP"
                                + " --exercise %s driven",
                        source, "/usr/bin/python3 /mnt/server.py ask 18099")
                .assertStatus(0)
                .assertOut("accept4")
                .assertErr("verified: 1 of 1 run");
        String told = Files.readString(folder.resolve("log"));
        assertTrue(
                told.startsWith("ended " + "started asked reloaded asked ended ".repeat(3)), told);
        learn("--ready tcp:1 --ready-within 1s driven")
                .assertStatus(125)
                .assertErr("tcp:1: not ready within 1 s");
        learn("--exercise true driven -- true").assertStatus(125).assertErr("without PROGRAM");
        assertEquals("active", state("driven.service"));
        system.output("systemctl stop driven");
    }

    /** With a filter, each of these signals might take a call back before it is seen. */
    @Test
    void signals_takeNoCallBack_whereCallsAreCounted() throws Exception {
        system.addUnit(
                "signals.service",
                "[Service]",
                "User=nobody",
                "ExecStart=/usr/bin/python3 -c 'import os, signal\\n"
                        + "signal.signal(signal.SIGALRM, lambda *ignored: None)\\n"
                        + "signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)\\n"
                        + "while True: os.sched_yield(); os.umask(18)'");
        for (int i = 0; i < 3; i++) {
            learn("signals -- sleep 0.5")
                    .assertStatus(0)
                    .assertOut("sched_yield", "setitimer", "umask")
                    .assertErr("complete");
        }
        learn("--source audit signals -- true")
                .assertRefusedBy("sandbox learn-service", 125, "bpf or notify");
    }

    /** Nothing counts for one that waits to execute a program. */
    @Test
    void countedProcess_cannotJoinAgain() throws Exception {
        Files.writeString(
                folder.resolve("again.py"),
                "import glob, os, socket, time\n"
                        + "s = socket.socket(socket.AF_UNIX)\n"
                        + "s.connect(glob.glob('/run/sandbox-learn*/socket')[0])\n"
                        + "s.send(b'{\"fds\":[],\"state\":{\"id\":\"again.service 1\"}}')\n"
                        + "s.recv(1)\n"
                        + "os.symlink('a', '/mnt/again')\n"
                        + "time.sleep(1000)\n");
        system.addUnit("again.service", "[Service]", "ExecStart=/usr/bin/python3 /mnt/again.py");
        learn("--partial again -- sh -c %s", "until [ -L /mnt/again ]; do sleep 0.1; done")
                .assertStatus(125)
                .assertErr("somebody handed over what was refused")
                .assertOut("symlink");
    }

    @Test
    void commands_getTheirWordsAsEver() throws Exception {
        system.addUnit(
                "words.service",
                "[Service]",
                "Type=oneshot",
                "RemainAfterExit=yes",
                "Environment=ONE=a FEW='b c' 'ODD=$HOME'",
                "ExecStartPre=-sh -c 'echo \"$0|$@\" >/mnt/pre; exit 3' $ONE ${FEW} $FEW $$ONE %%n"
                        + " %n",
                "ExecStart=:sh -c 'echo \"$0|$*\" >/mnt/first' $ONE \"a\\\\\\\"b\\tc\"",
                "ExecStart=@sh own-name -c 'echo \"$0|$*\" >/mnt/second' ${ODD}",
                "ExecStop=+sh -c 'echo stop >/mnt/stop'");
        String script = "cd /mnt && cat pre first second; tr '\\0' '|' </dev/null";
        system.output("systemctl start words.service");
        String plain = system.output("sh -c %s", script);
        system.output("systemctl stop words.service");
        system.output("sh -c %s", "rm /mnt/pre /mnt/first /mnt/second /mnt/stop");
        Finished learned = learn("words -- sh -c %s", script).assertStatus(0);
        assertEquals(plain, learned.err().lines().limit(3).reduce("", (a, b) -> a + b + "\n"));
        assertEquals("stop\n", Files.readString(folder.resolve("stop")));
        assertEquals("inactive", state("words.service"));
    }

    @Test
    void socketActivated_isRecordedAndListensAgain() throws Exception {
        system.addUnit("answer.socket", "[Socket]", "ListenStream=/run/answer");
        system.addUnit(
                "answer.service",
                "[Service]",
                "ExecStart=/usr/bin/python3 -c 'import socket\\n"
                        + "s = socket.socket(fileno=3)\\n"
                        + "while True: c = s.accept()[0]; c.send(b\"42\"); c.close()'");
        system.output("systemctl start answer.socket");
        String ask =
                "import socket; s = socket.socket(socket.AF_UNIX); s.connect(\"/run/answer\");"
                        + " print(s.recv(9).decode())";
        learn("answer -- /usr/bin/python3 -c %s", ask).assertStatus(0).assertOut("accept4");
        assertEquals("active", state("answer.socket"));
        assertEquals("42\n", system.output("/usr/bin/python3 -c %s", ask));
        system.output("systemctl stop answer.socket answer.service");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RootDirectory=/var", "RefuseManualStop=yes"})
    void unitThatCannotBeServed_isRefusedUntouched(String setting) throws Exception {
        system.addUnit(
                "refused.service",
                "[Unit]",
                setting.startsWith("Refuse") ? setting : "Description=test",
                "[Service]",
                "ExecStart=sleep 1000",
                setting.startsWith("Refuse") ? "" : setting);
        system.run("systemctl start refused.service");
        String before = system.output("systemctl show -P InvocationID refused.service");
        learnIsRefused("refused.service", ": ");
        assertEquals(before, system.output("systemctl show -P InvocationID refused.service"));
        learnIsRefused("nowhere.service", "not-found");
        learnIsRefused("sandbox@.service", "not the name of one service");
    }

    private static void learnIsRefused(String unit, String reason) throws Exception {
        learn("%s -- true", unit).assertRefusedBy("sandbox learn-service", 125, reason);
        assertNothingIsLeft(
                "systemd-journald.service",
                system.output("systemctl cat systemd-journald.service"));
    }

    @Test
    void killedRecorder_leavesTheServiceRunning_andTheNextRepairs() throws Exception {
        system.addUnit("left.service", unit("simple"));
        system.output("systemctl start left.service");
        String text = system.output("systemctl cat left.service");
        try (Child.Running killed =
                system.command(Words.of("sandbox-learn-service left -- sleep 1000")).start()) {
            Until.holds(
                    "it is recorded",
                    () ->
                            system.run("sh -c %s", "ls /run/sandbox-learn*/socket").status() == 0
                                    && system.output("systemctl show -P ExecStart left")
                                            .contains("--hand-over"));
            learn("left -- true")
                    .assertRefusedBy(
                            "sandbox learn-service", 125, "is being recorded by somebody else");
            assertTrue(killed.handle().isAlive());
        }
        learn("left -- true").assertStatus(0).assertErr("removed what");
        assertNothingIsLeft("left.service", text);
        assertEquals("active", state("left.service"));
        system.output("systemctl stop left.service");
    }

    @Test
    void others_cannotHandOver() throws Exception {
        system.addUnit("alone.service", unit("simple"));
        String connect =
                "setpriv --reuid 65534 --clear-groups /usr/bin/python3 -c 'import socket, sys\n"
                        + "s = socket.socket(socket.AF_UNIX)\n"
                        + "s.connect(sys.argv[1])\n"
                        + "print(s.recv(9))' /run/sandbox-learn*/socket";
        learn("alone -- sh -c %s", connect).assertErr("another user has sent it");
    }

    /** It runs all the same, since a service must start when nobody records it. */
    @ParameterizedTest
    @CsvSource({
        "ExecStartPre=true, ExecStartPre, could not hand over its calls",
        "ExecStartPre=true, ExecStop, could not hand over its calls",
        "Nice=0, ExecStartPre, the service handed over nothing"
    })
    void commandThatCannotHandOver_makesTheRecordingIncomplete(
            String before, String phase, String said) throws Exception {
        Files.deleteIfExists(folder.resolve("open"));
        system.addUnit(
                "blocked.service",
                "[Service]",
                "User=nobody",
                before,
                "ExecStartPre=-/not/there",
                phase + "=+sh -c 'cd /run/sandbox-learn* && [ -e /mnt/open ] || chmod 700 .'",
                "ExecStart=sleep 1000",
                "ExecStop=true");
        learn("blocked -- systemctl is-active blocked").assertStatus(125).assertErr(said);
        Files.writeString(folder.resolve("open"), "");
        learn("blocked -- systemctl is-active blocked").assertStatus(0);
    }

    private static String show(String unit) throws Exception {
        String pid = system.output("systemctl show -P MainPID %s", unit).strip();
        Finished shown =
                system.run("sandbox-policy show --pid %s", pid)
                        .assertStatus(0)
                        .assertOutLacks("undecided");
        return shown.out();
    }

    /** systemd passes over names that it does not know. */
    @Test
    void show_filtersOfServices_areDecoded() throws Exception {
        system.addUnit(
                "shown.service",
                "[Service]",
                "SystemCallFilter=~personality made_up",
                "SystemCallErrorNumber=ENOENT",
                "ExecStart=sleep 1000");
        system.output("systemctl start shown");
        String shown = show("shown");
        assertTrue(shown.contains("x86_64: 1 call, other calls: allow\n"), shown);
        assertTrue(shown.contains("  personality  high     errno:ENOENT;"), shown);
        String journal = show("systemd-journald");
        assertTrue(journal.matches("(?s).* \\d\\d filters, which together say\n.*"), journal);
        assertTrue(journal.contains("  setns "), journal);
    }

    /** A port below 1024, and a capability that the unit gives and nobody uses. */
    @Test
    void harden_printsWhatTheRunsProve_andTheServiceRunsUnderIt() throws Exception {
        LiveKernel.requireCapabilities();
        system.addUnit(
                "hardened.service",
                "[Service]",
                "AmbientCapabilities=CAP_NET_BIND_SERVICE CAP_SYS_TIME",
                "User=nobody",
                "ExecStart=/usr/bin/python3 -c 'import socket, time\\n"
                        + "s = socket.socket()\\n"
                        + "s.bind((\"\", 83))\\n"
                        + "open(\"/mnt/bound\", \"w\")\\n"
                        + "time.sleep(1000)'");
        Files.writeString(folder.resolve("bound"), "");
        system.output("chmod 666 /mnt/bound");
        Finished learned =
                learn("--harden --verify --verify-runs 1 hardened -- sleep 2").assertStatus(0);
        for (String line : HARDENED.split("\n")) {
            assertTrue(learned.out().contains("\n" + line + "\n"), line + ": " + learned);
        }
        assertFalse(learned.out().contains("SYS_TIME"), learned::toString);
        assertTrue(
                learned.err()
                        .matches(
                                "(?s).*systemd-analyze security: [0-9.]+ UNSAFE before, [0-9.]+"
                                        + " [A-Z]+ under this drop-in\n.*"),
                learned::toString);
        assertEquals("", system.output("sh -c %s", "ls -d /run/systemd/system/*.d/zz* || true"));
    }

    @Test
    void check_tellsWhetherTheServiceHasNewCalls() throws Exception {
        system.addUnit("checked.service", unit("simple"));
        // sleep has made all its calls but the last one.
        int sleeps = SyscallNames.number("clock_nanosleep");
        String wait =
                "until grep -q '^"
                        + sleeps
                        + " ' /proc/$(systemctl show -P MainPID checked)/syscall; do sleep 0.05;"
                        + " done";
        learn("-o /mnt/checked.conf checked -- sh -c %s", wait).assertStatus(0);
        List<String> check =
                Words.of(
                        "sandbox-check --policy /mnt/checked.conf --service checked -- sh -c %s",
                        wait);
        system.command(check).run().assertStatus(0);
        Path policy = folder.resolve("checked.conf");
        Files.writeString(policy, Files.readString(policy).replaceAll("\\bread\\b", ""));
        system.command(check).run().assertStatus(1).assertOut("read");
    }
}
