// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.PointInTime;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.drift.Drift;
import io.sandbox.evidence.drift.DriftComparison;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.recorder.log.LogEvidence;
import io.sandbox.recorder.log.LogFilter;
import io.sandbox.recorder.log.LogReader;
import io.sandbox.recorder.log.LogSource;
import io.sandbox.recorder.log.LogTally;
import io.sandbox.recorder.log.RotatedLogs;
import io.sandbox.recorder.machine.Systemd;
import io.sandbox.recorder.run.BpfRecorder;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.RunPlan;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/** The options for the evidence of a check or a review: a program to run, recordings and logs. */
public final class GivenEvidence {
    private final Value<List<Path>> recordings;
    private final Value<List<Path>> logs;
    private final Value<List<String>> exe;
    private final Value<Boolean> elsewhere;
    private final Value<String> after;
    private final RunOptions run;
    private final Value<String> service;
    private final DriveOptions drive;
    private final Value<Duration> duration;
    private final WindowOptions window;
    private final Value<List<String>> command;

    /** Null until it is needed. */
    private SandboxExec sandboxExec;

    /** Null until it is needed. */
    private RecordedNames names;

    public GivenEvidence(Options options) {
        recordings = options.named("--evidence").files();
        logs = options.named("--log").files();
        exe = options.named("--exe").texts("PATH");
        elsewhere = options.named("--elsewhere").rare().flag();
        after = options.named("--since").with(PointInTime.FORMS).text("TIME");
        run = new RunOptions(options);
        service = options.named("--service").text("UNIT");
        drive = new DriveOptions(options, true);
        duration = TimeSpan.ofRun(options);
        window = new WindowOptions(options);
        command = options.words("PROGRAM");
    }

    /** Throws {@link CommandFailure} if there is none; {@code advice} is what to do without it. */
    public void requireGiven(String advice) {
        Options.refuseIf(elsewhere.get() && !exe.isGiven(), "--elsewhere: only with --exe");
        Options.refuseIf(
                !runsProgram() && !window.isGiven() && !recordings.isGiven() && !logs.isGiven(),
                "nothing to compare the policy with: give a program after --, or --evidence,"
                        + " --log or --pid (see -h)"
                        + advice);
    }

    public boolean isMoreThanLogs() {
        return runsProgram() || window.isGiven() || recordings.isGiven();
    }

    public List<Path> logs() {
        return logs.get();
    }

    public boolean hasRecordings() {
        return recordings.isGiven();
    }

    /** The name or id of the container that is meant. */
    public Optional<String> container() {
        return window.container();
    }

    public Optional<String> unit() {
        return window.unit();
    }

    /**
     * From when on records of logs count; empty for all.
     *
     * @throws CommandFailure if that is no time
     */
    public Optional<Instant> after() {
        try {
            return after.optional()
                    .map(text -> PointInTime.parse(text, ZonedDateTime.now()))
                    .map(Instant::ofEpochMilli);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.ownFailure("--since: " + after.get() + ": " + e.getMessage());
        }
    }

    public boolean runsProgram() {
        return command.isGiven() || service.isGiven();
    }

    /** The program and its arguments; empty without one. */
    public List<String> command() {
        return command.get();
    }

    /**
     * The architecture of the program, or else that of the options.
     *
     * @throws CommandFailure if the program cannot be run, or has another one than the options say
     */
    public Arch arch(PolicyPlace place) {
        Optional<Arch> ofProgram = programArch();
        if (ofProgram.isPresent() && place.hasArch() && !ofProgram.get().equals(place.arch())) {
            throw CommandFailure.ownFailure("--arch: the program is for " + ofProgram.get().name());
        }
        return ofProgram.orElseGet(place::arch);
    }

    /** All of it together; runs the program, if there is one. */
    public Recording query(PolicyMeaning policy, Arch arch, Console console) {
        RunReport report = new RunReport(console, true, false, any -> List.of());
        Recording files = read();
        Recording known = recordWindow(report).map(files::merge).orElse(files);
        return runsProgram() ? known.merge(record(policy, arch, report)) : known;
    }

    /** Throws {@link CommandFailure} if a run of the recording has no list. */
    public static Drift compare(Recording recording, PolicyMeaning policy) {
        try {
            return DriftComparison.of(recording, policy);
        } catch (PolicySyntaxException e) {
            throw CommandFailure.ownFailure("not a recording: allowed: " + e.getMessage());
        }
    }

    /** Empty if no program is given. */
    private Optional<Arch> programArch() {
        Options.refuseIf(
                service.isGiven() && run.isGiven(),
                "--service: cannot be used with --source or --from, since systemd starts the"
                        + " program, and a filter asks about each call");
        run.source();
        drive.check(run.tests());
        Options.refuseIf(
                run.tests() && (service.isGiven() || !command.isGiven()),
                "--tests: only with a program that is started here, since it must be told to"
                        + " mark its tests");
        if (service.isGiven() && !command.isGiven()) {
            return Optional.of(SyscallDb.get().nativeArch());
        }
        return command.isGiven()
                ? Optional.of(sandboxExec().inspect(command.get().size(), from()))
                : Optional.empty();
    }

    private FilterStart from() {
        return service.isGiven() ? FilterStart.EXEC : run.from();
    }

    private SandboxExec sandboxExec() {
        if (sandboxExec == null) {
            sandboxExec = new SandboxExec();
        }
        return sandboxExec;
    }

    /** Records what runs already, until its end, --duration or Ctrl-C; empty if not asked. */
    private Optional<Recording> recordWindow(RunReport report) {
        Options.refuseIf(
                window.isGiven() && runsProgram(),
                "give only one of: a program, --pid, --cgroup, --unit, --container");
        return window.target()
                .map(
                        target -> {
                            try (BpfRecorder recorder = BpfRecorder.open(sandboxExec(), report)) {
                                return Recording.of(
                                        recorder.recordWindow(
                                                        target,
                                                        duration.optional(),
                                                        true,
                                                        ArgumentDetail.MANY_VALUES)
                                                .run());
                            }
                        });
    }

    /**
     * The evidence of all files together.
     *
     * @throws CommandFailure for a file that cannot be read or is no recording
     */
    public Recording read() {
        Options.refuseIf(
                (exe.isGiven() || after.isGiven()) && !logs.isGiven(),
                "--exe, --since: only with --log");
        Recording known = RecordingFile.readAll(recordings.get());
        return logs.isGiven() ? known.merge(readLogs()) : known;
    }

    /** The names in records of the wanted executables. */
    public RecordedNames recordedNames() {
        if (names == null) {
            names =
                    elsewhere.get()
                            ? RecordedNames.elsewhere(exe.get())
                            : RecordedNames.query(exe.get());
        }
        return names;
    }

    /** The records of logs that count: those from a time on, or all. */
    public LogFilter filter(Optional<Instant> since) {
        return new LogFilter(
                recordedNames().names(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                since.map(Instant::toEpochMilli).orElse(Long.MIN_VALUE),
                Long.MAX_VALUE);
    }

    private Recording readLogs() {
        return LogEvidence.of(tally(sources(logs.get()), filter(after()), false)).toRecording();
    }

    /**
     * Counts the records of logs.
     *
     * @param byHost whether the same program counts for each host
     * @throws CommandFailure for a log that cannot be read
     */
    public static LogTally tally(List<LogSource> logs, LogFilter filter, boolean byHost) {
        try (LogReader reader = new LogReader(filter, byHost)) {
            for (LogSource log : logs) {
                try {
                    log.readWith(reader);
                } catch (IOException e) {
                    throw CommandFailure.ownFailure(log.name() + ": " + FileFailure.reason(e));
                }
            }
            return reader.tally();
        }
    }

    /** The files in the order in which they were written. */
    public static List<LogSource> sources(List<Path> logs) {
        return RotatedLogs.inOrder(logs).stream().map(LogSource::of).toList();
    }

    /**
     * Runs the program. The filter lets exactly those calls pass without a record that the policy
     * allows with certain arguments only. So a record of such a call means other arguments.
     */
    private Recording record(PolicyMeaning policy, Arch arch, RunReport report) {
        if (service.isGiven()) {
            try (ServiceTarget mode =
                            new ServiceTarget(
                                    sandboxExec(),
                                    Systemd.SYSTEM,
                                    service.get(),
                                    run.source(),
                                    ServiceTarget.Hardening.NONE,
                                    report.console());
                    Recorder recorder = mode.open(sandboxExec(), report)) {
                return record(policy, arch, recorder);
            }
        }
        Options.refuseIf(
                run.tests() && !plan(policy, arch, ArgumentDetail.NONE).seesTests(),
                "--tests: the policy allows lseek under conditions. The marks of tests are"
                        + " calls of lseek, so they cannot be seen (leave --tests out)");
        try (Recorder recorder = run.source().open(sandboxExec(), run.keepLimits(), report)) {
            return record(policy, arch, recorder);
        }
    }

    private Recording record(PolicyMeaning policy, Arch arch, Recorder recorder) {
        Recorder.Result result = recorder.record(plan(policy, arch, ArgumentDetail.MANY_VALUES));
        result.driven().requireWell();
        return Recording.of(result.asJudged());
    }

    private RunPlan plan(PolicyMeaning policy, Arch arch, ArgumentDetail arguments) {
        return new RunPlan(
                command.get(),
                arch,
                from(),
                true,
                false,
                new RunFilter(false, policy.conditionalEntries()),
                duration.optional(),
                true,
                arguments,
                run.tests(),
                drive.drive());
    }
}
