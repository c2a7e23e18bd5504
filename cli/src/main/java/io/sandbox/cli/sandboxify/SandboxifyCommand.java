// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.enforcer.seccomp.RingFilter;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.document.ProgramStart;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Capability;
import io.sandbox.syscalldb.IoUringOperation;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sandbox run}: compiles a policy; sandbox-exec then becomes the program under it. */
public final class SandboxifyCommand implements Callable<Integer> {
    /** The values of {@link FilterStart} that need no library. */
    enum Start {
        EXEC(FilterStart.EXEC),
        ENTRY(FilterStart.ENTRY);

        private final FilterStart from;

        Start(FilterStart from) {
            this.from = from;
        }
    }

    private final Options options = new Options("sandbox run", this);

    private final PolicyOptions policyOptions = new PolicyOptions(options);

    private final Value<Start> start =
            options.named("--from").choice(Start.class, "WHERE").or(Start.EXEC);

    private final Value<Boolean> loadThenExec = options.named("--load-then-exec").flag();

    private final Value<Long> capabilities =
            options.named("--caps").converted(SandboxifyCommand::capabilities, "LIST");

    private final Value<List<Integer>> operations =
            options.named("--io-uring").converted(SandboxifyCommand::operations, "OPERATIONS");

    private final Value<Path> compileTo = options.named("--compile").file();

    private final Value<Boolean> explain = options.named("--explain").flag();

    private final Value<Boolean> noCache = options.named("--no-cache").rare().flag();

    private final Value<Boolean> quiet = options.named("-q", "--quiet").flag();

    private final Value<List<String>> command = options.words("PROGRAM");

    private final Console console = new Console("sandbox run");

    public static Options options() {
        return new SandboxifyCommand().options;
    }

    public static void main(String[] arguments) {
        Cli.begin(FilterCompiler::new);
        Cli.begin(() -> SyscallDb.get().table(SyscallDb.get().nativeArch()));
        Cli.runSupervised(options(), arguments);
    }

    @Override
    public Integer call() {
        requirePossible();
        EnforcedPolicy policy = policyOptions.read(console);
        if (explain.get()) {
            requireExplicable(policy);
        }
        SandboxExec sandboxExec = new SandboxExec();
        Arch arch = target(sandboxExec);
        BpfProgram filter = policy.compile(arch);
        if (start.get() == Start.EXEC && !explain.get()) {
            warnOfStart(policy, arch);
        }
        if (compileTo.isGiven()) {
            try (ResultOutput out = ResultOutput.open(compileTo.get())) {
                out.write(filter.toBytes());
            }
            return ExitCodes.OK;
        }
        if (capabilities.isGiven()) {
            sandboxExec.holdTo(capabilities.get());
        }
        if (operations.isGiven()) {
            RingFilter.of(operations.get(), policy.document(), filter)
                    .forEach(each -> limit(sandboxExec, each));
        }
        if (explain.get()) {
            return new ExplainReport(console, policy, arch, command.get(), quiet.get())
                    .run(sandboxExec, command.get().size(), start.get().from, filter);
        }
        sayCalls(sandboxExec, policy);
        if (!noCache.get()
                && !capabilities.isGiven()
                && !operations.isGiven()
                && !console.hasSpoken()
                && policy.file().isPresent()) {
            sandboxExec.keep(policy.file().get(), new FilterCompiler().libraryFile());
        }
        if (loadThenExec.get()) {
            sandboxExec.loadThenExecute(
                    command.get().size(), policy.document().logDenials(), filter.toBytes());
        } else {
            sandboxExec.confine(
                    command.get().size(),
                    start.get().from,
                    policy.document().logDenials(),
                    filter.toBytes());
        }
        return ExitCodes.OK;
    }

    private static void limit(SandboxExec sandboxExec, RingFilter ring) {
        sandboxExec.limitRing(
                ring.operation(), ring.argumentBytes(), ring.operation() == 0, ring.code());
    }

    private static Long capabilities(String list) {
        return list.equals("none") ? 0 : Capability.set(List.of(list.split("[, ]+")));
    }

    private static List<Integer> operations(String list) {
        return list.equals("none")
                ? List.of()
                : IoUringOperation.numbers(
                        SyscallDb.get().ioUringOperations(), List.of(list.split("[, ]+")));
    }

    private void requirePossible() {
        Options.refuseIf(
                (capabilities.isGiven() || operations.isGiven()) && compileTo.isGiven(),
                "--caps and --io-uring are for running a program, not for --compile");
        Options.refuseIf(
                command.get().isEmpty() && !compileTo.isGiven(), "no program given (see --help)");
        Options.refuseIf(
                compileTo.isGiven() && start.get() == Start.ENTRY,
                "--compile: what loads a compiled filter loads it before the program, so it"
                        + " cannot start at the entry (leave out --from entry)");
    }

    /** The architecture of the program; without a program, this machine's. */
    private Arch target(SandboxExec sandboxExec) {
        return command.get().isEmpty()
                ? SyscallDb.get().nativeArch()
                : sandboxExec.inspect(command.get().size(), start.get().from);
    }

    /** Under a list for libsandbox.so the program is killed, and then nobody is left to say why. */
    private void warnOfStart(EnforcedPolicy policy, Arch arch) {
        Optional<String> lacked = ProgramStart.lackedCall(policy.document(), arch);
        if (lacked.isPresent()) {
            console.say(
                    String.format(
                            "%s lacks %s, which almost every program makes when it starts%s",
                            policy.place(), lacked.get(), EnforcedPolicy.MAYBE_FOR_LIBRARY));
        }
    }

    private void sayCalls(SandboxExec sandboxExec, EnforcedPolicy policy) {
        if (!quiet.get() && !policy.quiet()) {
            StringBuilder text = new StringBuilder();
            for (Rule rule : policy.document().rules()) {
                text.append("adding ")
                        .append(rule.call())
                        .append(" to the process seccomp filter\n");
            }
            sandboxExec.say(text.toString());
        }
    }

    private void requireExplicable(EnforcedPolicy policy) {
        Options.refuseIf(
                loadThenExec.get() || compileTo.isGiven(),
                "--explain cannot be used with --load-then-exec or --compile");
        Optional<String> reason = policy.whyNoneIsKilled();
        if (reason.isPresent()) {
            throw CommandFailure.ownFailure("--explain: " + reason.get());
        }
    }
}
