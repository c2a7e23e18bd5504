// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.Cli;
import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.recording.DriveOptions;
import io.sandbox.cli.recording.RunOptions;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.recorder.run.SourceChoice;
import io.sandbox.syscalldb.Arch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sandbox learn-container}: records the containers that a command starts. */
public final class LearnContainerCommand implements Callable<Integer> {
    private final Options options = new Options("sandbox learn-container", this);
    private final ListOptions list =
            new ListOptions(options, ListFormat.OCI)
                    .withReport(options)
                    .withBound(options)
                    .withArguments(options)
                    .withFiles(options);
    private final SeriesOptions series = new SeriesOptions(options);
    private final Value<String> runtime = ContainerTarget.runtimeOption(options);
    private final DriveOptions drive = DriveOptions.ofContainer(options);
    private final Value<SourceChoice> source = RunOptions.sourceOption(options);
    private final Value<Boolean> withoutExec = ContainerTarget.withoutExecOption(options);
    private final Value<Duration> duration = TimeSpan.ofRun(options);
    private final Value<List<String>> command = options.words("PROGRAM");

    public static Options options() {
        return new LearnContainerCommand().options;
    }

    public static void main(String[] arguments) {
        Cli.runSupervised(options(), arguments);
    }

    @Override
    public Integer call() {
        Options.refuseIf(
                command.get().isEmpty(),
                "no command given (try: sandbox learn-container podman run IMAGE, or -h)");
        list.check();
        series.check();
        drive.check(false);
        Options.refuseIf(
                series.verifies() && list.format() != ListFormat.OCI,
                "--verify proves a list of --to oci, which starts the container");
        SandboxExec sandboxExec = new SandboxExec();
        Arch arch = sandboxExec.inspect(command.get().size(), FilterStart.EXEC);
        try (ContainerTarget target =
                new ContainerTarget(
                        sandboxExec,
                        command.get(),
                        runtime.optional(),
                        source.get(),
                        withoutExec.get(),
                        arch,
                        list.console())) {
            if (target.restarts()) {
                list.console().say("a restart 5 s after the last end is not recorded");
            }
            if (series.areSeveral() || series.verifies()) {
                target.again().ifPresent(list.console()::say);
            }
            return new Learning(sandboxExec, target, list, series, Optional.empty())
                    .learn(
                            command.get(),
                            arch,
                            duration.optional(),
                            drive.drive(),
                            Optional.empty());
        }
    }
}
