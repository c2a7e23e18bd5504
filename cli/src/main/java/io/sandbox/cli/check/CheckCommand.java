// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.cli.policyfile.FromFormat;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.cli.policyfile.PolicyUpdate;
import io.sandbox.cli.recording.GivenEvidence;
import io.sandbox.cli.recording.SignAdvice;
import io.sandbox.cli.recording.UnitFailure;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.Doubt;
import io.sandbox.evidence.drift.Drift;
import io.sandbox.evidence.drift.DriftComparison;
import io.sandbox.evidence.drift.FailOn;
import io.sandbox.evidence.drift.Gate;
import io.sandbox.evidence.drift.Tolerance;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.edit.PolicyEdit;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.worth.Worth;
import io.sandbox.recorder.machine.ExecutableFacts;
import io.sandbox.recorder.machine.MachineFacts;
import io.sandbox.recorder.run.RunWarnings;
import io.sandbox.syscalldb.Arch;
import io.sandbox.text.VisibleText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code sandbox check}: checks whether a program still does what its policy says. */
public final class CheckCommand implements Callable<Integer> {
    private static final String PRUNE = "--prune";

    private final Options options = new Options("sandbox check", this);

    private final Value<String> policyFile = options.named("--policy").required().text("FILE");

    private final FromFormat fromFormat = new FromFormat(options);

    private final GivenEvidence evidence = new GivenEvidence(options);
    private final ReadinessOptions readiness = new ReadinessOptions(options);

    private final Value<FailOn> failOn =
            options.named("--fail-on")
                    .offering(List.of("new", "risk=high", "risk=medium", "risk=low", "unused"))
                    .converted(FailOn::parse, "WHAT")
                    .or(FailOn.NEW);

    private final Value<Integer> atLeast = options.named("--at-least").rare().number("N");

    private final Value<Boolean> allowFailure = options.named("--allow-failure").flag();

    private final Value<Boolean> allowGaps = options.named("--allow-gaps").flag();

    private final Value<Boolean> update = options.named("--update").flag();

    private final Value<Boolean> prune = options.named(PRUNE).flag();

    private final Value<Boolean> explain = options.named("--explain-failure").flag();

    private final CheckReports reports = new CheckReports(options);
    private final PolicyPlace place = new PolicyPlace(options);

    private final Console console = new Console("sandbox check");

    public static Options options() {
        return new CheckCommand().options;
    }

    public static void main(String[] arguments) {
        Cli.runSupervised(options(), ExitCodes.LOOKUP_ERROR, arguments);
    }

    @Override
    public Integer call() {
        checkOptions();
        Arch arch = evidence.arch(place);
        // Read before the program runs, which might change the file.
        byte[] policyBytes = PolicyInput.bytes(policyFile.get());
        Circumstances here = place.circumstances(arch);
        PolicyMeaning policy = meaning(policyBytes, here);
        if (readiness.isGiven()) {
            return checkReadiness(policy);
        }
        String text = new String(policyBytes, StandardCharsets.UTF_8);
        Optional<UnitFailure> failure =
                evidence.unit()
                        .filter(unit -> explain.get())
                        .flatMap(
                                unit ->
                                        ExplainedFailure.settings(
                                                unit, evidence.after(), text, console));
        if (failure.isPresent()) {
            return turnOff(failure.get(), policyBytes);
        }
        try (CheckReports.Open open = reports.open();
                ResultOutput updated =
                        update.get() ? ResultOutput.open(Path.of(policyFile.get())) : null) {
            Recording recording =
                    explain.get()
                            ? ExplainedFailure.query(evidence, console)
                            : evidence.query(policy, arch, console);
            CheckResult result = result(policy, recording, arch);
            open.write(result);
            if (explain.get()
                    && result.drift().calls().isEmpty()
                    && result.outcome() == CheckResult.Outcome.SAME) {
                console.say(
                        policyFile.get()
                                + ": allows what was refused, so that ran under another policy: "
                                + ExplainedFailure.nextStart(evidence));
            }
            if (updated != null) {
                return update(result, policy, recording, policyBytes, here, arch, updated);
            }
            sayWouldOpen(result.drift(), policy, policyBytes, here);
            if (explain.get() && !result.drift().calls().isEmpty()) {
                console.say(ExplainedFailure.ONE_AT_A_TIME + ExplainedFailure.further(evidence));
            }
            return status(result);
        }
    }

    /** Names the settings, and turns the first one off if the drop-in is to be updated. */
    private int turnOff(UnitFailure failure, byte[] policyBytes) {
        Options.refuseIf(
                reports.isGiven(), "--unit: settings are printed as text, to standard output");
        String file = policyFile.get();
        try (ResultOutput output = ResultOutput.open(null);
                ResultOutput updated = update.get() ? ResultOutput.open(Path.of(file)) : null) {
            output.write(failure.text(VisibleText.of(file)));
            if (updated == null) {
                console.say(
                        "next: after review: %s (turns %s= off)"
                                .formatted(updating(evidence.after()), failure.first()));
            } else {
                updated.update(
                        policyBytes, failure.withoutFirst().getBytes(StandardCharsets.UTF_8));
                console.say(
                        "%s: updated: turned off: %s= (systemctl daemon-reload puts that in force)"
                                .formatted(file, failure.first()));
            }
            return ExitCodes.NOTHING_FOUND;
        }
    }

    private int checkReadiness(PolicyMeaning policy) {
        try (CheckReports.Open open = reports.open()) {
            ReadinessOptions.Answer answer = readiness.answer(evidence, policy);
            Optional<Instant> after = Optional.of(answer.readiness().demand().after());
            CheckResult result =
                    new CheckResult(
                            policyFile.get(),
                            MachineFacts.toolVersion(),
                            answer.drift(),
                            FailOn.NEW,
                            Tolerance.NONE,
                            updateCommand(answer.drift(), after),
                            answer.warnings(),
                            Optional.of(answer.readiness()),
                            Optional.empty(),
                            CheckCommand::words);
            open.write(result);
            return status(result);
        }
    }

    private void checkOptions() {
        if (readiness.isGiven()) {
            boolean others =
                    failOn.isGiven()
                            || allowFailure.get()
                            || allowGaps.get()
                            || atLeast.isGiven()
                            || update.get()
                            || prune.get()
                            || explain.get()
                            || evidence.isMoreThanLogs();
            Options.refuseIf(
                    others || evidence.logs().isEmpty(),
                    "--for: needs --log, and cannot be used with other evidence, --update,"
                            + " --prune, --fail-on, --at-least, --allow-gaps or"
                            + " --allow-failure");
        } else {
            readiness.refuseOthers();
        }
        if (atLeast.isGiven() && (atLeast.get() < 1 || atLeast.get() > Worth.all())) {
            throw CommandFailure.ownFailure(
                    "--at-least: " + atLeast.get() + ": not from 1 to " + Worth.all());
        }
        if (!explain.get()) {
            String alone = "; for the policy alone: sandbox policy test FILE --exploits";
            evidence.requireGiven(atLeast.isGiven() ? alone : "");
        }
    }

    private PolicyMeaning meaning(byte[] bytes, Circumstances here) {
        return PolicyMeaning.of(
                new PolicyInput(console, fromFormat).read(policyFile.get(), bytes), here);
    }

    /** Updates the policy, and returns the status of a check of the new one. */
    private int update(
            CheckResult result,
            PolicyMeaning before,
            Recording recording,
            byte[] policyBytes,
            Circumstances here,
            Arch arch,
            ResultOutput updated) {
        if (result.outcome() == CheckResult.Outcome.UNCHECKED) {
            return notUpdated(result, "the evidence does not suffice");
        }
        PolicyEdit edit = PolicyUpdate.edit(result.drift(), prune.get());
        if (edit.additions().isEmpty() && edit.removals().isEmpty()) {
            return notUpdated(
                    result,
                    "there is nothing that --update could change"
                            + (explain.get() ? ExplainedFailure.further(evidence) : ""));
        }
        PolicyUpdate.Change change =
                PolicyUpdate.apply(policyFile.get(), policyBytes, fromFormat.get(), edit, here);
        byte[] changed = change.text().getBytes(StandardCharsets.UTF_8);
        PolicyMeaning after = meaning(changed, here);
        int status = status(result(after, recording, arch));
        updated.update(policyBytes, changed);
        sayUpdated(edit, change.edit());
        if (explain.get()) {
            console.say(
                    ExplainedFailure.ONE_AT_A_TIME + ": " + ExplainedFailure.nextStart(evidence));
        }
        sayOpened(
                "what was added leaves",
                "sandbox policy test %s --exploits lists them; "
                        .formatted(ShellQuote.quote(policyFile.get())),
                before,
                after);
        return status;
    }

    private int notUpdated(CheckResult result, String why) {
        console.say(policyFile.get() + ": not updated: " + why);
        return status(result);
    }

    private void sayUpdated(PolicyEdit wanted, PolicyEdit done) {
        int left = wanted.removals().size() - done.removals().size();
        String removed = ", " + Wording.count(done.removals().size(), "rule") + " removed";
        String kept = ", %s left, which cannot be removed alone";
        console.say(
                String.format(
                        "%s: updated: %s added%s%s",
                        policyFile.get(),
                        Wording.count(done.additions().size(), "call"),
                        prune.get() ? removed : "",
                        left > 0 ? kept.formatted(Wording.count(left, "unused rule")) : ""));
    }

    /** Says nothing of a policy that cannot be updated. */
    private void sayWouldOpen(
            Drift drift, PolicyMeaning before, byte[] policyBytes, Circumstances here) {
        PolicyEdit edit = PolicyUpdate.edit(drift, false);
        if (edit.additions().isEmpty()) {
            return;
        }
        try {
            String changed =
                    PolicyUpdate.apply(policyFile.get(), policyBytes, fromFormat.get(), edit, here)
                            .text();
            sayOpened(
                    "an update would leave",
                    "",
                    before,
                    meaning(changed.getBytes(StandardCharsets.UTF_8), here));
        } catch (CommandFailure e) {
            // Said by --update.
        }
    }

    /** What is added is added with any arguments, so it can open more than was seen. */
    private void sayOpened(String what, String where, PolicyMeaning before, PolicyMeaning after) {
        int more = Worth.of(before).stopped() - Worth.of(after).stopped();
        if (more > 0) {
            console.say(
                    String.format(
                            "%s %d more of %d known exploits reachable (%sa new list of sandbox"
                                    + " learn allows only the arguments that it saw)",
                            what, more, Worth.all(), where));
        }
    }

    private CheckResult result(PolicyMeaning policy, Recording recording, Arch arch) {
        Recording shown = SignAdvice.in(recording);
        Drift compared = GivenEvidence.compare(shown, policy);
        Drift drift = explain.get() ? compared.ofRefusals() : compared;
        List<String> warnings = new ArrayList<>();
        warnings.addAll(evidence.recordedNames().notes());
        warnings.addAll(evidence.recordedNames().doubts(Stream.of(recording)));
        if (evidence.hasRecordings()) {
            ExecutableFacts.changes(recording)
                    .forEach((path, change) -> warnings.add(path + change + advice(path)));
        }
        if (evidence.runsProgram()) {
            warnings.addAll(RunWarnings.query(shown));
        }
        Optional<String> byLibrary = Optional.of(FilterStart.PRELOAD.toString());
        if (recording.runs().stream().anyMatch(run -> run.from().equals(byLibrary))
                && drift.unused().stream().anyMatch(rule -> rule.subject().equals("execve"))) {
            warnings.add(
                    "the policy allows execve, so it may begin at exec: without --from preload, the"
                            + " calls of the start are compared too");
        }
        if (prune.get() && !update.get()) {
            PruneAdvice advice = PruneAdvice.of(recording, drift.unused(), arch);
            drift = drift.withUnused(advice.unused());
            warnings.addAll(advice.notes());
        }
        if (!recording.missingStarts().all().isEmpty()) {
            warnings.add(
                    "the start was not seen, so the evidence does not show which rules are unused");
        }
        if (DriftComparison.showsOnlyRefusals(recording)) {
            warnings.add(
                    "the evidence has refused calls only, so it does not show which rules are"
                            + " unused");
        }
        return new CheckResult(
                policyFile.get(),
                MachineFacts.toolVersion(),
                drift,
                failOn.get(),
                new Tolerance(allowGaps.get() || explain.get(), allowFailure.get()),
                updateCommand(drift, evidence.after()),
                warnings,
                Optional.empty(),
                atLeast.optional().map(wanted -> Gate.of(wanted, policy)),
                CheckCommand::words);
    }

    private String advice(String path) {
        return String.format(
                ": learn again (what its code can call beyond the policy: sandbox reach %s --policy"
                        + " %s)",
                ShellQuote.quote(path), ShellQuote.quote(policyFile.get()));
    }

    /** {@code after}: from when on records of logs count; empty for all. */
    private Optional<String> updateCommand(Drift drift, Optional<Instant> after) {
        return update.get() || PolicyUpdate.addable(drift).isEmpty()
                ? Optional.empty()
                : Optional.of(updating(after));
    }

    private String updating(Optional<Instant> after) {
        List<String> words = new ArrayList<>(List.of("sandbox", "check", "--update"));
        if (readiness.isGiven()) {
            words.add("--allow-gaps");
        }
        after.ifPresent(time -> words.add("--since=" + time.truncatedTo(ChronoUnit.SECONDS)));
        List<String> given = options.given();
        int count = given.size() - evidence.command().size();
        words.addAll(CheckReports.ofUpdate(given.subList(0, count)));
        words.remove(PRUNE); // here it only asks; with --update it would take rules out
        words.addAll(evidence.command());
        return ShellQuote.quote(words);
    }

    private static String words(Doubt doubt) {
        return doubt.sentence()
                + switch (doubt.kind()) {
                    case GAP -> " (--allow-gaps checks anyway)";
                    case FAILURE -> " (--allow-failure checks anyway)";
                    case ENDED_BY_SIGTERM ->
                            " (for a service, --duration ends it after a time and counts that as"
                                    + " success; --allow-failure checks anyway)";
                    case UNDECIDED -> " (checked by: sandbox check -- PROGRAM)";
                    case NO_CANARY -> " (sandbox log --canary writes one)";
                    case OTHER -> "";
                };
    }

    private static int status(CheckResult result) {
        return switch (result.outcome()) {
            case SAME -> ExitCodes.OK;
            case DRIFT -> ExitCodes.NOTHING_FOUND;
            case UNCHECKED -> ExitCodes.LOOKUP_ERROR;
        };
    }
}
