// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.report;

import io.sandbox.cli.policyfile.ValueNames;
import io.sandbox.cli.recording.SignAdvice;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.report.HtmlReport;
import io.sandbox.evidence.report.ListWorth;
import io.sandbox.evidence.report.NextSteps;
import io.sandbox.evidence.report.ReachShown;
import io.sandbox.evidence.report.ReachShown.ReachedCall;
import io.sandbox.evidence.report.ReportSources;
import io.sandbox.evidence.report.ReportSources.PolicyText;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.format.Writing;
import io.sandbox.policy.meaning.CallSummary;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.worth.DefaultProfile;
import io.sandbox.policy.worth.Looser;
import io.sandbox.policy.worth.Worth;
import io.sandbox.reach.ReachResult;
import io.sandbox.reach.ReachableCall;
import io.sandbox.recorder.run.RunWarnings;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.text.Shipped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes the report of a recording. */
public final class RecordingReport {
    private static final NextSteps NEXT =
            new NextSteps(
                    "--until-quiet runs the program until it shows nothing new",
                    "--thorough does that",
                    "--verify does that",
                    "--chance-calls adds them",
                    "--portable adds them",
                    "sandbox policy report RECORDING --reach EXECUTABLE");

    private RecordingReport() {}

    /**
     * The HTML file.
     *
     * @param doubts why the list must not be relied on, besides gaps in the recording
     * @param policy the list; empty if the recording is not fit for one
     * @param reach what {@link #reach} gave
     */
    public static byte[] write(
            Recording recording,
            Arch arch,
            List<String> doubts,
            Optional<PolicyDocument> policy,
            Optional<ReachShown> reach) {
        return HtmlReport.write(
                new ReportSources(
                        SignAdvice.in(recording),
                        arch,
                        doubts,
                        RunWarnings.query(SignAdvice.in(recording)),
                        OriginNames.query(recording),
                        policy.map(document -> texts(document, recording, arch)).orElse(List.of()),
                        policy.map(document -> listed(document, usual(recording, arch)))
                                .orElse(Set.of()),
                        policy.map(document -> worth(document, usual(recording, arch))),
                        reach,
                        NEXT));
    }

    private static Set<String> listed(PolicyDocument document, Circumstances here) {
        return CallSummary.of(document, here).stream()
                .filter(CallSummary::mayPass)
                .map(CallSummary::name)
                .collect(Collectors.toSet());
    }

    private static List<PolicyText> texts(PolicyDocument document, Recording recording, Arch arch) {
        Circumstances here = usual(recording, arch);
        List<PolicyText> texts = new ArrayList<>();
        for (PolicyFormat format : PolicyFormat.values()) {
            String text = "";
            List<String> losses;
            try {
                Writing writing = format.write(document, here);
                text = writing.text();
                losses = writing.losses().stream().map(Object::toString).toList();
            } catch (PolicyFormatException e) {
                losses = List.of(Objects.toString(e.getMessage(), "this list"));
            }
            texts.add(new PolicyText(format.toString(), format.about(), use(format), text, losses));
        }
        return texts;
    }

    /** How a file of this format is used. */
    private static String use(PolicyFormat format) {
        return Shipped.lines(RecordingReport.class, "uses.tsv")
                .map(line -> line.split("\t"))
                .filter(row -> row[0].equals(format.toString()))
                .findFirst()
                .orElseThrow()[1];
    }

    /** What a policy is worth, and where it is looser than the profiles that it may replace. */
    public static ListWorth worth(PolicyDocument document, Circumstances here) {
        List<ListWorth.Compared> looser = new ArrayList<>();
        for (DefaultProfile profile : DefaultProfile.values()) {
            PolicyDocument usual = profile.document(here);
            List<String> lines =
                    Looser.between(usual, document, here).stream()
                            .map(each -> text(each, here.arch()))
                            .toList();
            int leaves = Worth.of(PolicyMeaning.of(usual, here)).reachable().size();
            looser.add(new ListWorth.Compared(profile.about(), leaves, lines));
        }
        return new ListWorth(Worth.of(PolicyMeaning.of(document, here)), looser);
    }

    private static String text(Looser looser, String arch) {
        String call = looser.difference().subject();
        return looser.difference()
                .text(text -> ValueNames.inWords(call, arch, text), looser.about());
    }

    private static Circumstances usual(Recording recording, Arch arch) {
        return new Circumstances(arch.name(), Set.of(), kernel(recording));
    }

    /** That of the recording, so that the same recording gives the same report everywhere. */
    private static KernelVersion kernel(Recording recording) {
        List<Run> runs = recording.runs();
        return runs.isEmpty()
                ? HostCircumstances.queryKernel()
                : KernelVersion.parse(runs.get(runs.size() - 1).machine().kernel())
                        .orElseGet(HostCircumstances::queryKernel);
    }

    /**
     * Reads the code of a program.
     *
     * @throws CommandFailure if that cannot be answered, or if the recording does not show it
     */
    public static ReachShown reach(Recording recording, Path executable) {
        Path program;
        try {
            program = executable.toRealPath();
        } catch (IOException e) {
            throw CommandFailure.ownFailure(executable + ": " + FileFailure.reason(e));
        }
        SeenCalls seen = SeenCalls.of(recording, program, SyscallDb.get().nativeArch());
        if (seen.numbers().isEmpty()) {
            throw CommandFailure.ownFailure(
                    ("--reach: %s: the recording does not show this executable (sandbox policy"
                                    + " report without --reach lists them)")
                            .formatted(program));
        }
        ReachResult result = ProgramReach.query(program, seen);
        PathWords words = new PathWords(program);
        List<ReachedCall> calls = new ArrayList<>();
        for (ReachableCall call : result.calls()) {
            calls.add(
                    new ReachedCall(
                            call.name(),
                            call.number(),
                            call.floor() && !call.isAskedFor(),
                            seen.numbers().contains(call.number()),
                            words.line(call),
                            SyscallDb.get().facts(call.name()).flatMap(f -> f.exercise())));
        }
        Arch arch = SyscallDb.get().archByName(result.arch()).orElseThrow();
        List<String> remarks = new ArrayList<>(result.remarks());
        if (!result.computed().isEmpty()) {
            remarks.add(
                    "places in the code whose call is computed and not known: "
                            + result.computed().size());
        }
        return new ReachShown(program.toString(), arch.auditArch(), calls, remarks);
    }
}
