// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.Cli;
import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.recording.DriveOptions;
import io.sandbox.cli.recording.RunOptions;
import io.sandbox.cli.recording.ServiceTarget;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.recorder.machine.Systemd;
import io.sandbox.recorder.run.SourceChoice;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sandbox learn-service}: restarts a service of systemd and records it. */
public final class LearnServiceCommand implements Callable<Integer> {
    private final Options options = new Options("sandbox learn-service", this);
    private final ListOptions list =
            new ListOptions(options, ListFormat.SYSTEMD)
                    .withReport(options)
                    .withArguments(options)
                    .withFiles(options);
    private final SeriesOptions series = new SeriesOptions(options);
    private final Value<SourceChoice> source = RunOptions.sourceOption(options);
    private final DriveOptions drive = DriveOptions.ofService(options);
    private final Value<Boolean> ofUser = options.named("--user").flag();
    private final Value<Boolean> hardens = options.named("--harden").flag();
    private final Value<Boolean> hardensMore = options.named("--harden=more").flag();
    private final Value<Duration> duration = TimeSpan.ofRun(options);
    private final Value<List<String>> words = options.words("UNIT", "PROGRAM");

    public static Options options() {
        return new LearnServiceCommand().options;
    }

    public static void main(String[] arguments) {
        Cli.runSupervised(options(), arguments);
    }

    private ServiceTarget.Hardening hardening() {
        return hardensMore.get()
                ? ServiceTarget.Hardening.MORE
                : hardens.get() ? ServiceTarget.Hardening.PROVED : ServiceTarget.Hardening.NONE;
    }

    @Override
    public Integer call() {
        Options.refuseIf(
                words.get().isEmpty(), "no unit given (try: sandbox learn-service nginx, or -h)");
        List<String> command = Options.behind(words.get());
        list.check();
        series.check();
        drive.check(false);
        Options.refuseIf(
                drive.drives() && !command.isEmpty(),
                "--ready and --exercise: without PROGRAM (give it as --exercise)");
        Options.refuseIf(
                series.verifies() && list.format() != ListFormat.SYSTEMD,
                "--verify proves a list of --to systemd, under which the unit is restarted");
        ServiceTarget.Hardening hardening = hardening();
        if (hardening != ServiceTarget.Hardening.NONE) {
            Options.refuseIf(
                    ofUser.get(),
                    "--harden: a user's systemd cannot put most of these settings in force");
            Options.refuseIf(
                    list.format() != ListFormat.SYSTEMD, "--harden makes a drop-in: --to systemd");
            list.harden(source.get() != SourceChoice.NOTIFY);
        }
        Options.refuseIf(
                list.arguments().exact() && list.format() == ListFormat.SYSTEMD,
                "--args: SystemCallFilter= has no conditions (for the values: --to env)");
        SandboxExec sandboxExec = new SandboxExec();
        Arch arch =
                command.isEmpty()
                        ? SyscallDb.get().nativeArch()
                        : sandboxExec.inspect(command.size(), FilterStart.EXEC);
        try (ServiceTarget target =
                new ServiceTarget(
                        sandboxExec,
                        ofUser.get() ? Systemd.USER : Systemd.SYSTEM,
                        words.get().get(0),
                        source.get(),
                        hardening,
                        list.console())) {
            return new Learning(sandboxExec, target, list, series, Optional.empty())
                    .learn(command, arch, duration.optional(), drive.drive(), Optional.empty());
        }
    }
}
