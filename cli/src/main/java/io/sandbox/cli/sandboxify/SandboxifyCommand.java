// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Usage;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.enforcer.document.Rule;
import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.ExitCodes;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sandboxify}: compiles a policy; sandbox-exec then becomes the program under it. */
public final class SandboxifyCommand implements Callable<Integer> {
    /** The values of {@link FilterStart} that need no library. */
    enum Start {
        EXEC(FilterStart.EXEC),
        ENTRY(FilterStart.ENTRY);

        private final FilterStart from;

        Start(FilterStart from) {
            this.from = from;
        }

        /** The word of the command line. */
        @Override
        public String toString() {
            return from.toString();
        }
    }

    private final Options options = new Options("sandboxify", this, SandboxifyCommand::usage);

    private final PolicyOptions policyOptions = new PolicyOptions(options);

    private final Value<Start> start =
            options.named("--from")
                    .choice(
                            Start.class,
                            "WHERE",
                            "exec, the default: the filter judges every call of the program, the"
                                + " dynamic linker's included. entry: it starts when the linker and"
                                + " the libraries are ready. The list must be learned with the same"
                                + " --from.")
                    .or(Start.EXEC);

    private final Value<Boolean> loadThenExec =
            options.named("--load-then-exec")
                    .flag(
                            "Load the filter first and execute the program under it. Works where"
                                    + " tracing is refused, but the list must allow execve.");

    private final Value<Path> compileTo =
            options.named("--compile")
                    .file(
                            "Write the filter to FILE and run nothing; for sandbox-exec or bwrap"
                                    + " --seccomp. It is for PROGRAM's architecture, or this"
                                    + " machine's.");

    private final Value<Boolean> explain =
            options.named("--explain")
                    .flag(
                            "Say for which call the program, or one it starts, is killed, and how"
                                    + " to allow it. The program is then a child of sandboxify.");

    private final Value<Boolean> quiet =
            options.named("-q", "--quiet").flag("Do not print a line for each entry.");

    private final Value<List<String>> command = options.words("PROGRAM");

    private static Usage usage() {
        return Options.usage()
                .header("Runs a program, of any kind, that can make only the listed system calls.")
                .synopsis(
                        "sandboxify [OPTIONS] [--] PROGRAM [ARGUMENT...]",
                        "sandboxify [OPTIONS] --explain PROGRAM [ARGUMENT...]",
                        "sandboxify [OPTIONS] --compile FILE [PROGRAM]")
                .description(
                        "The policy comes from the environment, as for libsandbox.so:"
                            + " SECCOMP_SYSCALL_ALLOW or SECCOMP_SYSCALL_DENY,"
                            + " SECCOMP_DEFAULT_ACTION, SECCOMP_LOG_DENIALS; or from options. The"
                            + " filter is in force before the program's first system call, or"
                            + " nothing runs. Static programs, scripts and 32-bit programs work"
                            + " too. The process keeps its number.")
                .examples(
                        "sandbox-learn --from exec -o prog.env ./prog",
                        "sandboxify --policy prog.env ./prog",
                        "sandboxify --policy prog.env --explain ./prog",
                        "sandboxify --deny ptrace:process_vm_readv --action errno ./prog",
                        "sandboxify --policy prog.env --compile prog.bpf;  sandbox-exec prog.bpf"
                                + " ./prog")
                .exitStatus(
                        "that of the program (159: killed for a call, 128 + SIGSYS); 127 if it was"
                                + " not found, 126 if it could not be executed, 125 for a mistake"
                                + " in the policy and failures of our own.");
    }

    private final Console console = new Console("sandboxify");

    public static Options options() {
        return new SandboxifyCommand().options;
    }

    public static void main(String[] arguments) {
        // What every run needs is loaded beside the reading of the options.
        Thread loader = new Thread(FilterCompiler::new);
        loader.setDaemon(true);
        loader.start();
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
        if (compileTo.isGiven()) {
            try (ResultOutput out = ResultOutput.open(compileTo.get())) {
                out.write(filter.toBytes());
            }
            return ExitCodes.OK;
        }
        if (explain.get()) {
            return new ExplainReport(console, policy, arch)
                    .run(sandboxExec, command.get().size(), start.get().from, filter);
        }
        sayCalls(sandboxExec, policy);
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

    private void requirePossible() {
        if (command.get().isEmpty() && !compileTo.isGiven()) {
            throw CommandFailure.ownFailure("no program given (see --help)");
        }
        if (compileTo.isGiven() && start.get() == Start.ENTRY) {
            throw CommandFailure.ownFailure(
                    "--compile: what loads a compiled filter loads it before the program, so it"
                            + " cannot start at the entry (leave out --from entry)");
        }
    }

    /** The architecture of the program, or this machine's where there is none. */
    private Arch target(SandboxExec sandboxExec) {
        return command.get().isEmpty()
                ? SyscallDb.get().nativeArch()
                : sandboxExec.inspect(command.get().size(), start.get().from);
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
        if (loadThenExec.get() || compileTo.isGiven()) {
            throw CommandFailure.ownFailure(
                    "--explain cannot be used with --load-then-exec or --compile");
        }
        Optional<String> reason = policy.whyNoneIsKilled();
        if (reason.isPresent()) {
            throw CommandFailure.ownFailure("--explain: " + reason.get());
        }
    }
}
