package io.sandbox.cli.sandboxify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Usage;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.ExitCodes;
import io.sandbox.enforcer.launch.FileFailure;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.explain.Explainer;
import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.CallRef;
import io.sandbox.enforcer.policy.Policy;
import io.sandbox.enforcer.policy.PolicyEnvironment;
import io.sandbox.enforcer.policy.PolicyFile;
import io.sandbox.enforcer.policy.PolicyText;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sandboxify}: compiles a policy; sandbox-exec then becomes the program under it. */
public final class SandboxifyCommand implements Callable<Integer> {
    /** Where in the program's life the filter starts. */
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

    /** Longer than any policy: what is longer is another file. */
    private static final int POLICY_FILE_LIMIT = 16 << 20;

    private static final Path OWN_ENVIRONMENT = Path.of("/proc/self/environ");

    private final Options options = new Options("sandboxify", this, SandboxifyCommand::usage);

    private final Value<Path> policyFile =
            options.named("--policy")
                    .file(
                            "The policy is in FILE instead, as sandbox-learn -o writes it or in any"
                                    + " format that sandbox-policy reads.");

    private final Value<String> allow =
            options.named("--allow").text("LIST", "Allow only these calls.");

    private final Value<String> deny =
            options.named("--deny").text("LIST", "Refuse these calls, allow all others.");

    private final Value<String> action =
            options.named("--action")
                    .text(
                            "ACTION",
                            "What refused calls get: kill, kill_thread, trap, errno, errno:NAME or"
                                    + " log.");

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
        if (command.get().isEmpty() && !compileTo.isGiven()) {
            throw CommandFailure.ownFailure("no program given (see --help)");
        }
        if (compileTo.isGiven() && start.get() == Start.ENTRY) {
            throw CommandFailure.ownFailure(
                    "--compile: what loads a compiled filter loads it before the program, so it"
                            + " cannot start at the entry (leave out --from entry)");
        }
        EnforcedPolicy policy = readPolicy();
        if (explain.get()) {
            requireExplicable(policy);
        }
        SandboxExec sandboxExec = new SandboxExec();
        Arch arch =
                command.get().isEmpty()
                        ? SyscallDb.get().nativeArch()
                        : sandboxExec.inspect(command.get().size(), start.get().from);
        BpfProgram filter = policy.compile(arch);
        if (compileTo.isGiven()) {
            try (ResultOutput out = ResultOutput.open(compileTo.get())) {
                out.write(filter.toBytes());
            }
            return ExitCodes.OK;
        }
        if (!quiet.get() && !explain.get() && !policy.quiet()) {
            for (CallRef call : policy.calls()) {
                System.err.println("adding " + call + " to the process seccomp filter");
            }
        }
        if (explain.get()) {
            return explain(sandboxExec, ((VariablesPolicy) policy).policy(), arch, filter);
        }
        String where = loadThenExec.get() ? "here" : start.get().toString();
        sandboxExec.confine(command.get().size(), where, policy.logDenials(), filter.toBytes());
        return ExitCodes.OK;
    }

    private void requireExplicable(EnforcedPolicy policy) {
        if (loadThenExec.get() || compileTo.isGiven()) {
            throw CommandFailure.ownFailure(
                    "--explain cannot be used with --load-then-exec or --compile");
        }
        if (!(policy instanceof VariablesPolicy variables)) {
            throw CommandFailure.ownFailure(
                    policyFile.get()
                            + ": --explain takes a policy in variables (sandbox-policy convert --to"
                            + " env makes one)");
        }
        Action onRefusal = variables.policy().action();
        if (onRefusal != Action.KILL) {
            throw CommandFailure.ownFailure(
                    "--explain: the action is "
                            + PolicyText.format(onRefusal)
                            + ", so no process is killed for a call (add --action kill)");
        }
    }

    private int explain(SandboxExec sandboxExec, Policy policy, Arch arch, BpfProgram filter) {
        ExplainReport report = new ExplainReport(console, policy, arch, listName(policy));
        int status =
                new Explainer(sandboxExec, report)
                        .run(command.get().size(), start.get().from, filter);
        report.finish();
        return status;
    }

    /** Where the user has written the list. */
    private String listName(Policy policy) {
        if (allow.isGiven() || deny.isGiven()) {
            return allow.isGiven() ? "--allow" : "--deny";
        }
        String variable = PolicyEnvironment.variable(policy.mode());
        return policyFile.isGiven() ? variable + " in " + policyFile.get() : variable;
    }

    private EnforcedPolicy readPolicy() {
        int sources =
                (policyFile.isGiven() ? 1 : 0)
                        + (allow.isGiven() ? 1 : 0)
                        + (deny.isGiven() ? 1 : 0);
        if (sources > 1) {
            throw CommandFailure.ownFailure(
                    "only one of --policy, --allow and --deny can be the policy");
        }
        requireUnambiguousEnvironment();
        Map<String, String> variables = new HashMap<>(System.getenv());
        if (sources == 1) {
            variables.remove(PolicyEnvironment.ALLOW);
            variables.remove(PolicyEnvironment.DENY);
            variables.remove(PolicyEnvironment.ACTION);
            variables.remove(PolicyEnvironment.LOG_DENIALS);
        }
        if (policyFile.isGiven()) {
            String text = readFile(policyFile.get());
            if (!PolicyFile.isMeant(text)) {
                boolean silent = parse(variables).quiet();
                return DocumentPolicy.of(policyFile.get(), text, silent, action.get(), console);
            }
            variables.putAll(parseFile(text));
        }
        putIfGiven(variables, PolicyEnvironment.ALLOW, allow);
        putIfGiven(variables, PolicyEnvironment.DENY, deny);
        putIfGiven(variables, PolicyEnvironment.ACTION, action);
        PolicyEnvironment parsed = parse(variables);
        Policy policy =
                parsed.policy()
                        .orElseThrow(
                                () ->
                                        CommandFailure.ownFailure(
                                                "no policy (set SECCOMP_SYSCALL_ALLOW, or give"
                                                        + " --policy, --allow or --deny)"));
        return new VariablesPolicy(policy, parsed.quiet(), listName(policy));
    }

    /** System.getenv has one value of each variable; libsandbox.so refuses two that differ. */
    private static void requireUnambiguousEnvironment() {
        try {
            PolicyEnvironment.requireUnambiguous(
                    new String(Files.readAllBytes(OWN_ENVIRONMENT), ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.ownFailure(e.getMessage());
        } catch (IOException e) {
            throw CommandFailure.ownFailure(
                    OWN_ENVIRONMENT + ": cannot be read: " + FileFailure.reason(e));
        }
    }

    private PolicyEnvironment parse(Map<String, String> variables) {
        try {
            return PolicyEnvironment.parse(variables);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.ownFailure(asWritten(e.getMessage()));
        }
    }

    /** A mistake in a variable, named after the option or file that the user wrote it in. */
    private String asWritten(String message) {
        int end = message.indexOf(':');
        String variable = end < 0 ? "" : message.substring(0, end);
        Optional<String> option =
                switch (variable) {
                    case PolicyEnvironment.ALLOW -> allow.optional().map(list -> "--allow");
                    case PolicyEnvironment.DENY -> deny.optional().map(list -> "--deny");
                    case PolicyEnvironment.ACTION -> action.optional().map(given -> "--action");
                    default -> Optional.empty();
                };
        if (option.isPresent()) {
            return option.get() + message.substring(end);
        }
        return policyFile.isGiven() ? policyFile.get() + ": " + message : message;
    }

    private Map<String, String> parseFile(String text) {
        try {
            return PolicyFile.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.ownFailure(policyFile.get() + ": " + e.getMessage());
        }
    }

    private static String readFile(Path policyFile) {
        try (InputStream in = Files.newInputStream(policyFile)) {
            byte[] bytes = in.readNBytes(POLICY_FILE_LIMIT + 1);
            if (bytes.length > POLICY_FILE_LIMIT) {
                throw CommandFailure.ownFailure(policyFile + ": too large for a policy");
            }
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (IOException e) {
            throw CommandFailure.ownFailure(
                    policyFile + ": cannot be read: " + FileFailure.reason(e));
        }
    }

    private static void putIfGiven(
            Map<String, String> variables, String name, Value<String> value) {
        if (value.isGiven()) {
            variables.put(name, value.get());
        }
    }
}
