// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Usage;
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
    final Options options = new Options("report", this, ReportRecordings::usage);

    private final Value<List<String>> files =
            options.operands(
                    "FILE", "Recordings of sandbox learn. The name - means standard input.");

    private final Value<Path> reach =
            options.named("--reach")
                    .file(
                            "Also read the code of this executable. FILE is one of the "
                                    + "recording. The page then shows which calls it can make, as "
                                    + "sandbox reach does. This can take seconds.");

    private final Value<Path> output =
            options.named("-o", "--output").file("Write to FILE, not to standard output.");

    private static Usage usage() {
        return Options.usage()
                .header("Makes one HTML page that shows what recordings contain.")
                .synopsis("sandbox policy report [OPTIONS] RECORDING...")
                .description(
                        "The page shows the verdict and the reasons for doubt, when each program"
                            + " first made each call, how the list grew from run to run, a table of"
                            + " all calls (with risk, count and origin), and the list in each"
                            + " format. The page loads nothing from the network. The names of"
                            + " functions come from the files of this machine.");
    }

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
