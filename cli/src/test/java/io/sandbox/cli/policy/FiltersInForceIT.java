// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sandbox-policy --pid} reads the filters of running processes. Needs root. */
class FiltersInForceIT {
    @TempDir private Path folder;

    @BeforeEach
    void requireRoot() throws IOException {
        LiveKernel.requireRoot();
    }

    private Finished policy(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Dist.command("sandbox-policy").toString()));
        command.addAll(List.of(words));
        return Child.of(command).in(folder).run();
    }

    private String[] sandboxExec(String filter, String... program) {
        List<String> command = new ArrayList<>(List.of(Dist.command("sandbox-exec").toString()));
        command.add(filter);
        command.addAll(List.of(program));
        return command.toArray(new String[0]);
    }

    /** Starts a program in the folder and waits until it sleeps. */
    private Child.Running asleep(String... command) throws Exception {
        Child.Running child = Child.of(command).in(folder).start();
        Path name = Path.of("/proc", Long.toString(child.handle().pid()), "comm");
        Path call = name.resolveSibling("syscall");
        Until.holds(
                "it sleeps",
                () ->
                        Files.readString(name).equals("sleep\n")
                                && Files.readString(call).startsWith("230 ")); // clock_nanosleep
        return child;
    }

    private void compile(String list, String filter) throws Exception {
        Files.writeString(folder.resolve(filter + ".list"), list);
        Finished compiled = policy("convert", "--to", "bpf", filter + ".list", "-o", filter);
        assertEquals(0, compiled.status(), compiled::toString);
    }

    private static final String ALL_BUT =
            "{\"sandboxPolicy\": 1, \"default\": \"allow\", \"rules\": [%s]}";

    /** The sleep continues, although the filter kills for restart_syscall. */
    @Test
    void show_sleepingProcess_sleepsOn() throws Exception {
        compile(
                ALL_BUT.formatted("{\"call\": \"restart_syscall\", \"action\": \"kill\"}"),
                "filter");
        try (Child.Running child = asleep(sandboxExec("filter", "sleep", "2"))) {
            Finished shown = policy("show", "--pid", Long.toString(child.handle().pid()));
            assertEquals(0, shown.status(), shown::toString);
            assertTrue(shown.out().contains(": 1 filter\n"), shown::toString);
            assertTrue(shown.out().contains("x86_64: 1 call, other calls: allow\n"), shown.out());
            assertTrue(shown.out().contains("restart_syscall  low      kill; "), shown.out());
            assertEquals(0, child.await().status());
        }
    }

    @Test
    void show_twoFilters_strictestOfEachAndEach() throws Exception {
        compile(
                ALL_BUT.formatted(
                        "{\"call\": \"mount\", \"action\": \"errno:EPERM\"},"
                                + "{\"call\": \"bpf\", \"action\": \"errno:EPERM\"}"),
                "outer");
        compile(
                ALL_BUT.formatted(
                        "{\"call\": \"bpf\", \"action\": \"kill\"},"
                                + "{\"call\": \"socket\", \"if\": [\"arg0==16\"],"
                                + " \"action\": \"errno:EAFNOSUPPORT\"}"),
                "inner");
        String[] inner = sandboxExec("inner", "sleep", "60");
        try (Child.Running child = asleep(sandboxExec("outer", inner))) {
            String pid = Long.toString(child.handle().pid());
            Finished shown = policy("show", "--each", "--pid", pid);
            String together = shown.out().substring(0, shown.out().indexOf("\nfilter 1 of 2"));
            assertTrue(together.contains("2 filters, which together say"), shown::toString);
            assertTrue(together.contains("x86_64: 3 calls, other calls: allow"), together);
            assertTrue(together.matches("(?s).*\\n  bpf +high +kill; .*"), together);
            assertTrue(together.matches("(?s).*\\n  mount +high +errno:EPERM; .*"), together);
            assertTrue(
                    together.contains(
                            "errno:EAFNOSUPPORT if arg0==16 (AF_NETLINK), otherwise allow"),
                    together);
            assertTrue(shown.out().contains("filter 2 of 2 (the newest)"), shown.out());

            String code = policy("disassemble", "--pid", pid).out();
            assertTrue(code.contains(policy("disassemble", "outer").out()), code);
            assertTrue(code.endsWith(policy("disassemble", "inner").out()), code);
            assertTrue(code.indexOf("filter 1 of 2") < code.indexOf("filter 2 of 2"), code);
            child.handle().destroyForcibly();
        }
    }

    /** The filter that the kernel returns means what the file says. */
    @Test
    void diffAndConvert_ofProcess_asTheFile() throws Exception {
        String list =
                "{\"sandboxPolicy\": 1, \"default\": \"allow\", \"rules\": ["
                        + "{\"call\": \"ptrace\", \"action\": \"errno:EPERM\"}]}";
        compile(list, "filter");
        try (Child.Running child = asleep(sandboxExec("filter", "sleep", "60"))) {
            String pid = Long.toString(child.handle().pid());
            Finished asked = policy("test", "--refused", "--pid", pid, "ptrace", "ptrace(0)");
            assertEquals("ptrace: errno:EPERM\nptrace(0): errno:EPERM\n", asked.out());
            assertEquals(0, asked.status(), asked::toString);
            assertEquals(1, policy("test", "--pid", pid, "--refused", "read").status());
            Finished shown = policy("show", "--pid", pid);
            assertTrue(shown.out().contains("leaves 79 reachable"), shown::toString);
            Finished same = policy("diff", "--pid", pid, "filter.list");
            assertEquals("", same.out());
            assertEquals(0, same.status(), same::toString);
            Finished converted = policy("convert", "--pid", pid, "--to", "json", "-o", "back");
            assertEquals(0, converted.status(), converted::toString);
            assertEquals(0, policy("diff", "back", "filter").status());
            Files.writeString(folder.resolve("other"), "ptrace\n");
            assertEquals(1, policy("diff", "--pid", pid, "other").status());
            child.handle().destroyForcibly();
        }
    }

    /** The number of the sleep that others start; they stay its ancestors. */
    private static String sleeper(Child.Running child) throws Exception {
        List<Long> found = new ArrayList<>();
        Until.holds(
                "it sleeps",
                () -> {
                    for (ProcessHandle process : child.handle().descendants().toList()) {
                        Path folder = Path.of("/proc", Long.toString(process.pid()));
                        try {
                            if (Files.readString(folder.resolve("comm")).equals("sleep\n")
                                    && Files.readString(folder.resolve("syscall"))
                                            .startsWith("230 ")) {
                                found.add(process.pid());
                            }
                        } catch (IOException e) {
                            continue; // it has ended
                        }
                    }
                    return !found.isEmpty();
                });
        return Long.toString(found.get(0));
    }

    @Test
    void pid_underBwrapAndFirejail_isDecoded() throws Exception {
        compile(ALL_BUT.formatted("{\"call\": \"ptrace\", \"action\": \"errno:EPERM\"}"), "filter");
        String bwrap = "exec bwrap --dev-bind / / --seccomp 9 sleep 60 9<filter";
        LiveKernel.requireProgram("bwrap");
        try (Child.Running child = Child.shell(bwrap, List.of()).in(folder).start()) {
            Finished same = policy("diff", "--pid", sleeper(child), "filter.list");
            assertEquals("", same.out());
            assertEquals(0, same.status(), same::toString);
        }
        String firejail = LiveKernel.requireProgram("firejail").toString();
        try (Child.Running child =
                Child.of(firejail, "--quiet", "--noprofile", "--seccomp", "sleep", "60").start()) {
            Finished shown = policy("show", "--pid", sleeper(child));
            assertEquals(0, shown.status(), shown::toString);
            assertTrue(shown.out().contains(", other calls: allow\n"), shown::toString);
            assertTrue(shown.out().matches("(?s).*\n  reboot +high +errno:EPERM; .*"), shown.out());
            assertFalse(shown.out().contains("undecided"), shown::toString);
        }
    }

    @Test
    void show_whatCannotBeRead_saysWhy() throws Exception {
        policy("show", "--pid", "1999999999")
                .assertRefusedBy("sandbox policy", 2, "no such process");
        try (Child.Running child = asleep("sleep", "60")) {
            String pid = Long.toString(child.handle().pid());
            policy("show", "--pid", pid).assertRefusedBy("sandbox policy", 2, "has no filter");
            policy("show", "--pid", pid, "x").assertRefusedBy("sandbox policy", 2, "exclude");
            child.handle().destroyForcibly();
        }
        compile(ALL_BUT.formatted(""), "filter");
        try (Child.Running child = asleep(sandboxExec("filter", "sleep", "60"))) {
            String pid = Long.toString(child.handle().pid());
            // The kernel shows no filters to a process that has one itself.
            Child.of(
                            sandboxExec(
                                    "filter",
                                    Dist.command("sandbox-policy").toString(),
                                    "show",
                                    "--pid",
                                    pid))
                    .in(folder)
                    .run()
                    .assertRefusedBy("sandbox policy", 2, "no process that has one itself");
            child.handle().destroyForcibly();
        }
    }
}
