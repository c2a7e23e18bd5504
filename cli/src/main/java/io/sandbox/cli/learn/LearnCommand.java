// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.Cli;
import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.recording.DriveOptions;
import io.sandbox.cli.recording.RunOptions;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.Variation;
import io.sandbox.syscalldb.Arch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sandbox learn}: runs a program and prints the system calls that it needs. */
public final class LearnCommand implements Callable<Integer> {
    private final Options options = new Options("sandbox learn", this);
    private final ListOptions list =
            new ListOptions(options, ListFormat.ENV)
                    .withReport(options)
                    .withBound(options)
                    .withArguments(options)
                    .withFiles(options);
    private final SeriesOptions series = new SeriesOptions(options);
    private final StateOptions states = new StateOptions(options);
    private final RunOptions run = new RunOptions(options);
    private final DriveOptions drive = new DriveOptions(options, false);
    private final Value<Duration> duration = TimeSpan.ofRun(options);
    private final Value<List<String>> command = options.words("PROGRAM");

    public static Options options() {
        return new LearnCommand().options;
    }

    public static void main(String[] arguments) {
        Cli.begin(Recorder::load);
        Cli.runSupervised(options(), arguments);
    }

    @Override
    public Integer call() {
        check();
        SandboxExec sandboxExec = new SandboxExec();
        if (states.isDry()) {
            Variation variation = states.variation(sandboxExec, drive.drive());
            String list = states.list(variation);
            new StandardOutput().print(list + series.extent(variation.possible()));
            return ExitCodes.OK;
        }
        Arch arch = sandboxExec.inspect(command.get().size(), run.from());
        Optional<Variation> variation =
                series.isThorough()
                        ? Optional.of(states.variation(sandboxExec, drive.drive()))
                        : Optional.empty();
        ProgramTarget target = new ProgramTarget(command.get(), run, list);
        return new Learning(sandboxExec, target, list, series, variation)
                .learn(command.get(), arch, duration.optional(), drive.drive(), Optional.of(run));
    }

    private void check() {
        if (states.areGiven()) {
            Options.refuseIf(!series.isThorough(), "--vary and --dry-run are for --thorough");
            states.wanted();
        }
        Options.refuseIf(
                command.get().isEmpty() && !states.isDry(),
                "no program given (try: sandbox learn ls /, or -h)");
        list.check();
        series.check();
        run.source();
        drive.check(run.tests());
        Options.refuseIf(
                list.atMost().isGiven() && series.verifies(),
                "--at-most: no --verify, which proves the list as it was learned (run the"
                        + " program under the printed list: sandbox run)");
        Options.refuseIf(
                run.tests() && !list.isDetailed(),
                "--tests: add --recording FILE or --report FILE, which say it");
        if (run.tests() && series.isUntilQuiet()) {
            throw CommandFailure.ownFailure(
                    "--tests: no "
                            + (series.isThorough() ? "--thorough" : "--until-quiet")
                            + ", which looks at new calls only (take --runs N)");
        }
    }
}
