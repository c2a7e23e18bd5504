// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Usage;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.document.ProgramStart;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Arch;
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

        /** The word of the command line. */
        @Override
        public String toString() {
            return from.toString();
        }
    }

    private final Options options = new Options("sandbox run", this, SandboxifyCommand::usage);

    private final PolicyOptions policyOptions = new PolicyOptions(options);

    private final Value<Start> start =
            options.named("--from")
                    .choice(
                            Start.class,
                            "WHERE",
                            "Where the list begins (default exec). exec: at the "
                                    + "program's first call, so the calls of the dynamic linker "
                                    + "are filtered too. entry: when the dynamic linker and the "
                                    + "libraries are ready. Learn the list with the same --from.")
                    .or(Start.EXEC);

    private final Value<Boolean> loadThenExec =
            options.named("--load-then-exec")
                    .flag(
                            "Load the filter first, then execute the program. This works "
                                    + "where tracing is refused, but the list must allow execve.");

    private final Value<Path> compileTo =
            options.named("--compile")
                    .file(
                            "Write the filter to FILE, and run nothing. It is for "
                                    + "sandbox-exec or bwrap --seccomp, and for the architecture "
                                    + "of PROGRAM; without PROGRAM, for that of this machine.");

    private final Value<Boolean> explain =
            options.named("--explain")
                    .flag(
                            "Say for which call a process was killed. Say too how to allow that"
                                    + " call. The program is then a child of sandbox run.");

    private final Value<Boolean> quiet =
            options.named("-q", "--quiet")
                    .flag(
                            "Print warnings and errors only. A list in variables or "
                                    + "options gets no line for each entry.");

    private final Value<List<String>> command = options.words("PROGRAM");

    private static Usage usage() {
        return Options.usage()
                .header("Runs a program that can make only the listed system calls.")
                .synopsis(
                        "sandbox run [OPTIONS] [--] PROGRAM [ARGUMENT...]",
                        "sandbox run [OPTIONS] --explain PROGRAM [ARGUMENT...]",
                        "sandbox run [OPTIONS] --compile FILE [PROGRAM]")
                .description(
                        "The list comes from --policy, --allow or --deny. Without these options, it"
                            + " comes from the environment variables that libsandbox.so reads:"
                            + " SECCOMP_SYSCALL_ALLOW or SECCOMP_SYSCALL_DENY,"
                            + " SECCOMP_DEFAULT_ACTION, SECCOMP_LOG_DENIALS and SECCOMP_UNKNOWN."
                            + " The filter is in force before the program's first system call; if"
                            + " that is not possible, nothing runs. Static programs, scripts and"
                            + " 32-bit programs work too. The program takes the place of sandbox"
                            + " run and keeps its process number.")
                .examples(
                        "sandbox learn -o prog.env ./prog",
                        "sandbox run --policy prog.env ./prog",
                        "sandbox run --policy prog.env --explain ./prog",
                        "sandbox run --deny ptrace:process_vm_readv --action errno ./prog",
                        "sandbox run --policy prog.env --compile prog.bpf;  sandbox-exec prog.bpf"
                                + " ./prog")
                .exitStatus(
                        "that of the program, which is 159 (128 + SIGSYS) if it was killed for a"
                            + " call; 127 if the program was not found; 126 if it could not be"
                            + " executed; 125 if the policy has a mistake or sandbox run failed.");
    }

    private final Console console = new Console("sandbox run");

    public static Options options() {
        return new SandboxifyCommand().options;
    }

    public static void main(String[] arguments) {
        // Loads what every run needs in parallel with reading the options.
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
        if (start.get() == Start.EXEC && !explain.get()) {
            warnOfStart(policy, arch);
        }
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
                    policy.place()
                            + " lacks "
                            + lacked.get()
                            + ", which almost every program makes when it starts"
                            + EnforcedPolicy.MAYBE_FOR_LIBRARY);
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
