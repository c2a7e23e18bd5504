// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.cli.policyfile.PolicyParts;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.cli.policyfile.ValueNames;
import io.sandbox.cli.recording.RecordingFile;
import io.sandbox.cli.report.RecordingReport;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.learned.LearnedConditions;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.evidence.report.PolicyPage;
import io.sandbox.evidence.report.ReachShown;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.CallSummary;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.meaning.Ruling;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

final class ReportRecordings implements Callable<Integer> {
    final Options options = new Options("report", this);

    private final Value<List<String>> files = options.operands("FILE");

    private final Value<Path> reach = options.named("--reach").file();

    private final Value<Path> output = options.named("-o", "--output").file();

    private final PolicyPlace place = new PolicyPlace(options);
    private final PolicyParts parts = new PolicyParts(options, place);

    @Override
    public Integer call() {
        try (ResultOutput out = ResultOutput.open(output.get())) {
            String first = files.get().get(0);
            boolean alone = files.get().size() == 1;
            PolicyInput input = new PolicyInput(new Console("sandbox policy"), parts);
            if (alone && !reach.isGiven() && PolicyInput.profile(first).isPresent()) {
                out.write(ofPolicy(first, input.readPolicyOrRecording(first, place.arch())));
                return ExitCodes.OK;
            }
            byte[] only = alone ? PolicyInput.bytes(first) : null;
            if (only != null && !reach.isGiven() && !PolicyInput.isRecording(only)) {
                out.write(ofPolicy(first, input.read(first, only)));
                return ExitCodes.OK;
            }
            Recording recording = new Recording(List.of());
            for (String file : files.get()) {
                byte[] bytes = only == null ? PolicyInput.bytes(file) : only;
                Options.refuseIf(
                        !alone && !PolicyInput.isRecording(bytes),
                        file + ": not a recording (a page is of one policy, or of recordings)");
                recording = RecordingFile.add(recording, file, bytes);
            }
            Optional<ReachShown> reached = Optional.empty();
            if (reach.isGiven()) {
                reached = Optional.of(RecordingReport.reach(recording, reach.get()));
            }
            Arch arch = arch(recording);
            out.write(
                    RecordingReport.write(
                            recording, arch, List.of(), policy(recording, arch), reached));
        }
        return ExitCodes.OK;
    }

    private byte[] ofPolicy(String file, PolicyDocument document) {
        Circumstances here = place.circumstances();
        PolicyMeaning meaning = PolicyMeaning.of(document, here);
        Map<String, String> comments = new HashMap<>();
        CallSummary.of(document, here).forEach(call -> comments.put(call.name(), call.reason()));
        List<PolicyPage.Row> rows = new ArrayList<>();
        for (Syscall call : SyscallDb.get().table(place.arch()).all()) {
            String name = call.name();
            Ruling ruling = meaning.about(here.arch(), new CallRef.Named(name));
            Optional<SyscallFacts> facts = SyscallDb.get().facts(name);
            rows.add(
                    new PolicyPage.Row(
                            name,
                            SyscallFacts.level(facts),
                            ruling.extent() != Ruling.Extent.NEVER,
                            ValueNames.inWords(name, here.arch(), ruling.text()),
                            facts.map(SyscallFacts::riskReason).orElse("not in our tables"),
                            comments.getOrDefault(name, "")));
        }
        rows.sort(Comparator.comparing(PolicyPage.Row::level).thenComparing(PolicyPage.Row::name));
        String otherwise = ActionText.format(document.otherwise());
        return PolicyPage.write(
                Path.of(file).getFileName().toString(),
                "for " + here.arch() + " · all calls that it does not name: " + otherwise,
                rows,
                document.comments(),
                RecordingReport.worth(document, here));
    }

    private static Arch arch(Recording recording) {
        List<Run> runs = recording.runs();
        SyscallDb db = SyscallDb.get();
        return runs.isEmpty()
                ? db.nativeArch()
                : db.archByName(runs.get(runs.size() - 1).machine().arch())
                        .orElseGet(db::nativeArch);
    }

    /** A list that lacks calls is not shown, so that nobody takes it for a whole one. */
    private static Optional<PolicyDocument> policy(Recording recording, Arch arch) {
        LearnedPolicy learned =
                LearnedPolicy.of(recording.calls(), arch, LearnedConditions.of(recording));
        return recording.isComplete() && learned.inexpressible().isEmpty()
                ? Optional.of(PolicyDocument.of(learned.allowlist().toPolicy(Action.KILL)))
                : Optional.empty();
    }
}
