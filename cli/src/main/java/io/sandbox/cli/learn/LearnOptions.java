// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Usage;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.evidence.RunFilter;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.recorder.machine.RunningContainer;
import io.sandbox.recorder.run.RunPlan;
import io.sandbox.recorder.run.SourceChoice;
import io.sandbox.syscalldb.Arch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** The options of {@code sandbox-learn}, and what each means. */
final class LearnOptions {
    /**
     * If each run makes a call with chance p, then n runs miss it and the next one makes it with
     * chance (1-p)^n p. For 7 runs this is below 5 % for every p: at most (7/8)^7 / 8. If there are
     * several such calls, each has this chance.
     */
    private static final int DEFAULT_QUIET_RUNS = 7;

    private static final int DEFAULT_MAX = 50;
    private static final int DEFAULT_VERIFY_RUNS = 5;
    private static final int DEFAULT_ARGUMENTS = 8;

    final Options options = new Options("sandbox-learn", this::learn, LearnOptions::usage);

    final Value<SourceChoice> source =
            options.named("--source")
                    .choice(
                            SourceChoice.class,
                            "SOURCE",
                            "How the calls are seen. audit: by the kernel's audit records, which"
                                + " need CAP_AUDIT_READ. notify: the kernel asks sandbox-learn"
                                + " about each call, which needs no privilege. kmsg: by the kernel"
                                + " log (/dev/kmsg), which loses records under load; you are told."
                                + " bpf: the kernel counts the calls itself, at a twentieth of the"
                                + " cost; needs CAP_BPF and CAP_PERFMON. auto (the default): the"
                                + " first of audit, notify and kmsg that works.")
                    .or(SourceChoice.AUTO);

    final Value<FilterStart> from =
            options.named("--from")
                    .choice(
                            FilterStart.class,
                            "WHERE",
                            "Where the list begins. preload (the default for variables): shortly"
                                + " before main, for libsandbox.so. exec (the default for all other"
                                + " formats): at the program's first call, for sandboxify and all"
                                + " other tools. entry: when the dynamic linker and the libraries"
                                + " are ready, for sandboxify --from entry.")
                    .or(FilterStart.PRELOAD);

    final Value<ListFormat> format =
            options.named("--format")
                    .choice(
                            ListFormat.class,
                            "FORMAT",
                            ListFormat.words()
                                    + ", as for sandbox-policy convert. env: a line for a shell,"
                                    + " with quotes. envfile: the same line without quotes, for"
                                    + " docker --env-file. oci, spo: a profile for container"
                                    + " runtimes. If a container was recorded, it has the calls"
                                    + " that the runtime itself needs. json also names the kernel:"
                                    + " newer calls fail with ENOSYS. Default: by the ending of the"
                                    + " file of -o (.env, .list, .json, .yaml: spo, .conf: systemd,"
                                    + " .profile: firejail, .policy: minijail, .kafel or .bpf),"
                                    + " otherwise env.")
                    .or(ListFormat.ENV);

    final Value<Boolean> newerFail =
            options.named("--enosys")
                    .flag(
                            "Calls that are newer than this kernel could not be learned. With this"
                                + " option, they fail with ENOSYS, so that programs use older calls"
                                + " instead (SECCOMP_UNKNOWN). --format json does this by itself.");

    final Value<Path> socket =
            options.named("--listen")
                    .path(
                            "SOCKET",
                            "Run no program, but record containers and services that hand over the"
                                + " listener of their filter at SOCKET, each separately, until"
                                + " Ctrl-C, --duration or --runs containers. See --write-profile,"
                                + " and sandbox-exec --hand-over.");

    final Value<Path> profile =
            options.named("--write-profile")
                    .file(
                            "With --listen: write a profile to FILE. With this profile, a container"
                                    + " runtime hands its containers over, as in podman run"
                                    + " --security-opt seccomp=FILE. Needs --runtime.");

    final Value<String> runtime =
            options.named("--runtime")
                    .text(
                            "NAME",
                            "With --write-profile: the container runtime that loads it, crun or"
                                + " runc, or its path. With --container: the runtime that PROGRAM"
                                + " chooses, if PROGRAM is a script that chooses one.");

    private final Value<String> container =
            options.named("--container")
                    .valueOptional(
                            "",
                            word -> RunningContainer.isId(word) || RunningContainer.isName(word))
                    .text(
                            "ID",
                            "PROGRAM starts containers: podman run, docker run, docker compose up"
                                + " or a script. Record the containers alone, and print a profile"
                                + " for them that has the calls of their runtime too (--format"
                                + " oci). With ID, run no program, but record the container of this"
                                + " id or name (docker ps), which runs already, like --pid. A name"
                                + " that is also that of a program is written --container=NAME.");

    final Value<String> service =
            options.named("--service")
                    .text(
                            "UNIT",
                            "Restart this service of systemd to record all its commands. PROGRAM"
                                + " exercises the service. The recording ends with PROGRAM, Ctrl-C"
                                + " or --duration. Then the service is stopped, and started again"
                                + " without recording if it ran before. Prints a drop-in (--format"
                                + " systemd). Needs root.");

    final Value<Path> output =
            options.named("-o", "--output")
                    .file(
                            "Write the list to FILE. The program's standard output then stays where"
                                    + " it is. With --listen, FILE may be a folder, for a file of"
                                    + " each container.");

    final Value<Path> recordingFile =
            options.named("--recording")
                    .file(
                            "Also write the evidence to FILE, as JSON: which executable made each"
                                    + " call, how often, when first, and from which place in which"
                                    + " library.");

    final Value<Path> reportFile =
            options.named("--report")
                    .file(
                            "Also write a report to FILE, as one HTML page: the verdict and what"
                                + " speaks against it, the calls with risk and origin, and the list"
                                + " in each format. sandbox-policy report makes such a page from"
                                + " recordings.");

    final Value<List<Path>> merged =
            options.named("--merge")
                    .files(
                            "Add the evidence of an earlier recording to the list and to the new"
                                    + " recording. May be repeated. FILE may be the same as that of"
                                    + " --recording.");

    final Value<Integer> runs =
            options.named("--runs")
                    .number("N", "Run the program N times. The list has the calls of all runs.");

    final Value<Boolean> untilQuiet =
            options.named("--until-quiet")
                    .flag(
                            "Repeat the program until several runs in a row show no new call and"
                                    + " lose no record. From the second run on, only new calls are"
                                    + " recorded, so that few records can be lost.");

    final Value<Integer> quietRuns =
            options.named("--quiet-runs")
                    .number(
                            "N",
                            "How many runs in a row must be quiet for --until-quiet (default "
                                    + DEFAULT_QUIET_RUNS
                                    + "). With the default, the chance that all of them lack a call"
                                    + " and the next run makes it is under 5 percent, however rare"
                                    + " that call is. But there may be several such calls. After 59"
                                    + " quiet runs, at most one run in 20 makes any new call, with"
                                    + " 95 percent confidence.")
                    .or(DEFAULT_QUIET_RUNS);

    final Value<Integer> max =
            options.named("--max")
                    .number(
                            "N",
                            "With --until-quiet: stop after N runs (default "
                                    + DEFAULT_MAX
                                    + ", or more with a large --quiet-runs).")
                    .or(DEFAULT_MAX);

    final Value<Boolean> verify =
            options.named("--verify")
                    .flag(
                            "After the other runs, run the program several times with the list"
                                + " enforced. Each of these runs must end with the same status as"
                                + " without the list. If a call is refused, it is added to the"
                                + " list, and the count begins again.");

    final Value<Integer> verifyRuns =
            options.named("--verify-runs")
                    .number(
                            "N",
                            "How many such runs in a row --verify needs (default "
                                    + DEFAULT_VERIFY_RUNS
                                    + ").")
                    .or(DEFAULT_VERIFY_RUNS);

    final Value<Boolean> perExecutable =
            options.named("--per-exe")
                    .flag(
                            "Print a list for each executable and architecture that ran, with the"
                                + " path of the executable above it. Programs inherit filters, so"
                                + " the list of a program must also hold the lists of the programs"
                                + " that it starts.");

    final Value<Integer> arguments =
            options.named("--args")
                    .valueOptional(Integer.toString(DEFAULT_ARGUMENTS))
                    .number(
                            "N",
                            "Where an argument chooses what a call does, allow only the values that"
                                + " were seen, as in kill(arg1&0xffffffff==15). If a call was seen"
                                + " with more than N values (default "
                                    + DEFAULT_ARGUMENTS
                                    + "), it is allowed with all values. This is for socket, ioctl,"
                                    + " prctl, fcntl, mmap, mprotect, clone, personality, kill and"
                                    + " tgkill. It needs --source notify.");

    final Value<Boolean> tests =
            options.named("--tests")
                    .flag(
                            "PROGRAM runs tests: with --recording or --report, find out which test"
                                + " makes each call. The tests must be marked, for which there are"
                                + " extensions of JUnit and of pytest (docs/tests.md). Means"
                                + " --source notify.");

    final Value<Boolean> portable =
            options.named("--portable")
                    .flag(
                            "Add calls that this run could not show, each with the reason in a"
                                + " comment: calls that the vDSO answers here, calls that other C"
                                + " libraries and kernels make in place of the listed ones, and"
                                + " restart_syscall.");

    final Value<Boolean> chanceCalls =
            options.named("--chance-calls")
                    .flag(
                            "Add calls that a program with threads makes by chance, such as"
                                + " sched_yield, futex, madvise and rt_sigreturn, each with the"
                                + " reason in a comment. Without this option, a message tells which"
                                + " of them the list lacks.");

    final Value<Boolean> verifyOutput =
            options.named("--verify-output")
                    .flag(
                            "Like --verify, but the program's standard output must be the same too."
                                    + " The output of each run is shown when the run has ended.");

    final Value<Duration> duration = TimeSpan.ofRun(options);

    final WindowOptions window = new WindowOptions(options, Optional.of(container));

    final Value<Boolean> partial =
            options.named("--partial")
                    .flag(
                            "Print the list even if it is incomplete. The status is 125 all the"
                                    + " same.");

    final Value<Boolean> keepLimits =
            options.named("--keep-limits")
                    .flag(
                            "Do not change kernel.printk_ratelimit. Without this option, --source"
                                    + " kmsg lifts that limit during the run.");

    final Value<Boolean> quiet =
            options.named("-q", "--quiet")
                    .flag("Print no summary and no progress, only warnings and errors.");

    final Value<List<String>> command = options.words("PROGRAM");

    private final ToIntFunction<LearnOptions> body;

    /**
     * @param body is called with the options when they are read, and returns the exit status
     */
    LearnOptions(ToIntFunction<LearnOptions> body) {
        this.body = body;
    }

    private int learn() {
        return body.applyAsInt(this);
    }

    private static Usage usage() {
        return Options.usage()
                .header("Runs a program and prints the list of system calls that it made.")
                .synopsis(
                        "sandbox-learn [OPTIONS] [--] PROGRAM [ARGUMENT...]",
                        "sandbox-learn --container [OPTIONS] [--] podman run ...",
                        "sandbox-learn --service UNIT [OPTIONS] [[--] PROGRAM [ARGUMENT...]]",
                        "sandbox-learn --listen SOCKET [--write-profile FILE --runtime NAME]"
                                + " [OPTIONS]",
                        "sandbox-learn [OPTIONS] (--pid PID|--cgroup FILE|--unit"
                                + " UNIT|--container ID)")
                .description(
                        "The program runs as usual, and the kernel records the calls of the program"
                            + " and of its children. When the last of these processes has ended,"
                            + " the list is printed on standard output:",
                        "    SECCOMP_SYSCALL_ALLOW=\"exit_group:fstat:write\"",
                        "Without -o, the program's standard output goes to standard error. The list"
                            + " has only the calls of this run, so exercise everything that must"
                            + " work.")
                .examples(
                        "sandbox-learn ls -l /",
                        "sandbox-learn --from exec -o ls.env ls -l /;  sandboxify --policy ls.env"
                                + " ls -l /",
                        "sandbox-learn -o ls.env --format envfile ls -l /",
                        "docker run --env-file ls.env ...",
                        "sandbox-learn --until-quiet --verify --recording test.json make test",
                        "sandbox-learn --duration 60s -o httpd.env python3 -m http.server")
                .exitStatus(
                        "that of the program's first run; 128+n if signal n ended the program; 0 if"
                            + " --duration ended it; 127 if it was not found; 126 if it could not"
                            + " be executed; 125 if sandbox-learn failed, or if the list is"
                            + " incomplete or failed --verify.");
    }

    /** Whether the program is one that starts containers. */
    boolean startsContainer() {
        return container.isGiven() && container.get().isEmpty();
    }

    boolean isForeign() {
        return startsContainer() || service.isGiven();
    }

    /** In a container, the recording begins with the first process, which is the user's. */
    FilterStart from() {
        boolean early = isForeign() || !from.isGiven() && !format().isVariables();
        return early ? FilterStart.EXEC : from.get();
    }

    ListFormat format() {
        if (format.isGiven()) {
            return format.get();
        }
        if (isForeign()) {
            return startsContainer() ? ListFormat.OCI : ListFormat.SYSTEMD;
        }
        return output.isGiven() ? ListFormat.ofFile(output.get()) : ListFormat.ENV;
    }

    LearnedLists lists() {
        return lists(argumentLimit());
    }

    LearnedLists lists(int limit) {
        ListFormat chosen = format();
        if (perExecutable.get() && !chosen.isVariables()) {
            throw CommandFailure.ownFailure(
                    "--per-exe: a file of format " + chosen + " holds one list (take env)");
        }
        UnknownCalls unknown =
                newerFail.get() || chosen == ListFormat.JSON
                        ? UnknownCalls.after(HostCircumstances.queryKernel())
                        : UnknownCalls.AS_OTHERS;
        return new LearnedLists(
                chosen,
                portable.get(),
                chanceCalls.get(),
                limit,
                unknown,
                new Console("sandbox-learn"));
    }

    boolean verifying() {
        return verify.get() || verifyOutput.get();
    }

    /** The limit of runs, which grows with the number of wanted quiet runs. */
    int maxRuns() {
        return max.isGiven() ? max.get() : Math.max(DEFAULT_MAX, 2 * quietRuns.get());
    }

    int argumentLimit() {
        return arguments.optional().orElse(0);
    }

    /** With --args and --tests only notify can work, so auto means notify. */
    SourceChoice source() {
        return (arguments.isGiven() || tests.get()) && source.get() == SourceChoice.AUTO
                ? SourceChoice.NOTIFY
                : source.get();
    }

    boolean severalRuns() {
        return untilQuiet.get() || runs.isGiven() && runs.get() > 1;
    }

    RunPlan plan(Arch arch) {
        return new RunPlan(
                command.get(),
                arch,
                from(),
                !output.isGiven(),
                verifyOutput.get(),
                RunFilter.LOG_ALL,
                duration.optional(),
                isDetailed(),
                argumentLimit(),
                tests.get());
    }

    /** Whether to look up where calls are made. */
    boolean isDetailed() {
        return recordingFile.isGiven() || reportFile.isGiven();
    }
}
