// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Until;
import io.sandbox.enforcer.launch.process.FiltersInForce;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.bpf.DecodedPolicy;
import io.sandbox.policy.bpf.FilterMeaning;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random policies come back from the kernel as what they are: compiled, loaded, read and decoded.
 * {@code -Dsandbox.fuzz=N} sets the number of policies for each compiler.
 */
@MakesRecords
class ReadBackIT {
    private static final int POLICIES = Integer.getInteger("sandbox.fuzz", 400);
    private static final int CALLS = 60;
    private static final Arch MACHINE = SyscallDb.get().nativeArch();
    private static final SyscallTable TABLE = SyscallDb.get().table(MACHINE);
    private static final List<Syscall> ALL = List.copyOf(TABLE.all());
    private static final List<String> OPERATORS = List.of("==", "!=", "<", "<=", ">", ">=", "&");
    private static final long[] VALUES = {
        0, 1, 2, 0x7fffffffL, 0xffffffffL, 0x100000000L, 0x100000001L, Long.MIN_VALUE, -2, -1
    };

    @TempDir private static Path folder;
    private static Path loads;

    private final Random random = new Random(Long.getLong("sandbox.seed", 20261125));

    @BeforeAll
    static void prepare() throws Exception {
        LiveKernel.requireRoot();
        System.setProperty("sandbox.home", Dist.command("sandbox-exec").getParent().toString());
        loads = CProgram.compile("loads", folder);
    }

    /** Has the program {@code loads} put a process under a filter, which the kernel then shows. */
    private static final class Loader implements AutoCloseable {
        private final Process process;

        Loader() throws IOException {
            process = new ProcessBuilder(loads.toString()).start();
        }

        DecodedPolicy load(char kind, byte[] bytes) throws Exception {
            ByteBuffer request =
                    ByteBuffer.allocate(1 + Integer.BYTES + bytes.length)
                            .order(ByteOrder.nativeOrder());
            request.put((byte) kind).putInt(bytes.length).put(bytes);
            process.getOutputStream().write(request.array());
            process.getOutputStream().flush();
            byte[] answer = process.getInputStream().readNBytes(Integer.BYTES);
            int pid = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder()).getInt();
            Path status = Path.of("/proc/" + pid + "/status");
            Until.holds(
                    "it spins under its filter",
                    () -> Files.readString(status).contains("Seccomp:\t2"));
            FiltersInForce found = query(pid);
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            return DecodedPolicy.of(FilterMeaning.of(found.filters(), MACHINE), false);
        }

        /** On a busy machine, a process may not be stopped in time. */
        private static FiltersInForce query(int pid) throws Exception {
            FiltersInForce[] found = new FiltersInForce[1];
            Until.holds(
                    "its filters are read",
                    () -> {
                        try {
                            found[0] = FiltersInForce.query(pid);
                            return true;
                        } catch (CommandFailure e) {
                            if (e.getMessage().contains("cannot be stopped now")
                                    || e.getMessage().contains("is traced already")) {
                                return false;
                            }
                            throw e;
                        }
                    });
            return found[0];
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
        }
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

    /** What the first rule decides that holds. */
    private static Action verdict(PolicyDocument document, int number, long[] arguments) {
        boolean judged = TABLE.byNumber(number).filter(document.unknown()::judges).isPresent();
        for (Rule rule : document.rules()) {
            int of =
                    rule.call() instanceof CallRef.Numbered numbered
                            ? numbered.number()
                            : TABLE.byName(rule.call().toString()).orElseThrow().number();
            if (of != number) {
                continue;
            }
            if (rule.conditions().stream().allMatch(c -> c.holds(arguments[c.argument()]))) {
                return rule.action();
            }
            judged |= rule.conditions().stream().allMatch(ReadBackIT::canHold);
        }
        return document.unknown().refused() && !judged ? Action.errno(38) : document.otherwise();
    }

    private static boolean canHold(Condition condition) {
        return !(condition.operator() == Operator.GT && condition.value() == -1)
                && !(condition.operator() == Operator.LT && condition.value() == 0);
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
                    () -> "call " + called + Arrays.toString(arguments) + " of " + lines);
        }
    }

    private static PolicyDocument document(List<String> lines) {
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        return PolicyFormat.ENVFILE.read(text).document();
    }

    @Test
    void library_randomPolicies_readBackTheSame() throws Exception {
        String preload = "LD_PRELOAD=" + Dist.library();
        try (Loader loader = new Loader()) {
            for (int i = 0; i < POLICIES; i++) {
                List<String> lines = variables();
                List<String> environment = new ArrayList<>(lines);
                environment.addAll(List.of("SECCOMP_QUIET=1", preload));
                byte[] strings =
                        (String.join("\0", environment) + "\0").getBytes(StandardCharsets.UTF_8);
                assertSame(lines, document(lines), loader.load('E', strings));
            }
        }
    }

    @Test
    void javaCompiler_randomPolicies_readBackTheSame() throws Exception {
        try (Loader loader = new Loader()) {
            for (int i = 0; i < POLICIES; i++) {
                List<String> lines = variables();
                PolicyDocument policy = document(lines);
                byte[] code =
                        new FilterCompiler().compile(policy, MACHINE.name(), MACHINE).toBytes();
                assertSame(lines, policy, loader.load('F', code));
            }
        }
    }
}
