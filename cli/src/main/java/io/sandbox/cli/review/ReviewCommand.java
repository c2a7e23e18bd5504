// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.output.Styled;
import io.sandbox.cli.policyfile.FromFormat;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.cli.policyfile.PolicyUpdate;
import io.sandbox.cli.recording.GivenEvidence;
import io.sandbox.cli.recording.SignAdvice;
import io.sandbox.cli.report.OriginNames;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunAccess;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.Doubts;
import io.sandbox.evidence.drift.Drift;
import io.sandbox.evidence.drift.RecordedArguments;
import io.sandbox.evidence.drift.Seen;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.evidence.learned.LearnedConditions;
import io.sandbox.evidence.learned.LearnedOperations;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.outcome.OutputException;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.edit.PolicyEdit;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.meaning.Ruling;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.Risk;
import io.sandbox.text.VisibleText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code sandbox review}: asks about each call that a policy does not allow. */
public final class ReviewCommand implements Callable<Integer> {
    private static final String NAME = "sandbox review";

    private final Options options = new Options(NAME, this);

    private final Value<String> policyFile = options.named("--policy").required().text("FILE");

    private final FromFormat fromFormat = new FromFormat(options);

    private final Value<Path> decisions = options.named("--decisions").file();

    private final GivenEvidence evidence = new GivenEvidence(options);
    private final PolicyPlace place = new PolicyPlace(options);
    private final Console console = new Console(NAME);
    private final StandardOutput output = new StandardOutput();

    /** Whether to say how to go on if Ctrl-C ends us. */
    private volatile boolean asking;

    public static Options options() {
        return new ReviewCommand().options;
    }

    public static void main(String[] arguments) {
        Cli.runSupervised(options(), ExitCodes.LOOKUP_ERROR, arguments);
    }

    @Override
    public Integer call() {
        evidence.requireGiven("");
        String file = policyFile.get();
        Arch arch = evidence.arch(place);
        byte[] bytes = PolicyInput.bytes(file);
        Circumstances here = place.circumstances(arch);
        PolicyMeaning policy =
                PolicyMeaning.of(new PolicyInput(console, fromFormat).read(file, bytes), here);
        DecisionFile kept =
                new DecisionFile(decisions.optional().orElseGet(() -> Path.of(file + ".review")));
        requireChangeable(file, bytes, here, kept);
        List<DecisionFile.Kept> before = kept.read();
        Recording recording = evidence.query(policy, arch, console);
        Drift drift = GivenEvidence.compare(SignAdvice.in(recording), policy);
        Options.refuseIf(
                drift.distinctCalls() == 0 && drift.records() == 0,
                "the evidence holds no call of any program");
        List<Finding> findings = findings(drift, recording, arch);
        ReviewSession session =
                new ReviewSession(
                        new ReviewPlace(file, bytes, fromFormat.get(), here, recording, kept),
                        file,
                        LocalDate.now().toString(),
                        findings,
                        new ReviewText(Styled.forStandardOutput()));
        List<String> doubts = Doubts.inEvidence(drift);
        printHead(findings, drift, doubts, recording);
        resume(session, findings, before, kept);
        if (findings.isEmpty()) {
            return ExitCodes.OK;
        }
        return end(ask(session, kept), session, bytes, kept, doubts);
    }

    /** So that the user does not answer questions in vain. */
    private void requireChangeable(
            String file, byte[] bytes, Circumstances here, DecisionFile kept) {
        PolicyUpdate.apply(
                file, bytes, fromFormat.get(), new PolicyEdit(List.of(), List.of()), here);
        ResultOutput.open(Path.of(file)).close();
        kept.requireWritable();
    }

    private List<Finding> findings(Drift drift, Recording recording, Arch arch) {
        LearnedConditions conditions = LearnedConditions.of(recording);
        List<CallDrift> calls = new ArrayList<>(drift.calls());
        calls.removeIf(ReviewCommand::isRuled);
        Map<Origin, String> names =
                OriginNames.query(calls.stream().flatMap(call -> origin(call).stream()));
        List<Finding> findings = new ArrayList<>();
        for (CallDrift call : calls) {
            List<String> refused = new ArrayList<>(conditions.of(call.call(), arch));
            refused.removeIf(values -> RecordedArguments.isAllowed(values, call.ruling()));
            findings.add(new Finding(call, refused, origin(call).map(names::get)));
        }
        findings.sort(Finding.BY_RISK);
        return findings;
    }

    private static Optional<Origin> origin(CallDrift call) {
        return call.seen().stream().map(Seen::origin).flatMap(Optional::stream).findFirst();
    }

    /** Whether a rule does not allow the call: that was decided. */
    private static boolean isRuled(CallDrift call) {
        return call.isRuled() && call.ruling().extent() == Ruling.Extent.NEVER;
    }

    private void printHead(
            List<Finding> findings, Drift drift, List<String> doubts, Recording recording) {
        StringBuilder head = new StringBuilder();
        String file = VisibleText.of(policyFile.get());
        head.append(ReviewText.paragraph(file + ": " + count(findings)));
        String form = "Evidence: %s, %s, %s.";
        String runs = Wording.count(drift.runs(), "run");
        String calls = Wording.count(drift.distinctCalls(), "call");
        String records = Wording.count(drift.records(), "record");
        head.append(ReviewText.paragraph(form.formatted(runs, calls, records)));
        Stream.of(
                        LearnedOperations.of(recording).map(LearnedOperations::sentence),
                        Run.accessOf(recording.runs()).map(RunAccess::sentence))
                .flatMap(Optional::stream)
                .map(each -> ReviewText.paragraph("Besides: " + each + "."))
                .forEach(head::append);
        if (drift.runs() == 1) {
            head.append("1 run: other runs may make more calls.\n");
        }
        String ruled =
                drift.calls().stream()
                        .filter(ReviewCommand::isRuled)
                        .map(call -> call.call().displayName() + " (line " + call.line() + ")")
                        .collect(Collectors.joining(", "));
        if (!ruled.isEmpty()) {
            head.append(
                    ReviewText.paragraph(
                            "Not asked about, since the policy has a rule for them: " + ruled));
        }
        for (String doubt : doubts) {
            head.append(ReviewText.paragraph("NOT COMPLETE: " + VisibleText.of(doubt)));
        }
        if (!findings.isEmpty()) {
            head.append(
                    ReviewText.paragraph(
                            "Nothing is written to the policy before you have seen the change and"
                                + " said yes. Type a letter, then Enter. ? explains the letters."));
        }
        output.print(head.toString());
    }

    private static String count(List<Finding> findings) {
        if (findings.isEmpty()) {
            return "nothing to decide: the policy has an answer for each call.";
        }
        Map<Risk.Level, Long> levels =
                findings.stream()
                        .collect(Collectors.groupingBy(Finding::level, Collectors.counting()));
        String risks =
                List.of(Risk.Level.values()).stream()
                        .filter(levels::containsKey)
                        .map(level -> levels.get(level) + " of " + level.word() + " risk")
                        .collect(Collectors.joining(", "));
        return Wording.count(findings.size(), "call") + " to decide: " + risks + ".";
    }

    private void resume(
            ReviewSession session,
            List<Finding> findings,
            List<DecisionFile.Kept> before,
            DecisionFile kept) {
        List<String> again = new ArrayList<>();
        int resumed = 0;
        List<DecisionFile.Kept> others = new ArrayList<>();
        for (DecisionFile.Kept each : before) {
            Optional<Finding> found = findings.stream().filter(each::isAbout).findFirst();
            if (found.isEmpty()) {
                others.add(each);
            } else if (each.basis().equals(found.get().basis())
                    && session.resume(found.get(), each.decision())) {
                resumed++;
            } else {
                again.add(each.call());
            }
        }
        kept.retain(others);
        if (resumed > 0) {
            output.print(
                    ReviewText.paragraph(
                            Wording.count(resumed, "decision")
                                    + " of an earlier review taken from "
                                    + Console.printable(kept.toString())
                                    + ". l lists all decisions."));
        }
        if (!again.isEmpty()) {
            output.print(
                    ReviewText.paragraph(
                            "Asked again, since the policy or the evidence has changed: "
                                    + VisibleText.of(String.join(", ", again))));
        }
    }

    private ReviewSession.End ask(ReviewSession session, DecisionFile kept) {
        asking = true;
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    if (asking) {
                                        sayFarewell(session, kept);
                                    }
                                }));
        new InterruptKey().start();
        ReviewSession.End end = session.run();
        asking = false;
        return end;
    }

    private void sayFarewell(ReviewSession session, DecisionFile kept) {
        try {
            output.print("\n" + farewell(session, kept));
        } catch (OutputException e) {
            // The terminal is gone.
        }
    }

    private String farewell(ReviewSession session, DecisionFile kept) {
        String nothing = "Nothing was written to " + VisibleText.of(policyFile.get()) + ".";
        return ReviewText.paragraph(
                session.decisions().isEmpty()
                        ? nothing
                        : nothing
                                + " Your decisions are in "
                                + Console.printable(kept.toString())
                                + ": to go on, run the same command again.");
    }

    private int end(
            ReviewSession.End end,
            ReviewSession session,
            byte[] bytes,
            DecisionFile kept,
            List<String> doubts) {
        switch (end) {
            case WRITE -> write(session, bytes, kept);
            case KEEP -> output.print(farewell(session, kept));
            case DROP -> {
                kept.write(Map.of());
                output.print("Nothing was written to " + VisibleText.of(policyFile.get()) + ".\n");
            }
        }
        if (!doubts.isEmpty()) {
            output.print(
                    ReviewText.paragraph(
                            "The evidence was not complete (see the beginning): the program may"
                                    + " make calls that were not asked about."));
        }
        boolean done = end == ReviewSession.End.WRITE && session.isWhole();
        return done ? ExitCodes.OK : ExitCodes.NOTHING_FOUND;
    }

    private void write(ReviewSession session, byte[] bytes, DecisionFile kept) {
        byte[] changed = session.changed().getBytes(StandardCharsets.UTF_8);
        try (ResultOutput result = ResultOutput.open(Path.of(policyFile.get()))) {
            result.update(bytes, changed);
        } catch (CommandFailure e) {
            output.print(farewell(session, kept));
            throw e;
        }
        kept.write(Map.of());
        output.print(
                ReviewText.paragraph(
                        VisibleText.of(policyFile.get()) + ": written: " + session.sum() + "."));
        output.print("next: " + VisibleText.of(nextCommand(session)) + "\n");
    }

    /** The run under the policy if something is refused now; or else the check. */
    private String nextCommand(ReviewSession session) {
        if (session.decisions().values().stream().anyMatch(Decision::isRefusal)) {
            return "test what is refused: "
                    + ShellQuote.quote(
                            List.of("sandbox", "run", "--policy", policyFile.get(), "PROGRAM"));
        }
        List<String> words = new ArrayList<>(options.given());
        List<String> own = words.subList(0, words.size() - evidence.command().size());
        own.removeIf(word -> word.startsWith("--decisions="));
        int at = own.indexOf("--decisions");
        if (at >= 0) {
            own.subList(at, at + 2).clear(); // with its value
        }
        return "sandbox check " + ShellQuote.quote(words);
    }
}
