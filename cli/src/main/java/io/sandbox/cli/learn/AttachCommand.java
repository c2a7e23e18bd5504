// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.Cli;
import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.cli.recording.WindowOptions;
import io.sandbox.cli.report.RecordingReport;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.recorder.run.WindowTarget;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code sandbox attach}: records processes that run already. */
public final class AttachCommand implements Callable<Integer> {
    private final Options options = new Options("sandbox attach", this);
    private final WindowOptions window = new WindowOptions(options);
    private final ListOptions list =
            new ListOptions(options, ListFormat.ENV).withReport(options).withFiles(options);
    private final Value<Duration> duration = TimeSpan.ofRun(options);

    public static Options options() {
        return new AttachCommand().options;
    }

    public static void main(String[] arguments) {
        Cli.runRecorder(options(), ExitCodes.OWN_FAILURE, arguments);
    }

    @Override
    public Integer call() {
        Optional<WindowTarget> target = window.target();
        Options.refuseIf(
                target.isEmpty(),
                "nothing given to attach to: --pid, --cgroup, --unit or --container");
        list.check();
        try (ResultOutput listed = ResultOutput.open(list.output.get());
                ResultOutput recorded = ResultOutput.openIfGiven(list.recordingFile.get());
                ResultOutput reported = ResultOutput.openIfGiven(list.reportFile())) {
            WindowLearning learning = new WindowLearning(list);
            learning.record(new SandboxExec(), target.get(), duration.optional());
            Recording recording = learning.recording();
            if (recorded != null) {
                recorded.write(RecordingWriter.write(recording));
            }
            boolean printed = learning.isTrustworthy() || list.partial.get();
            LearnedLists lists = list.lists();
            Arch arch = SyscallDb.get().nativeArch();
            LearnedPolicy policy = learning.policy();
            if (reported != null) {
                Optional<PolicyDocument> document =
                        printed
                                ? Optional.of(lists.document(recording, policy, arch, Map.of()))
                                : Optional.empty();
                reported.write(
                        RecordingReport.write(
                                recording, arch, List.of(), document, Optional.empty()));
            }
            if (printed) {
                listed.write(
                        list.perExecutable.get()
                                ? lists.writeEach(recording)
                                : lists.write(recording, policy, arch, Set.of(), Map.of()));
            }
            return learning.isTrustworthy() ? ExitCodes.OK : ExitCodes.OWN_FAILURE;
        }
    }
}
