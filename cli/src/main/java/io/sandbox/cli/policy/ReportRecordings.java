// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.cli.recording.RecordingFile;
import io.sandbox.cli.report.RecordingReport;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.learned.LearnedConditions;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.evidence.report.ReachShown;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.Action;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sandbox policy report}. */
final class ReportRecordings implements Callable<Integer> {
    final Options options = new Options("report", this);

    private final Value<List<String>> files = options.operands("FILE");

    private final Value<Path> reach = options.named("--reach").file();

    private final Value<Path> output = options.named("-o", "--output").file();

    @Override
    public Integer call() {
        try (ResultOutput out = ResultOutput.open(output.get())) {
            Recording recording = new Recording(List.of());
            for (String file : files.get()) {
                recording = RecordingFile.add(recording, file, PolicyInput.bytes(file));
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
        boolean isWhole = recording.isComplete() && learned.inexpressible().isEmpty();
        return isWhole
                ? Optional.of(PolicyDocument.of(learned.allowlist().toPolicy(Action.KILL)))
                : Optional.empty();
    }
}
