// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.policyfile.AtMost;
import io.sandbox.cli.recording.RecordingFile;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Recording;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.UnknownCalls;
import java.nio.file.Path;
import java.util.List;

/** What is made of the evidence, and where it goes. */
final class ListOptions {
    /** Larger limits could make the filter too long for the kernel (4096 instructions). */
    private static final int MAX_VALUES = 32;

    private static final int DEFAULT_VALUES = 8;

    final Value<Path> output;
    final Value<Path> recordingFile;
    final Value<Boolean> perExecutable;
    final Value<Boolean> portable;
    final Value<Boolean> chanceCalls;
    final Value<Boolean> partial;
    final Value<Boolean> quiet;

    private final Console console;
    private final ListFormat usual;
    private final Value<ListFormat> format;
    private final Value<List<Path>> merged;
    private final Value<Boolean> newerFail;

    private final Value<Boolean> bareNames;

    /** Null where the verb does not declare it. */
    private Value<Path> reportFile;

    private AtMost atMost = AtMost.NOTHING;
    private boolean addsPortable;
    private boolean addsSeen;
    private Value<Boolean> values;
    private Value<Integer> maxValues;

    /**
     * @param usual the format if neither --to nor the name of a file says another
     */
    ListOptions(Options options, ListFormat usual) {
        this.usual = usual;
        console = new Console(options.name());
        format =
                ListFormat.option(
                        options,
                        "The format of the list (default "
                                + usual
                                + "). "
                                + ListFormat.words()
                                + ". env: a line for a shell, with quotes. envfile: the"
                                + " same line without quotes, for docker --env-file. oci,"
                                + " spo: a profile for container runtimes. If a container"
                                + " was recorded, it has the calls that the runtime itself"
                                + " needs. json also names the kernel: newer calls fail"
                                + " with ENOSYS. Without this option, the ending of the"
                                + " file of -o decides too (.env, .list, .json, .yaml: spo,"
                                + " .conf: systemd, .profile: firejail, .policy: minijail,"
                                + " .kafel or .bpf).");
        output = options.named("-o", "--output").file("Write to FILE, not to standard output.");
        recordingFile =
                options.named("--recording")
                        .file(
                                "Also write the evidence to FILE, as JSON. It says which executable"
                                    + " made each call, how often, when first, and from which place"
                                    + " in which library.");
        merged =
                options.named("--merge")
                        .files(
                                "Add the evidence of an earlier recording. It counts for the list"
                                    + " and for the new recording. May be repeated. FILE may be the"
                                    + " same as that of --recording.");
        perExecutable =
                options.named("--per-exe")
                        .flag(
                                "Print a list for each executable and architecture. The path of the"
                                    + " executable stands above it. Programs inherit filters, so"
                                    + " the list of a program must also hold the lists of the"
                                    + " programs that it starts.");
        portable =
                options.named("--portable")
                        .flag(
                                "Add calls that this machine could not show. Each has its reason in"
                                    + " a comment: calls that the vDSO answers here, calls that"
                                    + " other C libraries and kernels make in place of the listed"
                                    + " ones, and restart_syscall.");
        chanceCalls =
                options.named("--chance-calls")
                        .flag(
                                "Add calls that threads make by chance. Such are sched_yield,"
                                    + " futex, madvise and rt_sigreturn; each has its reason in a"
                                    + " comment. Java also gets what a JVM needs after another was"
                                    + " killed. After --until-quiet, this is done for a program"
                                    + " that has threads. Otherwise a message tells which of them"
                                    + " the list lacks.");
        bareNames =
                options.named("--names")
                        .rare()
                        .flag(
                                "Allow each call with any arguments. Without this option, calls"
                                        + " that can do very different things are allowed only for"
                                        + " what they were seen to do: new namespaces, kinds of"
                                        + " sockets and their options, requests of ioctl and"
                                        + " prctl, executable memory, set-user-ID files.");
        newerFail =
                options.named("--enosys")
                        .rare()
                        .flag(
                                "Newer calls than this kernel's fail with ENOSYS. They could not be"
                                        + " learned, and programs use older calls instead"
                                        + " (SECCOMP_UNKNOWN). --to json does this by itself.");
        partial =
                options.named("--partial")
                        .flag("Print the list even if it is incomplete. The status still says so.");
        quiet = options.named("-q", "--quiet").flag("Print warnings and errors only.");
    }

    /** Declares --report, where one recording is made. */
    ListOptions withReport(Options options) {
        reportFile =
                options.named("--report")
                        .file(
                                "Also write a report to FILE. It is one HTML page: the verdict and"
                                    + " what speaks against it, the calls with risk and origin, and"
                                    + " the list in each format. sandbox policy report makes such a"
                                    + " page from recordings.");
        return this;
    }

    /** Declares --at-most, where one list is made that may replace another policy. */
    ListOptions withBound(Options options) {
        atMost = AtMost.option(options);
        return this;
    }

    AtMost atMost() {
        return atMost;
    }

    /** Declares --args, where every call can be looked at. */
    ListOptions withArguments(Options options) {
        values =
                options.named("--args")
                        .flag(
                                "Allow only the argument values that were seen. This is for those"
                                    + " arguments that choose what a call does, as in"
                                    + " kill(arg1&0xffffffff==15). Without this option, a list has"
                                    + " conditions for fewer calls, and coarser ones, so that the"
                                    + " next run hardly needs others.");
        maxValues =
                options.named("--max-values")
                        .rare()
                        .number(
                                "N",
                                "With --args: the most values for one call (default "
                                        + DEFAULT_VALUES
                                        + "). A call with more is allowed with all values.")
                        .or(DEFAULT_VALUES);
        return this;
    }

    /**
     * @throws CommandFailure for values that contradict each other
     */
    void check() {
        atMost.check();
        if (seesValues() && bareNames.get()) {
            throw CommandFailure.ownFailure("--args and --names contradict each other");
        }
        if (maxValues != null && maxValues.isGiven() && !values.get()) {
            throw CommandFailure.ownFailure("--max-values is for --args");
        }
        if (maxValues != null && (maxValues.get() < 1 || maxValues.get() > MAX_VALUES)) {
            throw CommandFailure.ownFailure(
                    "--max-values: " + maxValues.get() + ": not from 1 to " + MAX_VALUES);
        }
    }

    Console console() {
        return console;
    }

    private boolean seesValues() {
        return values != null && values.get();
    }

    ArgumentDetail arguments() {
        if (seesValues()) {
            return ArgumentDetail.values(maxValues.get());
        }
        return bareNames.get() ? ArgumentDetail.NONE : ArgumentDetail.CLASSES;
    }

    /** Null if no report is wanted. */
    Path reportFile() {
        return reportFile == null ? null : reportFile.get();
    }

    /** Whether to look up where calls are made. */
    boolean isDetailed() {
        return recordingFile.isGiven() || reportFile() != null;
    }

    /** Adds what this machine cannot show. */
    void addPortable() {
        addsPortable = true;
    }

    /** Adds what the runtimes that are seen make by chance. */
    void addSeen() {
        addsSeen = true;
    }

    boolean addsSeen() {
        return addsSeen;
    }

    boolean isPortable() {
        return portable.get() || addsPortable;
    }

    boolean hasChanceCalls() {
        return chanceCalls.get();
    }

    /** The evidence of --merge. */
    Recording known() {
        return RecordingFile.readAll(merged.get());
    }

    ListFormat format() {
        if (format.isGiven()) {
            return format.get();
        }
        return output.isGiven() && usual == ListFormat.ENV
                ? ListFormat.ofFile(output.get())
                : usual;
    }

    LearnedLists lists() {
        ListFormat chosen = format();
        if (perExecutable.get() && !chosen.isVariables()) {
            throw CommandFailure.ownFailure(
                    "--per-exe: a file of format " + chosen + " holds one list (take --to env)");
        }
        UnknownCalls unknown =
                newerFail.get() || chosen == ListFormat.JSON
                        ? UnknownCalls.after(HostCircumstances.queryKernel())
                        : UnknownCalls.AS_OTHERS;
        return new LearnedLists(
                chosen,
                isPortable(),
                new ChanceAdditions(hasChanceCalls(), addsSeen, arguments()),
                arguments(),
                unknown,
                atMost,
                console);
    }
}
