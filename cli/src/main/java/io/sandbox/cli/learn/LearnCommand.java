// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Usage;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.ExitCodes;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.recorder.evidence.Recording;
import io.sandbox.recorder.evidence.RecordingWriter;
import io.sandbox.recorder.evidence.RunFilter;
import io.sandbox.recorder.learned.ChanceCalls;
import io.sandbox.recorder.learned.ContainerRuntimes;
import io.sandbox.recorder.learned.Portability;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.RunPlan;
import io.sandbox.recorder.run.RunSeries;
import io.sandbox.recorder.run.SourceChoice;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code sandbox-learn}: runs a program and prints the system calls that it needs. */
public final class LearnCommand implements Callable<Integer> {
    /**
     * One call that a run makes with the chance p is in none of n runs, and in the next one, with
     * the chance (1-p)^n p. With 7 runs that is under 5 % for every p: at most (7/8)^7 / 8. Of
     * several such calls, each has this chance.
     */
    private static final int DEFAULT_QUIET_RUNS = 7;

    private static final int DEFAULT_MAX = 50;
    private static final int DEFAULT_VERIFY_RUNS = 5;

    private final Options options = new Options("sandbox-learn", this, LearnCommand::usage);

    private final Value<SourceChoice> source =
            options.named("--source")
                    .choice(
                            SourceChoice.class,
                            "SOURCE",
                            "Where the calls are seen: audit (the kernel's records by netlink,"
                                + " needs CAP_AUDIT_READ), notify (the kernel asks us about each"
                                + " call; needs no privilege), kmsg (/dev/kmsg, loses records under"
                                + " load and says so), or auto, the default: the first that works.")
                    .or(SourceChoice.AUTO);

    private final Value<FilterStart> from =
            options.named("--from")
                    .choice(
                            FilterStart.class,
                            "WHERE",
                            "Where the list begins: preload, the default, for libsandbox.so alone;"
                                    + " exec for sandboxify and all other tools, with the dynamic"
                                    + " linker's calls; entry for sandboxify --from entry.")
                    .or(FilterStart.PRELOAD);

    private final Value<ListFormat> format =
            options.named("--format")
                    .choice(
                            ListFormat.class,
                            "FORMAT",
                            "env: a line for a shell, with quotes. envfile: a line for docker"
                                    + " --env-file, without. oci: a profile for container runtimes,"
                                    + " which for a container has what its runtime needs too.")
                    .or(ListFormat.ENV);

    private final Value<Path> socket =
            options.named("--listen")
                    .path(
                            "SOCKET",
                            "Run no program, but record containers and services that hand over the"
                                + " listener of their filter at SOCKET, each for itself, until"
                                + " Ctrl-C, --duration or --runs containers. See --write-profile,"
                                + " and sandbox-exec --hand-over.");

    private final Value<Path> profile =
            options.named("--write-profile")
                    .file(
                            "With --listen: write the profile to FILE that has a container runtime"
                                + " hand over, as in podman run --security-opt seccomp=FILE. Takes"
                                + " --runtime.");

    private final Value<String> runtime =
            options.named("--runtime")
                    .text(
                            "NAME",
                            "With --write-profile: the container runtime that loads it, crun or"
                                    + " runc, or its path.");

    private final Value<Boolean> container =
            options.named("--container")
                    .flag(
                            "PROGRAM starts a container, as podman run, docker run or a script do:"
                                + " record the container alone, and print a profile for it, with"
                                + " what its runtime needs (--format oci).");

    private final Value<Path> output =
            options.named("-o", "--output")
                    .file(
                            "Write the list to FILE; the program's standard output stays where it"
                                    + " is. With --listen, FILE may be a folder, for a file of each"
                                    + " container.");

    private final Value<Path> recordingFile =
            options.named("--recording")
                    .file(
                            "Also write the evidence to FILE, as JSON: each call by executable, how"
                                    + " often, when first, and from where in which library.");

    private final Value<List<Path>> merged =
            options.named("--merge")
                    .files(
                            "Add the evidence of an earlier recording to the list, and to"
                                    + " --recording. May be given several times, and name the same"
                                    + " file.");

    private final Value<Integer> runs =
            options.named("--runs")
                    .number("N", "Run the program N times; the list is of all runs.");

    private final Value<Boolean> untilQuiet =
            options.named("--until-quiet")
                    .flag(
                            "Run the program until several runs in a row make no call that is not"
                                + " known yet and lose no record. Each run after the first logs"
                                + " only what is new, so a source that loses records comes to an"
                                + " end too.");

    private final Value<Integer> quietRuns =
            options.named("--quiet-runs")
                    .number(
                            "N",
                            "How many runs in a row --until-quiet waits for ("
                                    + DEFAULT_QUIET_RUNS
                                    + "). For one call that comes by chance, however rare it is,"
                                    + " the default keeps the chance under 5 percent that none of"
                                    + " these runs makes it and the next one does. There may be"
                                    + " several such calls. After 59 quiet runs, at most one run in"
                                    + " 20 makes any new call, with 95 percent confidence.")
                    .or(DEFAULT_QUIET_RUNS);

    private final Value<Integer> max =
            options.named("--max")
                    .number("N", "With --until-quiet: stop after N runs (" + DEFAULT_MAX + ").")
                    .or(DEFAULT_MAX);

    private final Value<Boolean> verify =
            options.named("--verify")
                    .flag(
                            "Then run the program several times with the list enforced, and again"
                                + " with each call added that is refused, until each of them ends"
                                + " with the same status.");

    private final Value<Integer> verifyRuns =
            options.named("--verify-runs")
                    .number(
                            "N",
                            "How many runs in a row --verify proves the list with ("
                                    + DEFAULT_VERIFY_RUNS
                                    + ").")
                    .or(DEFAULT_VERIFY_RUNS);

    private final Value<Boolean> perExecutable =
            options.named("--per-exe")
                    .flag(
                            "Print a list for each executable and architecture that ran, with its"
                                + " path above it. A filter is inherited, so the list of a program"
                                + " must hold those of the programs that it starts.");

    private final Value<Integer> arguments =
            options.named("--args")
                    .valueOptional(ArgumentLimit.DEFAULT)
                    .number(
                            "N",
                            "Where an argument chooses what a call does, allow only the values that"
                                + " were seen, as in kill(arg1&0xffffffff==15), if they were at"
                                + " most N (8): of socket, ioctl, prctl, fcntl, mmap, mprotect,"
                                + " clone, personality, kill and tgkill. Takes --source notify.");

    private final Value<Boolean> portable =
            options.named("--portable")
                    .flag(
                            "Add calls that this run could not show but others make, each with the"
                                + " reason in a comment: those that the vDSO answers here, those"
                                + " that other C libraries and kernels make in place of the listed"
                                + " ones, restart_syscall.");

    private final Value<Boolean> chanceCalls =
            options.named("--chance-calls")
                    .flag(
                            "Add calls that the runtime of a program with threads makes by chance,"
                                + " each with the reason in a comment: sched_yield, futex, madvise,"
                                + " rt_sigreturn and the like. sandbox-learn says when a list lacks"
                                + " some.");

    private final Value<Boolean> verifyOutput =
            options.named("--verify-output")
                    .flag(
                            "--verify, and its standard output must be the same too; it is shown"
                                    + " when each run has ended.");

    private final Value<Duration> duration = TimeSpan.ofRun(options);

    private final Value<Boolean> partial =
            options.named("--partial")
                    .flag("Print the list even if it is incomplete; the status stays 125.");

    private final Value<Boolean> keepLimits =
            options.named("--keep-limits")
                    .flag(
                            "Leave kernel.printk_ratelimit alone. Without this, kmsg lifts it"
                                    + " during the run.");

    private final Value<Boolean> quiet =
            options.named("-q", "--quiet")
                    .flag("No summary and no progress; warnings and errors remain.");

    private final Value<List<String>> command = options.words("PROGRAM");

    private static Usage usage() {
        return Options.usage()
                .header("Runs a program and prints the list of system calls that it made.")
                .synopsis(
                        "sandbox-learn [OPTIONS] [--] PROGRAM [ARGUMENT...]",
                        "sandbox-learn --container [OPTIONS] [--] podman run ...",
                        "sandbox-learn --listen SOCKET [--write-profile FILE --runtime NAME]"
                                + " [OPTIONS]")
                .description(
                        "The program runs as it always does; the kernel logs each of its calls,"
                                + " and those of its children, and sandbox-learn prints the list on"
                                + " standard output when the last of them has ended:",
                        "    SECCOMP_SYSCALL_ALLOW=\"exit_group:fstat:write\"",
                        "What the program writes to standard output goes to standard error, unless"
                                + " -o takes the list. The list holds what this run did: exercise"
                                + " everything that must work.")
                .examples(
                        "sandbox-learn ls -l /",
                        "sandbox-learn --from exec -o ls.env ls -l /;  sandboxify --policy ls.env"
                                + " ls -l /",
                        "sandbox-learn -o ls.env --format envfile ls -l /",
                        "docker run --env-file ls.env ...",
                        "sandbox-learn --until-quiet --verify --recording test.json make test",
                        "sandbox-learn --duration 60s -o httpd.env python3 -m http.server")
                .exitStatus(
                        "that of the program in its first run, 128+n if signal n ended it, 0 if it"
                                + " was ended by --duration; 127 if it was not found, 126 if it"
                                + " could not be executed, 125 if sandbox-learn failed or the list"
                                + " would be incomplete or unproven.");
    }

    public static Options options() {
        return new LearnCommand().options;
    }

    public static void main(String[] arguments) {
        // What every run needs is loaded beside the reading of the options: a quarter of the
        // start-up.
        Thread loader =
                new Thread(
                        () -> {
                            SyscallDb db = SyscallDb.get();
                            db.table(db.nativeArch());
                        });
        loader.setDaemon(true);
        loader.start();
        Cli.runSupervised(options(), arguments);
    }

    @Override
    public Integer call() {
        checkOptions();
        SandboxExec sandboxExec = new SandboxExec();
        if (socket.isGiven()) {
            return listen(sandboxExec);
        }
        Arch arch = sandboxExec.inspect(command.get().size(), from());
        Recording known = RecordingFile.readAll(merged.get());
        try (ResultOutput list = ResultOutput.open(output.get());
                ResultOutput evidence =
                        recordingFile.isGiven() ? ResultOutput.open(recordingFile.get()) : null) {
            if (!container.get()) {
                return record(sandboxExec, arch, known, list, evidence, null);
            }
            try (ContainerMode mode = new ContainerMode(command.get(), arch)) {
                return record(sandboxExec, arch, known, list, evidence, mode);
            }
        }
    }

    /** Of a container, the first process of a user's is in it already. */
    private FilterStart from() {
        return container.get() ? FilterStart.EXEC : from.get();
    }

    private ListFormat format() {
        return container.get() && !format.isGiven() ? ListFormat.OCI : format.get();
    }

    private LearnedLists lists() {
        return new LearnedLists(format(), portable.get(), chanceCalls.get(), argumentLimit());
    }

    private int listen(SandboxExec sandboxExec) {
        Arch arch = SyscallDb.get().nativeArch();
        LearnedLists lists = lists();
        ListenMode mode =
                new ListenMode(
                        new Console("sandbox-learn"),
                        quiet.get(),
                        partial.get(),
                        perExecutable.get(),
                        lists,
                        RecordingFile.readAll(merged.get()));
        if (profile.isGiven()) {
            mode.writeProfile(profile.get(), runtime.get(), socket.get(), arch);
        }
        OptionalInt count = runs.isGiven() ? OptionalInt.of(runs.get()) : OptionalInt.empty();
        return mode.record(
                sandboxExec, socket.get(), plan(arch), count, output.get(), recordingFile.get());
    }

    private void checkContainer() {
        if (container.get() && (socket.isGiven() || source.isGiven() || from.isGiven())) {
            throw CommandFailure.ownFailure(
                    "--container: no --listen, --source or --from: the runtime loads the filter,"
                            + " and it asks");
        }
        if (container.get() && verifying() && format() != ListFormat.OCI) {
            throw CommandFailure.ownFailure(
                    "--container: --verify proves a list of --format oci, which starts the"
                            + " container");
        }
    }

    private void checkListening() {
        if (profile.isGiven() != runtime.isGiven() || profile.isGiven() && !socket.isGiven()) {
            throw CommandFailure.ownFailure(
                    "--write-profile and --runtime go together, with --listen");
        }
        if (!socket.isGiven()) {
            return;
        }
        if (!command.get().isEmpty()) {
            throw CommandFailure.ownFailure(
                    "--listen runs no program (for a program, leave it out)");
        }
        if (untilQuiet.get() || verifying() || source.isGiven() || from.isGiven()) {
            throw CommandFailure.ownFailure(
                    "--listen: no --until-quiet, --verify, --source or --from, since it is not we"
                            + " who run the containers");
        }
    }

    private void checkOptions() {
        checkListening();
        checkContainer();
        if (command.get().isEmpty() && !socket.isGiven()) {
            throw CommandFailure.ownFailure(
                    "no program given (try: sandbox-learn ls /, or --help)");
        }
        if (runs.isGiven() && untilQuiet.get()) {
            throw CommandFailure.ownFailure("--runs and --until-quiet: one of them");
        }
        if (runs.isGiven() && runs.get() < 1 || max.get() < 2) {
            throw CommandFailure.ownFailure("--runs takes 1 or more, --max 2 or more");
        }
        if (max.isGiven() && !untilQuiet.get()) {
            throw CommandFailure.ownFailure("--max is for --until-quiet");
        }
        if (quietRuns.isGiven() && !untilQuiet.get()) {
            throw CommandFailure.ownFailure("--quiet-runs is for --until-quiet");
        }
        if (verifyRuns.isGiven() && !verifying()) {
            throw CommandFailure.ownFailure("--verify-runs is for --verify");
        }
        if (quietRuns.get() < 1 || verifyRuns.get() < 1) {
            throw CommandFailure.ownFailure("--quiet-runs and --verify-runs take 1 or more");
        }
        if (untilQuiet.get() && maxRuns() <= quietRuns.get()) {
            throw CommandFailure.ownFailure(
                    "--max: "
                            + max.get()
                            + ": too few for "
                            + quietRuns.get()
                            + " quiet runs after the first (take more, or fewer --quiet-runs)");
        }
        checkArgumentLimit();
    }

    private boolean verifying() {
        return verify.get() || verifyOutput.get();
    }

    /** Whoever asks for many quiet runs has not to ask for the room too. */
    private int maxRuns() {
        return max.isGiven() ? max.get() : Math.max(DEFAULT_MAX, 2 * quietRuns.get());
    }

    private void checkArgumentLimit() {
        if (!arguments.isGiven()) {
            return;
        }
        int limit = arguments.get();
        if (limit < 1 || limit > ArgumentLimit.MAX) {
            throw CommandFailure.ownFailure(
                    "--args: " + limit + ": not from 1 to " + ArgumentLimit.MAX);
        }
        if (source() != SourceChoice.NOTIFY && !container.get() && !socket.isGiven()) {
            throw CommandFailure.ownFailure(
                    "--args: --source "
                            + source()
                            + " does not tell the arguments of calls (leave it out, or take"
                            + " notify)");
        }
    }

    private int argumentLimit() {
        return arguments.optional().orElse(0);
    }

    /** With --args, the first that works is the only one that could. */
    private SourceChoice source() {
        return arguments.isGiven() && source.get() == SourceChoice.AUTO
                ? SourceChoice.NOTIFY
                : source.get();
    }

    private int record(
            SandboxExec sandboxExec,
            Arch arch,
            Recording known,
            ResultOutput listOutput,
            ResultOutput evidenceOutput,
            ContainerMode mode) {
        Console console = new Console("sandbox-learn");
        LearnedLists lists = lists();
        LearnedCalls learned = run(sandboxExec, plan(arch), known, console, mode, lists);
        LearnSummary summary = new LearnSummary(console, quiet.get());
        summary.finish(learned);
        sayWhatMayBeMissing(summary, learned, arch);
        if (evidenceOutput != null) {
            evidenceOutput.write(RecordingWriter.write(learned.recording()));
        }
        if (isPrinted(learned)) {
            listOutput.write(
                    perExecutable.get()
                            ? lists.writeEach(learned.recording())
                            : lists.write(
                                    learned.recording(),
                                    learned.policy(),
                                    arch,
                                    learned.series().seenOnlyEnforced()));
        }
        if (!learned.isTrustworthy()) {
            return ExitCodes.OWN_FAILURE;
        }
        if (mode != null) {
            output.optional().ifPresent(file -> summary.nextStep(mode.enforcing(file)));
        } else if (!perExecutable.get()) {
            summary.nextStep(command.get(), from.get(), readingCommand(lists));
        }
        return learned.exitStatus();
    }

    private boolean isPrinted(LearnedCalls learned) {
        return learned.isTrustworthy() || partial.get();
    }

    private boolean severalRuns() {
        return untilQuiet.get() || runs.isGiven() && runs.get() > 1;
    }

    private RunPlan plan(Arch arch) {
        return new RunPlan(
                command.get(),
                arch,
                from(),
                !output.isGiven(),
                verifyOutput.get(),
                RunFilter.LOG_ALL,
                duration.optional(),
                recordingFile.isGiven(),
                argumentLimit());
    }

    private LearnedCalls run(
            SandboxExec sandboxExec,
            RunPlan plan,
            Recording known,
            Console console,
            ContainerMode mode,
            LearnedLists lists) {
        RunReport report = new RunReport(console, quiet.get(), severalRuns());
        RunSeries series;
        String sourceName;
        Optional<String> doubt;
        try (Recorder recorder =
                mode == null
                        ? source().open(sandboxExec, keepLimits.get(), report)
                        : mode.open(sandboxExec, report)) {
            sourceName = recorder.sourceName();
            series = new RunSeries(recorder, plan, known, report);
            doubt = run(series);
            if (mode != null && series.enforcedWell() > 0 && doubt.isEmpty()) {
                byte[] list =
                        lists.write(
                                series.recording(),
                                series.policy(),
                                plan.arch(),
                                series.seenOnlyEnforced());
                doubt = mode.prove(plan, list, series.results().get(0).exitStatus());
            }
        }
        return new LearnedCalls(series, sourceName, doubt, perExecutable.get());
    }

    private void sayWhatMayBeMissing(LearnSummary summary, LearnedCalls learned, Arch arch) {
        boolean thorough = severalRuns() || verifying() || recordingFile.isGiven();
        if (learned.isTrustworthy() && thorough && !portable.get()) {
            summary.sayUnseen(
                    Portability.answeredByVdso(learned.policy().allowlist().calls(), arch));
        }
        if (isPrinted(learned) && !chanceCalls.get()) {
            sayChanceCalls(summary, learned, arch);
        }
        if (!perExecutable.get() && !container.get()) {
            summary.sayContainers(ContainerRuntimes.in(learned.recording()));
        }
    }

    /** The facts of calls are read only where there are threads: most programs have none. */
    private static void sayChanceCalls(LearnSummary summary, LearnedCalls learned, Arch arch) {
        Set<String> programs = ChanceCalls.programsWithThreads(learned.recording());
        if (!programs.isEmpty()) {
            summary.sayChanceCalls(
                    programs,
                    ChanceCalls.additions(learned.policy().allowlist().calls(), arch).keySet());
        }
    }

    /** Words for a shell that read the list from its file; empty if it was printed. */
    private String readingCommand(LearnedLists lists) {
        return output.isGiven() ? format().readingCommand(output.get(), lists.commented()) : "";
    }

    /** Returns what speaks against the list, though all of the evidence may be there. */
    private Optional<String> run(RunSeries series) {
        Optional<String> doubt = Optional.empty();
        if (untilQuiet.get()) {
            doubt = series.repeatUntilQuiet(quietRuns.get(), maxRuns());
        } else {
            series.repeat(runs.optional().orElse(1));
        }
        if (verifying() && doubt.isEmpty() && series.endWasRequested()) {
            return Optional.of("the program was ended before the list was verified");
        }
        boolean worthVerifying = doubt.isEmpty() && series.recording().unhealed().isEmpty();
        return verifying() && worthVerifying ? series.verify(verifyRuns.get()) : doubt;
    }
}
