package io.sandbox.recorder.cli;

import io.sandbox.recorder.ExitCodes;
import io.sandbox.recorder.LearnException;
import io.sandbox.recorder.LearnedPolicy;
import io.sandbox.recorder.Recorder;
import io.sandbox.recorder.SourceChoice;
import io.sandbox.recorder.Supervisor;
import io.sandbox.recorder.Verdict;
import io.sandbox.recorder.source.LibC;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sandbox-learn}: runs a program once and prints the system calls that it needs. */
@Command(
        name = "sandbox-learn",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Runs a program and prints the list of system calls that it made.",
        synopsisHeading = "Usage: ",
        customSynopsis = "sandbox-learn [OPTIONS] [--] PROGRAM [ARGUMENT...]",
        description = {
            "%nThe program runs as it always does; the kernel logs each of its calls, and those of"
                    + " its children, and sandbox-learn prints the list on standard output when the"
                    + " last of them has ended:",
            "%n    SECCOMP_SYSCALL_ALLOW=\"exit_group:fstat:write\"%n",
            "What the program writes to standard output goes to standard error, unless -o takes the"
                + " list. The list holds what this run did: exercise everything that must work.%n"
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sandbox-learn ls -l /",
            "  sandbox-learn -o ls.env --format envfile ls -l /",
            "  docker run --env-file ls.env ...",
            "",
            "Exit status: that of the program, 128+n if signal n ended it; 127 if it was not found,"
                    + " 126 if",
            "it could not be executed, 125 if sandbox-learn failed or the list would be incomplete."
        })
public final class LearnCommand implements Callable<Integer> {
    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            defaultValue = "auto",
            description =
                    "Where the kernel's records come from: audit (netlink, needs CAP_AUDIT_READ),"
                        + " kmsg (/dev/kmsg, loses records under load and says so), or auto: the"
                        + " first that works.")
    private SourceChoice source;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            defaultValue = "preload",
            description =
                    "Where the list begins: preload for enforcing with libsandbox.so; exec or entry"
                            + " for sandboxify --from the same (any program; exec includes the"
                            + " dynamic linker's calls).")
    private Supervisor.From from;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "env",
            description =
                    "env: a line for a shell, with quotes. envfile: a line for docker --env-file,"
                            + " without.")
    private ListFormat format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "Write the list to FILE; the program's standard output stays where it is.")
    private Path output;

    @Option(
            names = "--partial",
            description = "Print the list even if it is incomplete; the status stays 125.")
    private boolean partial;

    @Option(
            names = "--keep-limits",
            description =
                    "Leave kernel.printk_ratelimit alone. Without this, kmsg lifts it during the"
                            + " run.")
    private boolean keepLimits;

    @Option(
            names = {"-q", "--quiet"},
            description = "No summary and no progress; warnings and errors remain.")
    private boolean quiet;

    @Parameters(hidden = true)
    private List<String> command = List.of();

    private final Console console = new Console("sandbox-learn");

    public static void main(String[] arguments) {
        // What every run needs is loaded beside the reading of the options: a quarter of the
        // start-up.
        Thread loader =
                new Thread(
                        () -> {
                            LibC.load();
                            SyscallDb db = SyscallDb.get();
                            db.table(db.nativeArch());
                        });
        loader.setDaemon(true);
        loader.start();
        Cli.runSupervised(new LearnCommand(), arguments);
    }

    @Override
    public Integer call() {
        if (command.isEmpty()) {
            throw new LearnException(
                    ExitCodes.OWN_FAILURE, "no program given (try: sandbox-learn ls /, or --help)");
        }
        Supervisor supervisor = new Supervisor();
        Arch arch = supervisor.inspect(command.size(), from);
        try (ResultOutput result = ResultOutput.open(output)) {
            return record(supervisor, arch, result);
        }
    }

    private int record(Supervisor supervisor, Arch arch, ResultOutput listOutput) {
        RunReport report = new RunReport(console, quiet);
        Recorder.Result result;
        String sourceName;
        try (Recorder recorder = source.open(supervisor, keepLimits, report)) {
            sourceName = recorder.sourceName();
            result = recorder.record(command.size(), output == null, from);
        }
        LearnedPolicy policy = LearnedPolicy.of(result.recording(), arch);
        report.finish(result, policy, sourceName);
        boolean trustworthy =
                result.verdict() instanceof Verdict.Complete && policy.inexpressible().isEmpty();
        if (trustworthy || partial) {
            listOutput.write(format.write(policy.allowlist()));
        }
        if (!trustworthy) {
            return ExitCodes.OWN_FAILURE;
        }
        report.nextStep(command, from, output == null ? "" : format.readingCommand(output));
        return ExitCodes.ofWaitStatus(result.waitStatus());
    }
}
