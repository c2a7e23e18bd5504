// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.Until;
import io.sandbox.enforcer.bpf.DecodedPolicy;
import io.sandbox.enforcer.bpf.FilterMeaning;
import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.document.Rule;
import io.sandbox.enforcer.format.PolicyFormat;
import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.process.FiltersInForce;
import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.ActionText;
import io.sandbox.enforcer.policy.CallRef;
import io.sandbox.enforcer.policy.Condition;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random policies come back from the kernel as what they are: compiled, loaded, read and decoded.
 * {@code -Dsandbox.fuzz=N} sets the number of policies for each compiler.
 */
class ReadBackIT {
    private static final int POLICIES = Integer.getInteger("sandbox.fuzz", 25);
    private static final int CALLS = 300;
    private static final Arch MACHINE = SyscallDb.get().nativeArch();
    private static final SyscallTable TABLE = SyscallDb.get().table(MACHINE);
    private static final List<Syscall> ALL = List.copyOf(TABLE.all());
    private static final List<String> OPERATORS = List.of("==", "!=", "<", "<=", ">", ">=", "&");
    private static final long[] VALUES = {
        0, 1, 2, 0x7fffffffL, 0xffffffffL, 0x100000000L, 0x100000001L, Long.MIN_VALUE, -2, -1
    };

    @TempDir private static Path folder;
    private static Path dynamic;
    private static Path alone;

    private final Random random = new Random(Long.getLong("sandbox.seed", 20261125));

    @BeforeAll
    static void prepare() throws Exception {
        LiveKernel.requireRoot();
        System.setProperty("sandbox.home", Dist.command("sandbox-exec").getParent().toString());
        dynamic = CProgram.compile("spin", folder);
        alone =
                CProgram.compile(
                        "spin",
                        Files.createDirectory(folder.resolve("s")),
                        "-static",
                        "-nostdlib",
                        "-Wl,-e,main");
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private long value() {
        return VALUES[random.nextInt(VALUES.length)];
    }

    private String condition(int argument) {
        String operator = pick(OPERATORS);
        if (!operator.equals("&")) {
            return "arg" + argument + operator + Long.toUnsignedString(value());
        }
        long mask = value();
        String bits = Long.toUnsignedString(mask);
        return "arg" + argument + "&" + bits + "==" + Long.toUnsignedString(value() & mask);
    }

    private String entry() {
        String name = random.nextInt(9) == 0 ? "7777" : pick(ALL).name();
        List<String> conditions = new ArrayList<>();
        for (int argument = 0; argument < 6; argument++) {
            if (random.nextInt(6) == 0) {
                conditions.add(condition(argument));
            }
        }
        return conditions.isEmpty() ? name : name + "(" + String.join(",", conditions) + ")";
    }

    /** The lines of a file of variables. */
    private List<String> variables() {
        List<String> entries = new ArrayList<>();
        for (int i = random.nextInt(random.nextInt(4) == 0 ? 60 : 8); i >= 0; i--) {
            entries.add(entry());
            if (random.nextInt(3) == 0) {
                String name = entries.get(entries.size() - 1).replaceFirst("\\(.*", "");
                entries.add(name + "(" + condition(random.nextInt(6)) + ")"); // an alternative
            }
        }
        String mode = random.nextInt(4) == 0 ? "DENY" : "ALLOW";
        List<String> lines = new ArrayList<>();
        lines.add("SECCOMP_SYSCALL_" + mode + "=" + String.join(":", entries));
        lines.add(
                "SECCOMP_DEFAULT_ACTION="
                        + pick(List.of("kill", "kill_thread", "trap", "log", "errno:ENOENT")));
        if (random.nextInt(3) == 0) {
            lines.add("SECCOMP_UNKNOWN=" + pick(List.of("enosys", "enosys:5.4")));
        }
        return lines;
    }

    private static DecodedPolicy inForce(Child.Running child) throws Exception {
        int pid = (int) child.handle().pid();
        Path status = Path.of("/proc/" + pid + "/status");
        Until.holds(
                "it spins under its filter",
                () -> {
                    String text = Files.readString(status);
                    return text.contains("Seccomp:\t2")
                            && text.contains("TracerPid:\t0")
                            && text.startsWith("Name:\tspin");
                });
        FiltersInForce found = query(pid, 10);
        return DecodedPolicy.of(FilterMeaning.of(found.filters(), MACHINE), false);
    }

    /** On a busy machine, a process may not be stopped at once. */
    private static FiltersInForce query(int pid, int tries) throws InterruptedException {
        try {
            return FiltersInForce.query(pid);
        } catch (CommandFailure e) {
            if (tries == 0 || !e.getMessage().contains("cannot be stopped now")) {
                throw e;
            }
            Thread.sleep(200);
            return query(pid, tries - 1);
        }
    }

    private static Action verdict(PolicyDocument document, int number, long[] arguments) {
        Optional<String> name = TABLE.byNumber(number).map(call -> call.name());
        for (Rule rule : document.rules()) {
            boolean same =
                    rule.call() instanceof CallRef.Numbered numbered
                            ? numbered.number() == number
                            : TABLE.byName(rule.call().toString())
                                    .filter(call -> call.number() == number)
                                    .isPresent();
            if (same
                    && rule.conditions().stream().allMatch(c -> c.holds(arguments[c.argument()]))) {
                return rule.action();
            }
        }
        boolean mentioned =
                document.rules().stream()
                        .anyMatch(
                                rule ->
                                        rule.call().toString().equals(Integer.toString(number))
                                                || name.filter(rule.call().toString()::equals)
                                                        .isPresent());
        boolean judged =
                TABLE.byNumber(number).filter(document.unknown()::judges).isPresent() || mentioned;
        return document.unknown().refused() && !judged ? Action.errno(38) : document.otherwise();
    }

    private void assertSame(List<String> lines, PolicyDocument policy, DecodedPolicy decoded) {
        assertEquals(List.of(), decoded.losses(), lines::toString);
        for (int i = 0; i < CALLS; i++) {
            long[] arguments = new long[Condition.ARGUMENTS];
            for (int j = 0; j < arguments.length; j++) {
                arguments[j] = value() + random.nextInt(3) - 1;
            }
            int number = random.nextInt(9) == 0 ? 7777 : pick(ALL).number();
            if (random.nextInt(3) > 0) {
                Rule rule = pick(policy.rules());
                for (Condition condition : rule.conditions()) {
                    arguments[condition.argument()] =
                            condition.value() + (random.nextInt(4) == 0 ? 1 : 0);
                }
                number =
                        TABLE.byName(rule.call().toString())
                                .map(call -> call.number())
                                .orElse(7777);
            }
            int called = number;
            assertEquals(
                    ActionText.format(verdict(policy, number, arguments)),
                    ActionText.format(verdict(decoded.document(), number, arguments)),
                    () -> "call " + called + " of " + lines + " as " + decoded.document());
        }
    }

    private static PolicyDocument document(List<String> lines) {
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        return PolicyFormat.ENVFILE.read(text).document();
    }

    @Test
    void library_randomPolicies_readBackTheSame() throws Exception {
        Path library = Dist.command("libsandbox.so");
        for (int i = 0; i < POLICIES; i++) {
            List<String> lines = variables();
            List<String> command = new ArrayList<>(List.of("/usr/bin/env"));
            command.addAll(lines);
            command.addAll(List.of("SECCOMP_QUIET=1", "LD_PRELOAD=" + library, dynamic.toString()));
            try (Child.Running child = Child.of(command).start()) {
                assertSame(lines, document(lines), inForce(child));
                child.handle().destroyForcibly();
            }
        }
    }

    @Test
    void javaCompiler_randomPolicies_readBackTheSame() throws Exception {
        Path filter = folder.resolve("filter.bpf");
        for (int i = 0; i < POLICIES; i++) {
            List<String> lines = variables();
            PolicyDocument policy = document(lines);
            Files.write(
                    filter,
                    new FilterCompiler().compile(policy, MACHINE.name(), MACHINE).toBytes());
            String loader = Dist.command("sandbox-exec").toString();
            try (Child.Running child =
                    Child.of(loader, filter.toString(), alone.toString()).start()) {
                assertSame(lines, policy, inForce(child));
                child.handle().destroyForcibly();
            }
        }
    }
}
