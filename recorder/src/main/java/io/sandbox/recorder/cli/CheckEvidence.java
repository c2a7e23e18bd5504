package io.sandbox.recorder.cli;

import io.sandbox.enforcer.format.PolicyMeaning;
import io.sandbox.recorder.LearnException;
import io.sandbox.recorder.Recorder;
import io.sandbox.recorder.RunPlan;
import io.sandbox.recorder.SourceChoice;
import io.sandbox.recorder.Supervisor;
import io.sandbox.recorder.evidence.Recording;
import io.sandbox.recorder.evidence.RunFilter;
import io.sandbox.syscalldb.Arch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options that say what a policy is held against: a program that is run, and recordings. */
final class CheckEvidence {
    @Option(
            names = "--recording",
            paramLabel = "FILE",
            description =
                    "Evidence of sandbox-learn --recording. May be given several times, and"
                            + " together with a program.")
    private List<Path> recordings = List.of();

    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            defaultValue = "auto",
            description = "Where records of the program come from, as for sandbox-learn.")
    private SourceChoice source;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            defaultValue = "preload",
            description =
                    "Where the policy begins to count: preload with libsandbox.so; exec or entry"
                            + " with sandboxify --from the same.")
    private Supervisor.From from;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = TimeSpan.Converter.class,
            description =
                    "End the program after TIME, as in 90s, 5m or 1h, by SIGTERM, and 10 s later by"
                            + " SIGKILL. For services.")
    private Duration duration;

    @Option(
            names = "--keep-limits",
            description = "Leave kernel.printk_ratelimit alone, as for sandbox-learn.")
    private boolean keepLimits;

    @Parameters(hidden = true)
    private List<String> command = List.of();

    private final Supervisor supervisor = new Supervisor();

    boolean isGiven() {
        return !command.isEmpty() || !recordings.isEmpty();
    }

    boolean runsProgram() {
        return !command.isEmpty();
    }

    List<String> command() {
        return command;
    }

    /**
     * The architecture of the program; empty if there is none.
     *
     * @throws LearnException if it cannot be run
     */
    Optional<Arch> programArch() {
        return runsProgram()
                ? Optional.of(supervisor.inspect(command.size(), from))
                : Optional.empty();
    }

    /**
     * @throws LearnException for a file that is no recording
     */
    Recording read() {
        return RecordingFile.readAll(recordings);
    }

    /**
     * Runs the program. What the policy allows for some arguments only passes unseen, and no more
     * than that, so that a record of such a call is one of other arguments.
     */
    Recording record(PolicyMeaning policy, Arch arch, RunReport report) {
        RunPlan plan =
                new RunPlan(
                        command,
                        arch,
                        from,
                        true,
                        false,
                        new RunFilter(false, policy.conditionalEntries()),
                        Optional.ofNullable(duration),
                        true);
        try (Recorder recorder = source.open(supervisor, keepLimits, report)) {
            return Recording.of(recorder.record(plan).run());
        }
    }
}
