package io.sandbox.recorder.cli;

import io.sandbox.enforcer.format.Circumstances;
import io.sandbox.enforcer.format.PolicyEdit;
import io.sandbox.enforcer.format.PolicyMeaning;
import io.sandbox.enforcer.policy.PolicySyntaxException;
import io.sandbox.recorder.ExitCodes;
import io.sandbox.recorder.LearnException;
import io.sandbox.recorder.MachineFacts;
import io.sandbox.recorder.RunWarnings;
import io.sandbox.recorder.drift.CheckResult;
import io.sandbox.recorder.drift.Drift;
import io.sandbox.recorder.drift.DriftComparison;
import io.sandbox.recorder.drift.FailOn;
import io.sandbox.recorder.drift.Tolerance;
import io.sandbox.recorder.drift.report.Wording;
import io.sandbox.recorder.evidence.Recording;
import io.sandbox.syscalldb.Arch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code sandbox-check}: whether a program still does what its policy says. */
@Command(
        name = "sandbox-check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Compares what a program does with its policy; for continuous integration.",
        synopsisHeading = "Usage: ",
        customSynopsis = {
            "sandbox-check --policy FILE [OPTIONS] -- PROGRAM [ARGUMENT...]",
            "       sandbox-check --policy FILE [OPTIONS] (--recording FILE | --log FILE)..."
        },
        description = {
            "%nRuns the program, best its tests, while the kernel logs each of its calls, and"
                    + " reports calls that the policy does not allow and what it allows for"
                    + " nothing. The policy may be of any format that sandbox-policy reads. It is"
                    + " not enforced. What the program writes to standard output goes to standard"
                    + " error.%n"
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sandbox-check --policy prog.env -- ./prog --self-test",
            "  sandbox-check --policy prog.json --report sarif=drift.sarif -- make check",
            "  sandbox-check --policy prog.env --update -- ./prog --self-test; git diff prog.env",
            "",
            "Exit status: 0 nothing to fail on, 1 drift, 2 could not check: usage, a program that"
                    + " cannot be",
            "run or that failed, records that were lost."
        })
public final class CheckCommand implements Callable<Integer> {
    @Option(
            names = "--policy",
            paramLabel = "FILE",
            required = true,
            description = "The policy, of any format.")
    private String policyFile;

    @Mixin private CheckEvidence evidence;

    @Option(
            names = "--fail-on",
            paramLabel = "WHAT",
            defaultValue = "new",
            converter = FailOnConverter.class,
            description =
                    "What makes the status 1, commas between: new (calls that are not allowed),"
                            + " risk=high, risk=medium (only those of that risk or a higher one),"
                            + " unused (what is allowed and no run needed). Default:"
                            + " ${DEFAULT-VALUE}.")
    private FailOn failOn;

    @Option(
            names = "--allow-failure",
            description = "Trust the evidence of a program that ended with another status than 0.")
    private boolean allowFailure;

    @Option(
            names = "--allow-gaps",
            description =
                    "Count on evidence that may lack records, such as that of --log; what speaks"
                            + " against it becomes a note.")
    private boolean allowGaps;

    @Option(
            names = "--update",
            description =
                    "Write the new calls into the policy file, which keeps its comments, order and"
                            + " layout, for review as a diff. What a rule refuses, or allows under"
                            + " conditions, is left to you.")
    private boolean update;

    @Option(
            names = "--prune",
            description = "With --update: also take out what the policy allows and no run needed.")
    private boolean prune;

    @Mixin private CheckReports reports;
    @Mixin private PolicyPlace place;

    @Spec private CommandSpec spec;

    private final Console console = new Console("sandbox-check");

    /** For picocli. */
    private static final class FailOnConverter implements ITypeConverter<FailOn> {
        @Override
        public FailOn convert(String value) {
            try {
                return FailOn.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    public static void main(String[] arguments) {
        Cli.runSupervised(new CheckCommand(), ExitCodes.LOOKUP_ERROR, arguments);
    }

    @Override
    public Integer call() {
        try {
            return check();
        } catch (LearnException e) {
            // Also where the program cannot be run: its status would be taken for ours.
            throw failure(e.getMessage());
        }
    }

    private int check() {
        checkOptions();
        Arch arch = arch();
        // Read once, before the program runs: it might change the file.
        byte[] policyBytes = PolicyInput.bytes(policyFile);
        Circumstances here = place.circumstances(arch);
        PolicyMeaning policy = meaning(policyBytes, here);
        try (CheckReports.Open open = reports.open();
                ResultOutput updated = update ? ResultOutput.open(Path.of(policyFile)) : null) {
            Recording recording = recording(policy, arch);
            CheckResult result = result(policy, recording);
            open.write(result);
            if (updated != null && result.outcome() != CheckResult.Outcome.UNCHECKED) {
                return update(result, recording, policyBytes, here, updated);
            }
            return status(result);
        }
    }

    private void checkOptions() {
        if (!evidence.isGiven()) {
            throw failure(
                    "nothing to hold the policy against: give a program behind --, --recording or"
                            + " --log (see --help)");
        }
        if (prune && !update) {
            throw failure("--prune: only with --update");
        }
    }

    private PolicyMeaning meaning(byte[] bytes, Circumstances here) {
        return PolicyMeaning.of(new PolicyInput(console).read(policyFile, bytes, null), here);
    }

    /** Returns the status of a check of the policy as it then is. */
    private int update(
            CheckResult result,
            Recording recording,
            byte[] policyBytes,
            Circumstances here,
            ResultOutput updated) {
        PolicyEdit edit = PolicyUpdate.edit(result.drift(), prune);
        if (edit.additions().isEmpty() && edit.removals().isEmpty()) {
            console.say(policyFile + ": nothing that could be updated");
            return status(result);
        }
        PolicyUpdate.Change change = PolicyUpdate.apply(policyFile, policyBytes, edit, here);
        byte[] changed = change.text().getBytes(StandardCharsets.UTF_8);
        int status = status(result(meaning(changed, here), recording));
        updated.write(changed);
        sayUpdated(edit, change.edit());
        return status;
    }

    private void sayUpdated(PolicyEdit wanted, PolicyEdit done) {
        int left = wanted.removals().size() - done.removals().size();
        console.say(
                policyFile
                        + ": updated: "
                        + Wording.count(done.additions().size(), "call")
                        + " added"
                        + (prune
                                ? ", " + Wording.count(done.removals().size(), "rule") + " removed"
                                : "")
                        + (left > 0 ? ", " + left + " left that cannot go by themselves" : ""));
    }

    private Arch arch() {
        Optional<Arch> ofProgram = evidence.programArch();
        if (ofProgram.isPresent() && place.hasArch() && !ofProgram.get().equals(place.arch())) {
            throw failure("--arch: the program is of " + ofProgram.get().name());
        }
        return ofProgram.orElseGet(place::arch);
    }

    private Recording recording(PolicyMeaning policy, Arch arch) {
        Recording known = evidence.read();
        if (!evidence.runsProgram()) {
            return known;
        }
        return known.merge(evidence.record(policy, arch, new RunReport(console, true, false)));
    }

    private CheckResult result(PolicyMeaning policy, Recording recording) {
        Drift drift;
        try {
            drift = DriftComparison.of(recording, policy);
        } catch (PolicySyntaxException e) {
            throw failure("not a recording: allowed: " + e.getMessage());
        }
        return new CheckResult(
                policyFile,
                MachineFacts.toolVersion(),
                drift,
                failOn,
                new Tolerance(allowGaps, allowFailure),
                updateCommand(drift),
                evidence.runsProgram() ? RunWarnings.query(recording) : List.of());
    }

    private Optional<String> updateCommand(Drift drift) {
        if (update || PolicyUpdate.addable(drift).isEmpty()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>(List.of("sandbox-check", "--update"));
        List<String> given = spec.commandLine().getParseResult().originalArgs();
        int options = given.size() - evidence.command().size();
        words.addAll(CheckReports.withoutReports(given.subList(0, options)));
        words.addAll(evidence.command());
        return Optional.of(words.stream().map(ShellQuote::quote).collect(Collectors.joining(" ")));
    }

    private static int status(CheckResult result) {
        return switch (result.outcome()) {
            case SAME -> ExitCodes.OK;
            case DRIFT -> ExitCodes.NOTHING_FOUND;
            case UNCHECKED -> ExitCodes.LOOKUP_ERROR;
        };
    }

    private static LearnException failure(String message) {
        return new LearnException(ExitCodes.LOOKUP_ERROR, message);
    }
}
