package io.sandbox.recorder.cli;

import io.sandbox.recorder.ExitCodes;
import io.sandbox.recorder.LearnException;
import io.sandbox.recorder.LearnedPolicy;
import io.sandbox.recorder.Portability;
import io.sandbox.recorder.ProgramPolicy;
import io.sandbox.recorder.Recorder;
import io.sandbox.recorder.RunPlan;
import io.sandbox.recorder.RunSeries;
import io.sandbox.recorder.SourceChoice;
import io.sandbox.recorder.Supervisor;
import io.sandbox.recorder.evidence.ObservedCall;
import io.sandbox.recorder.evidence.Recording;
import io.sandbox.recorder.evidence.RecordingWriter;
import io.sandbox.recorder.evidence.RunFilter;
import io.sandbox.recorder.source.LibC;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
            "  sandbox-learn --until-quiet --verify --recording test.json make test",
            "  sandbox-learn --duration 60s -o httpd.env python3 -m http.server",
            "",
            "Exit status: that of the program in its first run, 128+n if signal n ended it, 0 if it"
                    + " was",
            "ended by --duration; 127 if it was not found, 126 if it could not be executed, 125 if",
            "sandbox-learn failed or the list would be incomplete or unproven."
        })
public final class LearnCommand implements Callable<Integer> {
    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            defaultValue = "auto",
            description =
                    "Where the calls are seen: audit (the kernel's records by netlink, needs"
                        + " CAP_AUDIT_READ), notify (the kernel asks us about each call; needs no"
                        + " privilege), kmsg (/dev/kmsg, loses records under load and says so), or"
                        + " auto: the first that works.")
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
            names = "--recording",
            paramLabel = "FILE",
            description =
                    "Also write the evidence to FILE, as JSON: each call by executable, how often,"
                            + " when first, and from where in which library.")
    private Path recordingFile;

    @Option(
            names = "--merge",
            paramLabel = "FILE",
            description =
                    "Add the evidence of an earlier recording to the list, and to --recording."
                            + " May be given several times, and name the same file.")
    private List<Path> merged = List.of();

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Run the program N times; the list is of all runs.")
    private Integer runs;

    @Option(
            names = "--until-quiet",
            description =
                    "Run the program until a run makes no call that is not known yet and no record"
                            + " is lost. Each run after the first logs only what is new, so a"
                            + " source that loses records comes to an end too.")
    private boolean untilQuiet;

    @Option(
            names = "--max",
            paramLabel = "N",
            description = "Give --until-quiet up after N runs (${DEFAULT-VALUE}).",
            defaultValue = "10")
    private int max;

    @Option(
            names = "--verify",
            description =
                    "Then run the program with the list enforced, and again with each call added"
                            + " that is refused, until it ends with the same status.")
    private boolean verify;

    @Option(
            names = "--per-exe",
            description =
                    "Print a list for each executable and architecture that ran, with its path"
                            + " above it. A filter is inherited, so the list of a program must"
                            + " hold those of the programs that it starts.")
    private boolean perExecutable;

    @Option(
            names = "--args",
            arity = "0..1",
            paramLabel = "N",
            preprocessor = ArgumentLimit.class,
            description =
                    "Where an argument chooses what a call does, allow only the values that were"
                            + " seen, as in kill(arg1&0xffffffff==15), if they were at most N (8):"
                            + " of socket, ioctl, prctl, fcntl, mmap, mprotect, clone, personality,"
                            + " kill and tgkill. Takes --source notify.")
    private Integer arguments;

    @Option(
            names = "--portable",
            description =
                    "Add calls that this run could not show but others make, each with the reason"
                            + " in a comment: those that the vDSO answers here, those that other C"
                            + " libraries and kernels make in place of the listed ones,"
                            + " restart_syscall.")
    private boolean portable;

    @Option(
            names = "--verify-output",
            description =
                    "--verify, and its standard output must be the same too; it is shown when each"
                            + " run has ended.")
    private boolean verifyOutput;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = TimeSpan.Converter.class,
            description =
                    "End the program after TIME, as in 90s, 5m or 1h, by SIGTERM, and 10 s later by"
                            + " SIGKILL. For services.")
    private Duration duration;

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
        checkOptions();
        Supervisor supervisor = new Supervisor();
        Arch arch = supervisor.inspect(command.size(), from);
        Recording known = RecordingFile.readAll(merged);
        try (ResultOutput list = ResultOutput.open(output);
                ResultOutput evidence =
                        recordingFile == null ? null : ResultOutput.open(recordingFile)) {
            return record(supervisor, arch, known, list, evidence);
        }
    }

    private void checkOptions() {
        if (command.isEmpty()) {
            throw failure("no program given (try: sandbox-learn ls /, or --help)");
        }
        if (runs != null && untilQuiet) {
            throw failure("--runs and --until-quiet: one of them");
        }
        if (runs != null && runs < 1 || max < 2) {
            throw failure("--runs takes 1 or more, --max 2 or more");
        }
        checkArgumentLimit();
    }

    private void checkArgumentLimit() {
        if (arguments == null) {
            return;
        }
        if (arguments < 1 || arguments > ArgumentLimit.MAX) {
            throw failure("--args: " + arguments + ": not from 1 to " + ArgumentLimit.MAX);
        }
        if (source == SourceChoice.auto) {
            source = SourceChoice.notify;
        }
        if (source != SourceChoice.notify) {
            throw failure(
                    "--args: --source "
                            + source
                            + " does not tell the arguments of calls (leave it out, or take"
                            + " notify)");
        }
    }

    private int argumentLimit() {
        return arguments == null ? 0 : arguments;
    }

    private int record(
            Supervisor supervisor,
            Arch arch,
            Recording known,
            ResultOutput listOutput,
            ResultOutput evidenceOutput) {
        boolean severalRuns = untilQuiet || runs != null && runs > 1;
        RunReport report = new RunReport(new Console("sandbox-learn"), quiet, severalRuns);
        RunPlan plan =
                new RunPlan(
                        command,
                        arch,
                        from,
                        output == null,
                        verifyOutput,
                        RunFilter.LOG_ALL,
                        Optional.ofNullable(duration),
                        evidenceOutput != null,
                        argumentLimit());
        RunSeries series;
        String sourceName;
        Optional<String> doubt;
        try (Recorder recorder = source.open(supervisor, keepLimits, report)) {
            sourceName = recorder.sourceName();
            series = new RunSeries(recorder, plan, known, report);
            doubt = run(series);
        }
        LearnedPolicy policy = series.policy();
        List<ObservedCall> inexpressible =
                perExecutable ? inexpressible(series.recording()) : policy.inexpressible();
        report.finish(series, inexpressible, sourceName, doubt);
        boolean trustworthy =
                doubt.isEmpty()
                        && series.recording().unhealed().isEmpty()
                        && inexpressible.isEmpty();
        boolean thorough = severalRuns || verify || verifyOutput || evidenceOutput != null;
        if (trustworthy && thorough && !portable) {
            report.sayUnseen(Portability.answeredByVdso(policy.allowlist().calls(), arch));
        }
        if (evidenceOutput != null) {
            evidenceOutput.write(RecordingWriter.write(series.recording()));
        }
        LearnedLists lists = new LearnedLists(format, portable, argumentLimit());
        if (trustworthy || partial) {
            listOutput.write(
                    perExecutable
                            ? lists.writeEach(series.recording())
                            : lists.write(policy, arch, series.seenOnlyEnforced()));
        }
        if (!trustworthy) {
            return ExitCodes.OWN_FAILURE;
        }
        if (!perExecutable) {
            report.nextStep(
                    command,
                    from,
                    output == null ? "" : format.readingCommand(output, lists.commented()));
        }
        return series.results().get(0).exitStatus();
    }

    private static List<ObservedCall> inexpressible(Recording recording) {
        return ProgramPolicy.of(recording, 0).stream()
                .flatMap(program -> program.policy().inexpressible().stream())
                .distinct()
                .toList();
    }

    /** Returns what speaks against the list, though all of the evidence may be there. */
    private Optional<String> run(RunSeries series) {
        Optional<String> doubt = Optional.empty();
        if (untilQuiet) {
            doubt = series.repeatUntilQuiet(max);
        } else {
            series.repeat(runs == null ? 1 : runs);
        }
        boolean verifying = verify || verifyOutput;
        if (verifying && doubt.isEmpty() && series.endWasRequested()) {
            return Optional.of("it was ended before the list was verified");
        }
        boolean worthVerifying = doubt.isEmpty() && series.recording().unhealed().isEmpty();
        return verifying && worthVerifying ? series.verify() : doubt;
    }

    private static LearnException failure(String message) {
        return new LearnException(ExitCodes.OWN_FAILURE, message);
    }
}
