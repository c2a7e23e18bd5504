// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Conversion;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Usage;
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
import io.sandbox.recorder.machine.MachineFacts;
import io.sandbox.recorder.run.RunWarnings;
import io.sandbox.syscalldb.Arch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code sandbox check}: checks whether a program still does what its policy says. */
public final class CheckCommand implements Callable<Integer> {
    private static final String PRUNE = "--prune";

    private final Options options = new Options("sandbox check", this, CheckCommand::usage);

    private final Value<String> policyFile =
            options.named("--policy")
                    .required()
                    .text("FILE", "The policy, in any format that sandbox policy reads.");

    private final FromFormat fromFormat = new FromFormat(options);

    private final GivenEvidence evidence = new GivenEvidence(options);
    private final ReadinessOptions readiness = new ReadinessOptions(options);

    private final Value<FailOn> failOn =
            options.named("--fail-on")
                    .offering(List.of("new", "risk=high", "risk=medium", "risk=low", "unused"))
                    .converted(
                            new ToFailOn(),
                            "WHAT",
                            "What ends the check with status 1 (default new). Put commas "
                                    + "between several words. new: any call that is not allowed. "
                                    + "risk=high, risk=medium or risk=low: a call that is not "
                                    + "allowed and has at least this risk. unused: a rule that no "
                                    + "run needed.")
                    .or(FailOn.NEW);

    private final Value<Integer> atLeast =
            options.named("--at-least")
                    .rare()
                    .number(
                            "N",
                            "Fail (status 1) if fewer than N known exploits are stopped. Of the 79"
                                    + " that sandbox policy test knows, the policy must stop at"
                                    + " least N. With --update, the changed policy counts.");

    private final Value<Boolean> allowFailure =
            options.named("--allow-failure").flag("Accept the evidence of a program that failed.");

    private final Value<Boolean> allowGaps =
            options.named("--allow-gaps")
                    .flag(
                            "Accept evidence that may lack records. Every log may lack "
                                    + "some. Without this option, the status is then 2. With it, "
                                    + "the reasons for doubt are reported as notes.");

    private final Value<Boolean> update =
            options.named("--update")
                    .flag(
                            "Write the new calls into the policy file. Its comments, "
                                    + "order and layout stay, so that the change can be reviewed "
                                    + "as a diff. If a rule already refuses a call, or allows it "
                                    + "under conditions, you must change that rule yourself.");

    private final Value<Boolean> prune =
            options.named(PRUNE)
                    .flag(
                            "Remove the rules that no run needed, with --update. Without "
                                    + "it: change nothing, and say which of these rules are "
                                    + "candidates to remove, because no code of the program and "
                                    + "its libraries leads to their calls (as sandbox reach reads "
                                    + "it). If code is not known, such as that of plugins or of an "
                                    + "interpreter, a note says that nothing can be said. The "
                                    + "status stays the same.");

    private final CheckReports reports = new CheckReports(options);
    private final PolicyPlace place = new PolicyPlace(options);

    private final Console console = new Console("sandbox check");

    private static Usage usage() {
        return Options.usage()
                .header(
                        "Compares the calls of a program with its policy, for continuous"
                                + " integration.")
                .synopsis(
                        "sandbox check --policy FILE [OPTIONS] -- PROGRAM [ARGUMENT...]",
                        "sandbox check --policy FILE [OPTIONS] --service UNIT [[--] PROGRAM"
                                + " [ARGUMENT...]]",
                        "sandbox check --policy FILE [OPTIONS] (--evidence FILE | --log"
                                + " FILE)...",
                        "sandbox check --policy FILE [OPTIONS] --for TIME [--exe PATH] --log"
                                + " FILE...",
                        "sandbox check --policy FILE [OPTIONS] (--pid PID|--cgroup FILE|--unit"
                                + " UNIT|--container ID)")
                .description(
                        "Runs the program (ideally its tests) and records its calls. Reports the"
                            + " calls that the policy does not allow, and the rules that no call"
                            + " needed. The policy is not enforced. The program's standard output"
                            + " goes to standard error.",
                        "With --for, reads logs from a time in which the policy only logged and"
                            + " refused nothing. Answers whether the policy can be enforced: ready,"
                            + " not ready, or unknown.")
                .examples(
                        "sandbox check --policy prog.env -- ./prog --self-test",
                        "sandbox check --policy prog.json --report sarif=drift.sarif -- make"
                                + " check",
                        "sandbox check --policy prog.env --update -- ./prog --self-test; git diff"
                                + " prog.env")
                .exitStatus(
                        "0 if nothing was found that --fail-on names; 1 if something was found"
                            + " (drift), or if the policy stops fewer exploits than --at-least"
                            + " wants; 2 if the check was not possible, because of wrong usage, a"
                            + " program that could not be run or that failed, lost records, or a"
                            + " call that cannot be decided. With --update, the status is about the"
                            + " changed policy: 0 if all new calls were written, 1 if you must"
                            + " still change it yourself. With --for: 0 if the policy is ready; 1"
                            + " if it is not; 2 if that is unknown, or the check was not"
                            + " possible.");
    }

    private static final class ToFailOn implements Conversion<FailOn> {
        @Override
        public FailOn convert(String word) {
            return FailOn.parse(word);
        }
    }

    public static Options options() {
        return new CheckCommand().options;
    }

    public static void main(String[] arguments) {
        Cli.runSupervised(options(), ExitCodes.LOOKUP_ERROR, arguments);
    }

    @Override
    public Integer call() {
        try {
            return check();
        } catch (CommandFailure e) {
            // Changes statuses such as 127, for a program that cannot be run, to our own.
            throw CommandFailure.ownFailure(e.getMessage());
        }
    }

    private int check() {
        checkOptions();
        Arch arch = evidence.arch(place);
        // Read before the program runs, which might change the file.
        byte[] policyBytes = PolicyInput.bytes(policyFile.get());
        Circumstances here = place.circumstances(arch);
        PolicyMeaning policy = meaning(policyBytes, here);
        if (readiness.isGiven()) {
            return checkReadiness(policy);
        }
        try (CheckReports.Open open = reports.open();
                ResultOutput updated =
                        update.get() ? ResultOutput.open(Path.of(policyFile.get())) : null) {
            Recording recording = evidence.query(policy, arch, console);
            CheckResult result = result(policy, recording, arch);
            open.write(result);
            if (updated != null) {
                return update(result, recording, policyBytes, here, arch, updated);
            }
            return status(result);
        }
    }

    private int checkReadiness(PolicyMeaning policy) {
        try (CheckReports.Open open = reports.open()) {
            ReadinessOptions.Answer answer = readiness.answer(evidence, policy);
            CheckResult result =
                    new CheckResult(
                            policyFile.get(),
                            MachineFacts.toolVersion(),
                            answer.drift(),
                            FailOn.NEW,
                            Tolerance.NONE,
                            updateCommand(
                                    answer.drift(),
                                    Optional.of(answer.readiness().demand().after())),
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
                            || evidence.isMoreThanLogs();
            if (others || evidence.logs().isEmpty()) {
                throw CommandFailure.ownFailure(
                        "--for: needs --log, and cannot be used with other evidence, --update,"
                                + " --prune, --fail-on, --at-least, --allow-gaps or"
                                + " --allow-failure");
            }
        } else {
            readiness.refuseOthers();
        }
        if (atLeast.isGiven() && (atLeast.get() < 1 || atLeast.get() > Worth.all())) {
            throw CommandFailure.ownFailure(
                    "--at-least: " + atLeast.get() + ": not from 1 to " + Worth.all());
        }
        evidence.requireGiven();
    }

    private PolicyMeaning meaning(byte[] bytes, Circumstances here) {
        return PolicyMeaning.of(
                new PolicyInput(console, fromFormat).read(policyFile.get(), bytes), here);
    }

    /** Updates the policy, and returns the status of a check of the new one. */
    private int update(
            CheckResult result,
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
            return notUpdated(result, "there is nothing that --update could change");
        }
        PolicyUpdate.Change change =
                PolicyUpdate.apply(policyFile.get(), policyBytes, fromFormat.get(), edit, here);
        byte[] changed = change.text().getBytes(StandardCharsets.UTF_8);
        int status = status(result(meaning(changed, here), recording, arch));
        updated.update(policyBytes, changed);
        sayUpdated(edit, change.edit());
        return status;
    }

    private int notUpdated(CheckResult result, String why) {
        console.say(policyFile.get() + ": not updated: " + why);
        return status(result);
    }

    private void sayUpdated(PolicyEdit wanted, PolicyEdit done) {
        int left = wanted.removals().size() - done.removals().size();
        console.say(
                policyFile.get()
                        + ": updated: "
                        + Wording.count(done.additions().size(), "call")
                        + " added"
                        + (prune.get()
                                ? ", " + Wording.count(done.removals().size(), "rule") + " removed"
                                : "")
                        + (left > 0
                                ? ", "
                                        + Wording.count(left, "unused rule")
                                        + " left, which cannot be removed alone"
                                : ""));
    }

    private CheckResult result(PolicyMeaning policy, Recording recording, Arch arch) {
        Recording shown = SignAdvice.in(recording);
        Drift drift = GivenEvidence.compare(shown, policy);
        List<String> warnings = new ArrayList<>();
        warnings.addAll(evidence.recordedNames().notes());
        warnings.addAll(evidence.recordedNames().doubts(Stream.of(recording)));
        if (evidence.runsProgram()) {
            warnings.addAll(RunWarnings.query(shown));
        }
        if (prune.get() && !update.get()) {
            PruneAdvice advice = PruneAdvice.of(recording, drift.unused(), arch);
            drift = drift.withUnused(advice.unused());
            warnings.addAll(advice.notes());
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
                new Tolerance(allowGaps.get(), allowFailure.get()),
                updateCommand(drift, evidence.after()),
                warnings,
                Optional.empty(),
                atLeast.optional().map(wanted -> Gate.of(wanted, policy)),
                CheckCommand::words);
    }

    /**
     * @param after from when on records of logs count; empty for all
     */
    private Optional<String> updateCommand(Drift drift, Optional<Instant> after) {
        if (update.get() || PolicyUpdate.addable(drift).isEmpty()) {
            return Optional.empty();
        }
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
        return Optional.of(words.stream().map(ShellQuote::quote).collect(Collectors.joining(" ")));
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
