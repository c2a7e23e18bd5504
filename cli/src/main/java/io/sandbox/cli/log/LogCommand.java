// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.log;

import io.sandbox.cli.Cli;
import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.PointInTime;
import io.sandbox.cli.options.UsageMistake;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ProgressBar;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.output.Styled;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.outcome.FileFailure;
import io.sandbox.recorder.log.LogEvidence;
import io.sandbox.recorder.log.LogFilter;
import io.sandbox.recorder.log.LogFollower;
import io.sandbox.recorder.log.LogReader;
import io.sandbox.recorder.log.LogSource;
import io.sandbox.recorder.log.LogTally;
import io.sandbox.recorder.log.RotatedLogs;
import io.sandbox.recorder.run.Canary;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.Callable;

/** {@code sandbox log}: shows the seccomp records in logs. */
public final class LogCommand implements Callable<Integer> {
    private static final int STDIN = 0;

    /** The file command/main.c knows this option too, by which sandbox-exec is there to ask. */
    private static final String CANARY = "--canary";

    private final Options options = new Options("sandbox log", this).with(() -> PointInTime.FORMS);

    private final Value<String> exe = options.named("--exe").text("PATH");

    private final Value<String> comm = options.named("--comm").text("COMM");

    private final Value<String> host = options.named("--host").text("HOST");

    private final Value<String> unit = options.named("--in-unit").text("UNIT");

    private final Value<String> archName = options.named("--arch").text("ARCH");

    private final Value<String> since = options.named("--since").text("TIME");

    private final Value<String> until = options.named("--until").text("TIME");

    private final Value<ListFormat> format = ListFormat.option(options);

    private final Value<Boolean> partial = options.named("--partial").flag();

    private final Value<Boolean> records = options.named("--records").flag();

    private final Value<Path> recording = options.named("--recording").file();

    private final Value<Boolean> journal = options.named("--journal").flag();

    private final Value<Boolean> follow = options.named("-f", "--follow").flag();

    private final Value<Path> metrics = options.named("--metrics").file();

    private final Value<Boolean> canary = options.named(CANARY).flag();

    private final Value<Boolean> quiet = options.named("-q", "--quiet").flag();

    private final Value<List<Path>> files = options.files();

    private final Console console = new Console("sandbox log");
    private final StandardOutput output = new StandardOutput();
    private boolean failed;

    public static Options options() {
        return new LogCommand().options;
    }

    public static void main(String[] arguments) {
        if (List.of(arguments).contains(CANARY)) {
            Cli.runSupervised(options(), ExitCodes.LOOKUP_ERROR, arguments);
        }
        System.exit(Cli.runLookup(options(), arguments));
    }

    @Override
    public Integer call() {
        if (canary.get()) {
            options.mistakeIf(
                    options.given().size() > 1, "--canary takes no FILE and no other option");
            Canary.make(new SandboxExec());
            return ExitCodes.OK;
        }
        checkOptions();
        long sinceMillis = Long.MIN_VALUE;
        long untilMillis = Long.MAX_VALUE;
        if (since.isGiven() || until.isGiven()) {
            ZonedDateTime now = ZonedDateTime.now();
            sinceMillis = since.isGiven() ? time("--since", since.get(), now) : sinceMillis;
            untilMillis = until.isGiven() ? time("--until", until.get(), now) : untilMillis;
        }
        options.mistakeIf(sinceMillis > untilMillis, "--since is after --until");
        LogFilter filter =
                new LogFilter(
                        exe.optional().stream().toList(),
                        comm.optional(),
                        host.optional(),
                        unit.optional(),
                        archName.optional().map(this::arch),
                        sinceMillis,
                        untilMillis);
        List<LogSource> sources = sources(sinceMillis);
        if (follow.get()) {
            return followed(sources.get(0), filter);
        }
        try (ResultOutput file = ResultOutput.openIfGiven(recording.get())) {
            return summarised(sources, filter, file);
        }
    }

    private void checkOptions() {
        options.mistakeIf(
                format.isGiven() && records.get(), "--to and --records: only one can be printed");
        options.mistakeIf(
                follow.get() && (format.isGiven() || recording.isGiven()),
                "--follow does not end, so it makes neither a list nor a recording");
        options.mistakeIf(follow.get() && files.get().size() > 1, "--follow takes one file");
        options.mistakeIf(metrics.isGiven() && !follow.get(), "--metrics is for --follow");
        options.mistakeIf(
                journal.get() && files.isGiven(), "--journal and FILE: only one can be read");
        options.mistakeIf(partial.get() && !format.isGiven(), "--partial is for --to");
        options.mistakeIf(
                !journal.get() && !files.isGiven() && StandardOutput.isTerminal(STDIN),
                "no FILE given (try: sandbox log /var/log/audit/audit.log, or --journal)");
    }

    private UsageMistake usage(String message) {
        return options.mistake(message);
    }

    private long time(String option, String text, ZonedDateTime now) {
        try {
            return PointInTime.parse(text, now);
        } catch (IllegalArgumentException e) {
            throw usage(option + ": " + text + ": " + e.getMessage());
        }
    }

    private Arch arch(String name) {
        return SyscallDb.get()
                .archByName(name)
                .orElseThrow(() -> usage("--arch: " + name + ": unknown architecture"));
    }

    private List<LogSource> sources(long sinceMillis) {
        if (journal.get()) {
            return List.of(LogSource.journal(sinceMillis));
        }
        return !files.isGiven()
                ? List.of(LogSource.standardInput())
                : RotatedLogs.inOrder(files.get()).stream().map(LogSource::of).toList();
    }

    private int summarised(List<LogSource> sources, LogFilter filter, ResultOutput file) {
        LogTally tally = read(sources, filter);
        LogReport report = new LogReport(console, quiet.get());
        report.sayDoubts(tally, unit.isGiven());
        if (!records.get() || file != null) {
            report.sayTestRecords(tally);
        }
        boolean trustworthy = true;
        if (format.isGiven()) {
            trustworthy = printList(tally, report);
        } else {
            report.sayGaps(tally);
            if (!records.get() && tally.records() > 0) {
                output.print(table(tally));
            }
        }
        if (file != null) {
            file.write(RecordingWriter.write(LogEvidence.of(tally).toRecording()));
        }
        if (failed || !trustworthy) {
            return ExitCodes.LOOKUP_ERROR;
        }
        if (tally.records() > 0 || records.get() && tally.testRecords() > 0) {
            return ExitCodes.OK;
        }
        if (tally.malformed() > 0 && tally.unwanted() == 0) {
            return ExitCodes.LOOKUP_ERROR;
        }
        report.sayNothingFound(tally, exe.optional());
        return ExitCodes.NOTHING_FOUND;
    }

    private LogTally read(List<LogSource> sources, LogFilter filter) {
        ProgressBar progress = new ProgressBar(sources.stream().mapToLong(LogSource::size).sum());
        LogReader.Progress heard = quiet.get() ? bytes -> {} : progress;
        try (LogReader reader =
                new LogReader(filter, records.get() ? output.stream() : null, heard)) {
            for (LogSource source : sources) {
                try {
                    source.readWith(reader);
                } catch (IOException e) {
                    progress.clear();
                    sayTrouble(source, e);
                }
            }
            return reader.tally();
        } finally {
            progress.clear();
        }
    }

    private void sayTrouble(LogSource source, IOException e) {
        failed = true;
        console.say(source.name() + ": " + FileFailure.reason(e));
    }

    /** Prints the list, unless it is incomplete. Returns whether it is complete. */
    private boolean printList(LogTally tally, LogReport report) {
        if (tally.records() == 0) {
            report.sayGaps(tally);
            return true;
        }
        List<String> doubts = new ArrayList<>(tally.gaps());
        if (tally.containerRecords() > 0) {
            doubts.add("some records may be the work of what runs in a container");
        }
        LogList list = LogList.of(LogEvidence.of(tally), doubts, failed);
        if (list.problems().isEmpty() || partial.get()) {
            output.write(format.get().write(list.allowlist(), list.arch(), console));
        }
        report.sayList(list, partial.get());
        return list.problems().isEmpty();
    }

    private String table(LogTally tally) {
        int width =
                StandardOutput.isTerminal(StandardOutput.DESCRIPTOR)
                        ? StandardOutput.columns(StandardOutput.DESCRIPTOR)
                        : 0;
        return new LogTable(TimeZone.getDefault(), Styled.forStandardOutput(), width).format(tally);
    }

    private int followed(LogSource source, LogFilter filter) {
        FollowPrinter printer = new FollowPrinter(console, output, records.get());
        LogFollower follower;
        try (MetricsFile file =
                metrics.isGiven() ? MetricsFile.open(metrics.get(), console, printer) : null) {
            follower =
                    file == null
                            ? new LogFollower(filter, printer)
                            : new LogFollower(filter.andCanaries(), file);
            source.followWith(follower);
        } catch (IOException e) {
            sayTrouble(source, e);
            return ExitCodes.LOOKUP_ERROR;
        }
        return follower.tally().records() > 0 ? ExitCodes.OK : ExitCodes.NOTHING_FOUND;
    }
}
