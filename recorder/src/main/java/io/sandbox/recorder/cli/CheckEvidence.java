package io.sandbox.recorder.cli;

import io.sandbox.enforcer.format.PolicyMeaning;
import io.sandbox.recorder.ExitCodes;
import io.sandbox.recorder.LearnException;
import io.sandbox.recorder.Recorder;
import io.sandbox.recorder.RunPlan;
import io.sandbox.recorder.SourceChoice;
import io.sandbox.recorder.Supervisor;
import io.sandbox.recorder.evidence.Recording;
import io.sandbox.recorder.evidence.RunFilter;
import io.sandbox.recorder.log.LogEvidence;
import io.sandbox.recorder.log.LogFilter;
import io.sandbox.recorder.log.LogReader;
import io.sandbox.recorder.log.LogSource;
import io.sandbox.recorder.log.RotatedLogs;
import io.sandbox.recorder.source.FileFailure;
import io.sandbox.syscalldb.Arch;
import java.io.IOException;
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
            names = "--log",
            paramLabel = "FILE",
            description =
                    "A log, as sandbox-log reads it. It does not show what never reached it, so"
                            + " without --allow-gaps the status is 2. May be given several times.")
    private List<Path> logs = List.of();

    @Option(
            names = "--exe",
            paramLabel = "PATH",
            description = "Of --log, only the records of this executable.")
    private String exe;

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
        return !command.isEmpty() || !recordings.isEmpty() || !logs.isEmpty();
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
     * What the files hold together.
     *
     * @throws LearnException for a file that cannot be read or is no recording
     */
    Recording read() {
        if (exe != null && logs.isEmpty()) {
            throw failure("--exe: only with --log");
        }
        Recording known = RecordingFile.readAll(recordings);
        return logs.isEmpty() ? known : known.merge(readLogs());
    }

    private Recording readLogs() {
        LogFilter filter =
                new LogFilter(
                        Optional.ofNullable(exe),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Long.MIN_VALUE,
                        Long.MAX_VALUE);
        try (LogReader reader = new LogReader(filter, null, bytes -> {})) {
            for (Path log : RotatedLogs.inOrder(logs)) {
                try {
                    LogSource.of(log).readWith(reader);
                } catch (IOException e) {
                    throw failure(log + ": " + FileFailure.reason(e));
                }
            }
            return LogEvidence.of(reader.tally()).toRecording();
        }
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
                        true,
                        0);
        try (Recorder recorder = source.open(supervisor, keepLimits, report)) {
            return Recording.of(recorder.record(plan).run());
        }
    }

    private static LearnException failure(String message) {
        return new LearnException(ExitCodes.LOOKUP_ERROR, message);
    }
}
