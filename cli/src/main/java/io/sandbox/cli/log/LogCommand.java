// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.log;

import io.sandbox.cli.Cli;
import io.sandbox.cli.learn.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Usage;
import io.sandbox.cli.options.UsageMistake;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ProgressBar;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.output.Styled;
import io.sandbox.enforcer.launch.ExitCodes;
import io.sandbox.enforcer.launch.FileFailure;
import io.sandbox.recorder.evidence.RecordingWriter;
import io.sandbox.recorder.log.LogEvidence;
import io.sandbox.recorder.log.LogFilter;
import io.sandbox.recorder.log.LogFollower;
import io.sandbox.recorder.log.LogReader;
import io.sandbox.recorder.log.LogSource;
import io.sandbox.recorder.log.LogTally;
import io.sandbox.recorder.log.RotatedLogs;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.Callable;

/** {@code sandbox-log}: what the seccomp records in logs say. */
public final class LogCommand implements Callable<Integer> {
    private static final int STDIN = 0;

    private final Options options = new Options("sandbox-log", this, LogCommand::usage);

    private final Value<String> exe = options.named("--exe").text("PATH", "Only this executable.");

    private final Value<String> comm =
            options.named("--comm")
                    .text("COMM", "Only this command name; any program can choose it.");

    private final Value<String> unit =
            options.named("--unit")
                    .text(
                            "UNIT",
                            "Only this systemd unit, as in nginx.service; for the journal"
                                + " (--journal, journalctl -o json or export), other logs do not"
                                + " name it.");

    private final Value<String> archName =
            options.named("--arch").text("ARCH", "Only calls of this architecture.");

    private final Value<String> since =
            options.named("--since").text("TIME", "Only records from then on.");

    private final Value<String> until =
            options.named("--until").text("TIME", "Only records up to then.");

    private final Value<ListFormat> format =
            options.named("--format")
                    .choice(
                            ListFormat.class,
                            "FORMAT",
                            "Print the calls as a list to allow, instead of the table. env: a line"
                                    + " for a shell, with quotes. envfile: a line for docker"
                                    + " --env-file, without.");

    private final Value<Boolean> partial =
            options.named("--partial")
                    .flag(
                            "Print the list even if records are missing or some do not fit; the"
                                    + " status stays 2.");

    private final Value<Boolean> records =
            options.named("--records")
                    .flag("Print each record as a line of JSON, in the order of the logs.");

    private final Value<Path> recording =
            options.named("--recording")
                    .file("Also write the evidence to FILE, as sandbox-learn does.");

    private final Value<Boolean> journal =
            options.named("--journal").flag("Read the system's journal, through journalctl.");

    private final Value<Boolean> follow =
            options.named("-f", "--follow")
                    .flag(
                            "Go on with what is written to the log (one FILE, across rotation; or"
                                    + " standard input, or --journal), and print each call that is"
                                    + " new for a program.");

    private final Value<Boolean> quiet =
            options.named("-q", "--quiet")
                    .flag("No notes and no progress; warnings and errors remain.");

    private final Value<List<Path>> files = options.files();

    private final Console console = new Console("sandbox-log");
    private final StandardOutput output = new StandardOutput();
    private boolean failed;

    private static Usage usage() {
        return Options.usage()
                .header("Shows what the seccomp records in logs say: who made which system calls.")
                .synopsis("sandbox-log [OPTIONS] [FILE...]")
                .description(
                        "Reads logs of auditd, ausearch, dmesg, syslog, the journal (short, json,"
                            + " export) and containers (Docker json-file, CRI), packed with gzip or"
                            + " zstd or not; standard input without FILE. Files of a rotated set"
                            + " are read oldest first:",
                        "    sandbox-log /var/log/audit/audit.log*",
                        "prints a table of executables, and below each the calls that left a"
                            + " record. Signs that records are missing go to standard error. In a"
                            + " text log, and in what containers print, a record is only as good as"
                            + " whoever may write there. The records by which sandbox-learn tests"
                            + " whether records arrive are left out, except by --records.")
                .section("Times", PointInTime.FORMS)
                .exitStatus(
                        "0 records were found, 1 none, 2 an error, none that could be read, or a"
                                + " list that would be incomplete.");
    }

    public static Options options() {
        return new LogCommand().options;
    }

    public static void main(String[] arguments) {
        System.exit(Cli.runLookup(options(), arguments));
    }

    @Override
    public Integer call() {
        checkOptions();
        long sinceMillis = Long.MIN_VALUE;
        long untilMillis = Long.MAX_VALUE;
        if (since.isGiven() || until.isGiven()) {
            ZonedDateTime now = ZonedDateTime.now();
            sinceMillis = since.isGiven() ? time("--since", since.get(), now) : sinceMillis;
            untilMillis = until.isGiven() ? time("--until", until.get(), now) : untilMillis;
        }
        if (sinceMillis > untilMillis) {
            throw usage("--since is after --until");
        }
        LogFilter filter =
                new LogFilter(
                        exe.optional(),
                        comm.optional(),
                        unit.optional(),
                        archName.optional().map(this::arch),
                        sinceMillis,
                        untilMillis);
        List<LogSource> sources = sources(sinceMillis);
        if (follow.get()) {
            return followed(sources.get(0), filter);
        }
        try (ResultOutput file = recording.isGiven() ? ResultOutput.open(recording.get()) : null) {
            return summarised(sources, filter, file);
        }
    }

    private void checkOptions() {
        if (format.isGiven() && records.get()) {
            throw usage("--format and --records: only one can be printed");
        }
        if (follow.get() && (format.isGiven() || recording.isGiven())) {
            throw usage("--follow does not end, so it makes neither a list nor a recording");
        }
        if (follow.get() && files.get().size() > 1) {
            throw usage("--follow takes one file");
        }
        if (journal.get() && files.isGiven()) {
            throw usage("--journal and FILE: only one can be read");
        }
        if (partial.get() && !format.isGiven()) {
            throw usage("--partial is for --format");
        }
        if (!journal.get() && !files.isGiven() && StandardOutput.isTerminal(STDIN)) {
            throw usage("no FILE given (try: sandbox-log /var/log/audit/audit.log, or --journal)");
        }
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

    /** Prints the list, unless it would mislead; false if it does. */
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
            output.print(format.get().line(list.allowlist()) + "\n");
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
        LogFollower follower =
                new LogFollower(filter, new FollowPrinter(console, output, records.get()));
        try {
            source.followWith(follower);
        } catch (IOException e) {
            sayTrouble(source, e);
        }
        if (failed) {
            return ExitCodes.LOOKUP_ERROR;
        }
        return follower.tally().records() > 0 ? ExitCodes.OK : ExitCodes.NOTHING_FOUND;
    }
}
