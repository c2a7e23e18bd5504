// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.lists.CapabilityLines;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.cli.recording.RunOptions;
import io.sandbox.cli.recording.RunReport;
import io.sandbox.cli.recording.Target;
import io.sandbox.cli.report.RecordingReport;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.learned.ChanceCalls;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.evidence.learned.Portability;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.recorder.run.Drive;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.RunPlan;
import io.sandbox.recorder.run.RunSeries;
import io.sandbox.recorder.run.Variation;
import io.sandbox.syscalldb.Arch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Records a target, once or in a series of runs, and prints what was learned. */
final class Learning {
    private final SandboxExec sandboxExec;
    private final Target target;
    private final ListOptions list;
    private final SeriesOptions series;
    private final Optional<Variation> variation;
    private final Console console;
    private final RunReport report;

    /** {@code variation}: the states to try; empty for none, as where others start the target. */
    Learning(
            SandboxExec sandboxExec,
            Target target,
            ListOptions list,
            SeriesOptions series,
            Optional<Variation> variation) {
        this.sandboxExec = sandboxExec;
        this.target = target;
        this.list = list;
        this.series = series;
        this.variation = variation;
        if (series.isThorough()) {
            list.addPortable();
        }
        if (series.isUntilQuiet() && !series.isExact()) {
            list.addSeen(series.isThorough());
        }
        console = list.console();
        report = new RunReport(console, list.quiet.get(), series.areSeveral(), target::remarks);
    }

    /**
     * Learns from the target.
     *
     * @param command starts or exercises it
     * @param started how a program is, if we start it
     * @return the exit status
     */
    int learn(
            List<String> command,
            Arch arch,
            Optional<Duration> limit,
            Optional<Drive> drive,
            Optional<RunOptions> started) {
        RunPlan plan =
                new RunPlan(
                        command,
                        arch,
                        started.map(RunOptions::from).orElse(FilterStart.EXEC),
                        !list.output.isGiven(),
                        series.comparesOutput(),
                        RunFilter.LOG_ALL,
                        limit,
                        list.isDetailed() || series.isThorough(),
                        list.arguments(),
                        started.map(RunOptions::tests).orElse(false),
                        drive);
        Recording known = list.known();
        if (!series.isExact() && known.runs().stream().anyMatch(run -> !run.state().isEmpty())) {
            list.addPortable(); // one more run does not take away what --thorough gave
            list.addSeen(true);
        }
        LearnedLists lists = list.lists();
        try (ResultOutput listed = ResultOutput.open(list.output.get());
                ResultOutput recorded = ResultOutput.openIfGiven(list.recordingFile.get());
                ResultOutput reported = ResultOutput.openIfGiven(list.reportFile())) {
            LearnedCalls learned = run(plan, known, lists);
            LearnSummary summary = new LearnSummary(list, series.isThorough());
            summary.finish(learned);
            Optional<CapabilityLines> capabilities = lists.capabilities(learned.recording());
            capabilities.flatMap(CapabilityLines::hint).ifPresent(summary::tell);
            sayWhatMayBeMissing(summary, learned, plan);
            if (recorded != null) {
                recorded.write(RecordingWriter.write(learned.recording()));
            }
            if (reported != null) {
                reported.write(report(learned, lists, plan.arch()));
            }
            if (isPrinted(learned)) {
                if (!list.perExecutable.get()) {
                    lists.sayBounds(
                            learned.recording(),
                            learned.policy(),
                            plan.arch(),
                            target.additions(),
                            target.replaced());
                }
                byte[] text = text(lists, learned.series(), plan.arch());
                listed.write(text);
                if (!list.quiet.get()) {
                    target.sayWorth(text);
                }
            }
            report.sayIfAllFailed();
            if (!learned.isTrustworthy()) {
                return ExitCodes.OWN_FAILURE;
            }
            if (series.isThorough()) {
                PolicyDocument document =
                        lists.document(
                                learned.recording(),
                                learned.policy(),
                                plan.arch(),
                                target.additions());
                summary.sayWorth(learned, variation, document);
            }
            if (list.perExecutable.get()) {
                summary.nextStepOfEach();
            } else {
                String option = capabilities.map(CapabilityLines::option).orElse("");
                target.enforcing(list.output.optional(), option).ifPresent(summary::nextStep);
            }
            return learned.exitStatus();
        }
    }

    private LearnedCalls run(RunPlan plan, Recording known, LearnedLists lists) {
        try (Recorder recorder = target.open(sandboxExec, report)) {
            if (plan.drive().isPresent()) {
                sandboxExec.keepSignals();
            }
            RunSeries runs = new RunSeries(recorder, plan, known, report);
            sayCopy();
            Optional<String> doubt = series.run(runs, variation);
            if (runs.enforcedWell() > 0 && doubt.isEmpty()) {
                doubt = target.prove(plan, text(lists, runs, plan.arch()), runs.results());
                if (doubt.isEmpty()) {
                    runs.tryCapabilities();
                }
            }
            return LearnedCalls.of(runs, recorder.sourceName(), doubt, list.perExecutable.get());
        }
    }

    private void sayCopy() {
        String why = variation.map(Variation::noCopy).orElse("");
        if (!why.isEmpty()) {
            console.say(
                    why
                            + ": what the program does in the states that are tried stays; those in"
                            + " which it could do harm are left out");
        }
    }

    private byte[] text(LearnedLists lists, RunSeries runs, Arch arch) {
        if (list.perExecutable.get()) {
            return lists.writeEach(runs.recording());
        }
        Recording recording = runs.recording();
        LearnedPolicy policy = runs.policy();
        Map<String, String> more = target.additions();
        byte[] text = lists.write(recording, policy, arch, runs.seenOnlyEnforced(), more);
        return target.completed(
                text, recording, () -> lists.document(recording, policy, arch, more));
    }

    private byte[] report(LearnedCalls learned, LearnedLists lists, Arch arch) {
        Optional<PolicyDocument> document = Optional.empty();
        if (isPrinted(learned)) {
            Recording recording = learned.recording();
            document =
                    Optional.of(
                            lists.document(recording, learned.policy(), arch, target.additions()));
        }
        return RecordingReport.write(
                learned.recording(),
                arch,
                learned.doubt().stream().toList(),
                document,
                Optional.empty());
    }

    private boolean isPrinted(LearnedCalls learned) {
        return learned.isTrustworthy() || list.partial.get();
    }

    private void sayWhatMayBeMissing(LearnSummary summary, LearnedCalls learned, RunPlan plan) {
        boolean thorough = series.areSeveral() || series.verifies() || list.recordingFile.isGiven();
        if (learned.isTrustworthy() && thorough && !list.isPortable()) {
            summary.sayUnseen(
                    Portability.answeredByVdso(learned.policy().allowlist().calls(), plan.arch()));
        }
        if (isPrinted(learned) && !list.hasChanceCalls() && !series.isExact()) {
            sayChanceCalls(summary, learned, plan);
        }
        learned.series()
                .unsentSignals()
                .forEach((path, names) -> summary.sayUnsent(path, names, plan.command()));
    }

    /** Reads the facts of calls only if there are threads, which most programs lack. */
    private void sayChanceCalls(LearnSummary summary, LearnedCalls learned, RunPlan plan) {
        Set<String> programs = ChanceCalls.programsWithThreads(learned.recording());
        if (!programs.isEmpty()) {
            Map<String, String> byChance =
                    new ChanceAdditions(true, false, true, false, false, list.arguments())
                            .to(learned.policy().allowlist(), learned.recording(), plan.arch());
            Set<String> lacking = byChance.keySet();
            summary.sayChanceCalls(programs, plan.command(), lacking, list.addsSeen());
        }
    }
}
