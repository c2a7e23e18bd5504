// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.report.RecordingReport;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.learned.ChanceCalls;
import io.sandbox.evidence.learned.ContainerRuntimes;
import io.sandbox.evidence.learned.Portability;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.RunPlan;
import io.sandbox.recorder.run.RunSeries;
import io.sandbox.recorder.run.WindowTarget;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@code sandbox-learn}: runs a program and prints the system calls that it needs. */
public final class LearnCommand {
    private final LearnOptions options;

    LearnCommand(LearnOptions options) {
        this.options = options;
    }

    public static Options options() {
        return new LearnOptions(given -> new LearnCommand(given).call()).options;
    }

    public static void main(String[] arguments) {
        // Loads what every run needs while the options are read. This saves a quarter of the
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

    int call() {
        if (options.window.isGiven()) {
            return learnWindow();
        }
        new OptionConflicts(options).check();
        SandboxExec sandboxExec = new SandboxExec();
        if (options.socket.isGiven()) {
            return listen(sandboxExec);
        }
        Arch arch =
                options.command.get().isEmpty()
                        ? SyscallDb.get().nativeArch()
                        : sandboxExec.inspect(options.command.get().size(), options.from());
        Recording known = RecordingFile.readAll(options.merged.get());
        try (LearnResults results = new LearnResults(options)) {
            if (!options.isForeign()) {
                return record(sandboxExec, arch, known, results, null);
            }
            try (ForeignTarget target = foreignTarget(sandboxExec, arch)) {
                return record(sandboxExec, arch, known, results, target);
            }
        }
    }

    private ForeignTarget foreignTarget(SandboxExec sandboxExec, Arch arch) {
        return options.startsContainer()
                ? new ContainerMode(
                        sandboxExec, options.command.get(), options.runtime.optional(), arch)
                : new ServiceMode(sandboxExec, options.service.get(), new Console("sandbox-learn"));
    }

    private int listen(SandboxExec sandboxExec) {
        Arch arch = SyscallDb.get().nativeArch();
        LearnedLists lists = options.lists();
        ListenMode mode =
                new ListenMode(
                        new Console("sandbox-learn"),
                        options.quiet.get(),
                        options.partial.get(),
                        options.perExecutable.get(),
                        lists,
                        RecordingFile.readAll(options.merged.get()));
        if (options.profile.isGiven()) {
            mode.writeProfile(
                    options.profile.get(), options.runtime.get(), options.socket.get(), arch);
        }
        OptionalInt count =
                options.runs.isGiven() ? OptionalInt.of(options.runs.get()) : OptionalInt.empty();
        return mode.record(
                sandboxExec,
                options.socket.get(),
                options.plan(arch),
                count,
                options.output.get(),
                options.recordingFile.get());
    }

    private int learnWindow() {
        new OptionConflicts(options).checkWindow();
        WindowTarget target = options.window.target().orElseThrow();
        Recording known = RecordingFile.readAll(options.merged.get());
        try (LearnResults results = new LearnResults(options)) {
            WindowLearning learning =
                    new WindowLearning(
                            new Console("sandbox-learn"),
                            options.quiet.get(),
                            options.partial.get());
            learning.record(
                    new SandboxExec(),
                    target,
                    options.duration.optional(),
                    options.isDetailed(),
                    known);
            results.writeRecording(learning.recording());
            boolean printed = learning.isTrustworthy() || options.partial.get();
            LearnedLists lists = options.lists(0);
            Arch arch = SyscallDb.get().nativeArch();
            results.writeReport(
                    () ->
                            RecordingReport.write(
                                    learning.recording(),
                                    arch,
                                    List.of(),
                                    printed
                                            ? Optional.of(
                                                    lists.document(
                                                            learning.policy(), arch, Map.of()))
                                            : Optional.empty(),
                                    Optional.empty()));
            if (printed) {
                results.writeList(
                        options.perExecutable.get()
                                ? lists.writeEach(learning.recording())
                                : lists.write(
                                        learning.recording(),
                                        learning.policy(),
                                        arch,
                                        Set.of(),
                                        Map.of()));
            }
            return learning.isTrustworthy() ? ExitCodes.OK : ExitCodes.OWN_FAILURE;
        }
    }

    private int record(
            SandboxExec sandboxExec,
            Arch arch,
            Recording known,
            LearnResults results,
            ForeignTarget target) {
        Console console = new Console("sandbox-learn");
        LearnedLists lists = options.lists();
        LearnedCalls learned = run(sandboxExec, options.plan(arch), known, console, target, lists);
        LearnSummary summary =
                new LearnSummary(console, options.quiet.get(), options.partial.get());
        summary.finish(learned);
        sayWhatMayBeMissing(summary, learned, arch);
        results.writeRecording(learned.recording());
        results.writeReport(() -> report(learned, lists, arch, target));
        if (isPrinted(learned)) {
            results.writeList(
                    options.perExecutable.get()
                            ? lists.writeEach(learned.recording())
                            : list(lists, learned.series(), arch, target));
        }
        if (!learned.isTrustworthy()) {
            return ExitCodes.OWN_FAILURE;
        }
        if (target != null) {
            options.output.optional().ifPresent(file -> summary.nextStep(target.enforcing(file)));
        } else if (!options.perExecutable.get()) {
            summary.nextStep(options.command.get(), enforcing(lists));
        }
        return learned.exitStatus();
    }

    private byte[] report(
            LearnedCalls learned, LearnedLists lists, Arch arch, ForeignTarget target) {
        Optional<PolicyDocument> document = Optional.empty();
        if (isPrinted(learned)) {
            Map<String, String> more = target == null ? Map.of() : target.additions();
            document = Optional.of(lists.document(learned.policy(), arch, more));
        }
        return RecordingReport.write(
                learned.recording(),
                arch,
                learned.doubt().stream().toList(),
                document,
                Optional.empty());
    }

    private static byte[] list(
            LearnedLists lists, RunSeries series, Arch arch, ForeignTarget target) {
        return lists.write(
                series.recording(),
                series.policy(),
                arch,
                series.seenOnlyEnforced(),
                target == null ? Map.of() : target.additions());
    }

    private boolean isPrinted(LearnedCalls learned) {
        return learned.isTrustworthy() || options.partial.get();
    }

    private LearnedCalls run(
            SandboxExec sandboxExec,
            RunPlan plan,
            Recording known,
            Console console,
            ForeignTarget target,
            LearnedLists lists) {
        RunReport report = new RunReport(console, options.quiet.get(), options.severalRuns());
        RunSeries series;
        String sourceName;
        Optional<String> doubt;
        try (Recorder recorder =
                target == null
                        ? options.source().open(sandboxExec, options.keepLimits.get(), report)
                        : target.open(sandboxExec, report)) {
            sourceName = recorder.sourceName();
            series = new RunSeries(recorder, plan, known, report);
            doubt = run(series);
            if (target != null && series.enforcedWell() > 0 && doubt.isEmpty()) {
                byte[] list = list(lists, series, plan.arch(), target);
                doubt = target.prove(plan, list, series.results().get(0).exitStatus());
            }
        }
        return new LearnedCalls(series, sourceName, doubt, options.perExecutable.get());
    }

    private void sayWhatMayBeMissing(LearnSummary summary, LearnedCalls learned, Arch arch) {
        boolean thorough =
                options.severalRuns() || options.verifying() || options.recordingFile.isGiven();
        if (learned.isTrustworthy() && thorough && !options.portable.get()) {
            summary.sayUnseen(
                    Portability.answeredByVdso(learned.policy().allowlist().calls(), arch));
        }
        if (isPrinted(learned) && !options.chanceCalls.get()) {
            sayChanceCalls(summary, learned, arch);
        }
        if (!options.perExecutable.get() && !options.isForeign()) {
            summary.sayContainers(ContainerRuntimes.in(learned.recording()));
        }
    }

    /** Reads the facts of calls only if there are threads, which most programs lack. */
    private static void sayChanceCalls(LearnSummary summary, LearnedCalls learned, Arch arch) {
        Set<String> programs = ChanceCalls.programsWithThreads(learned.recording());
        if (!programs.isEmpty()) {
            summary.sayChanceCalls(
                    programs,
                    ChanceCalls.additions(learned.policy().allowlist().calls(), arch).keySet());
        }
    }

    /** What to write in front of the program, so that the list is enforced. */
    private String enforcing(LearnedLists lists) {
        String means =
                options.from() == FilterStart.PRELOAD
                        ? "LD_PRELOAD=" + System.getProperty("sandbox.home") + "/libsandbox.so "
                        : "sandboxify --from " + options.from() + " ";
        return options.output.isGiven()
                ? ": " + options.format().enforcing(options.output.get(), lists.commented(), means)
                : ", put the list in front of: " + means;
    }

    /** Returns a doubt about the list, which there may be even if the evidence is complete. */
    private Optional<String> run(RunSeries series) {
        Optional<String> doubt = Optional.empty();
        if (options.untilQuiet.get()) {
            doubt = series.repeatUntilQuiet(options.quietRuns.get(), options.maxRuns());
        } else {
            series.repeat(options.runs.optional().orElse(1));
        }
        if (options.verifying() && doubt.isEmpty() && series.endWasRequested()) {
            return Optional.of("the program was ended before the list was verified");
        }
        boolean worthVerifying = doubt.isEmpty() && series.recording().unhealed().isEmpty();
        return options.verifying() && worthVerifying
                ? series.verify(options.verifyRuns.get())
                : doubt;
    }
}
