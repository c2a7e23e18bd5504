// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
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
@MakesRecords
class FiltersInForceIT {
    @TempDir private Path folder;

    @BeforeEach
    void requireRoot() throws IOException {
        LiveKernel.requireRoot();
    }

    private Finished policy(String line, Object... values) throws Exception {
        return Child.of("sandbox-policy " + line, values).in(folder).run();
    }

    /** Starts a program in the folder and waits until it sleeps. */
    private Child.Running asleep(String line) throws Exception {
        Child.Running child = Child.of(line).in(folder).start();
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
        policy("convert --to bpf %s -o %s", filter + ".list", filter).assertStatus(0);
    }

    private static final String ALL_BUT =
            "{\"sandboxPolicy\": 1, \"default\": \"allow\", \"rules\": [%s]}";

    /** The sleep continues, although the filter kills for restart_syscall. */
    @Test
    void show_sleepingProcess_sleepsOn() throws Exception {
        compile(
                ALL_BUT.formatted("{\"call\": \"restart_syscall\", \"action\": \"kill\"}"),
                "filter");
        try (Child.Running child = asleep("sandbox-exec filter sleep 4")) {
            policy("show --pid %s", Long.toString(child.handle().pid()))
                    .assertStatus(0)
                    .assertOut(
                            ": 1 filter\n",
                            "x86_64: 1 call, other calls: allow\n",
                            "restart_syscall  low      kill; ");
            child.await().assertStatus(0);
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
        String nested = "sandbox-exec outer sandbox-exec inner sleep 60";
        try (Child.Running child = asleep(nested)) {
            String pid = Long.toString(child.handle().pid());
            Finished shown = policy("show --each --pid %s", pid);
            String together = shown.out().substring(0, shown.out().indexOf("\nfilter 1 of 2"));
            assertTrue(together.contains("2 filters, which together say"), shown::toString);
            assertTrue(together.contains("x86_64: 3 calls, other calls: allow"), together);
            assertTrue(together.matches("(?s).*\\n  bpf +high +kill; .*"), together);
            assertTrue(together.matches("(?s).*\\n  mount +high +errno:EPERM; .*"), together);
            assertTrue(
                    together.contains(
                            "errno:EAFNOSUPPORT if arg0==16 (AF_NETLINK), otherwise allow"),
                    together);
            shown.assertOut("filter 2 of 2 (the newest)");

            String code = policy("disassemble --pid %s", pid).out();
            assertTrue(code.contains(policy("disassemble outer").out()), code);
            assertTrue(code.endsWith(policy("disassemble inner").out()), code);
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
        try (Child.Running child = asleep("sandbox-exec filter sleep 60")) {
            String pid = Long.toString(child.handle().pid());
            policy("test --refused --pid %s ptrace ptrace(0)", pid)
                    .assertOutIs("ptrace: errno:EPERM\nptrace(0): errno:EPERM\n")
                    .assertStatus(0);
            policy("test --pid %s --refused read", pid).assertStatus(1);
            policy("show --pid %s", pid).assertOut("leaves 79 reachable");
            policy("diff --pid %s filter.list", pid).assertNoOut().assertStatus(0);
            policy("convert --pid %s --to json -o back", pid).assertStatus(0);
            policy("diff back filter").assertStatus(0);
            Files.writeString(folder.resolve("other"), "ptrace\n");
            policy("diff --pid %s other", pid).assertStatus(1);
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
            policy("diff --pid %s filter.list", sleeper(child)).assertNoOut().assertStatus(0);
        }
        String firejail = LiveKernel.requireProgram("firejail").toString();
        try (Child.Running child =
                Child.of("%s --quiet --noprofile --seccomp sleep 60", firejail).start()) {
            Finished shown =
                    policy("show --pid %s", sleeper(child))
                            .assertStatus(0)
                            .assertOut(", other calls: allow\n");
            assertTrue(shown.out().matches("(?s).*\n  reboot +high +errno:EPERM; .*"), shown.out());
            shown.assertOutLacks("undecided");
        }
    }

    @Test
    void show_whatCannotBeRead_saysWhy() throws Exception {
        policy("show --pid 1999999999").assertRefusedBy("sandbox policy", 2, "no such process");
        try (Child.Running child = asleep("sleep 60")) {
            String pid = Long.toString(child.handle().pid());
            policy("show --pid %s", pid).assertRefusedBy("sandbox policy", 2, "has no filter");
            policy("show --pid %s x", pid).assertRefusedBy("sandbox policy", 2, "exclude");
            child.handle().destroyForcibly();
        }
        compile(ALL_BUT.formatted(""), "filter");
        try (Child.Running child = asleep("sandbox-exec filter sleep 60")) {
            String pid = Long.toString(child.handle().pid());
            // The kernel shows no filters to a process that has one itself.
            Child.of("sandbox-exec filter sandbox-policy show --pid %s", pid)
                    .in(folder)
                    .run()
                    .assertRefusedBy("sandbox policy", 2, "no process that has one itself");
            child.handle().destroyForcibly();
        }
    }
}
