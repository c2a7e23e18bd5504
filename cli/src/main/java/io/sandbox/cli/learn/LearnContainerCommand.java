// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.Cli;
import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Usage;
import io.sandbox.cli.options.Value;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.syscalldb.Arch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sandbox learn-container}: records the containers that a command starts. */
public final class LearnContainerCommand implements Callable<Integer> {
    private final Options options =
            new Options("sandbox learn-container", this, LearnContainerCommand::usage);
    private final ListOptions list =
            new ListOptions(options, ListFormat.OCI)
                    .withReport(options)
                    .withBound(options)
                    .withArguments(options);
    private final SeriesOptions series = new SeriesOptions(options);
    private final Value<String> runtime = ContainerTarget.runtimeOption(options);
    private final Value<Duration> duration = TimeSpan.ofRun(options);
    private final Value<List<String>> command = options.words("PROGRAM");

    public static Options options() {
        return new LearnContainerCommand().options;
    }

    public static void main(String[] arguments) {
        Cli.runSupervised(options(), arguments);
    }

    private static Usage usage() {
        return Options.usage()
                .header("Records the containers that a command starts, and prints a profile.")
                .synopsis("sandbox learn-container [OPTIONS] [--] podman run ...")
                .description(
                        "The command is podman run, docker run, docker compose up, or a script that"
                            + " starts a container. The containers alone are recorded. The profile"
                            + " also has the calls that their runtime makes before the program"
                            + " begins.")
                .examples(
                        "sandbox learn-container -o web.json podman run --rm nginx nginx -t",
                        "podman run --security-opt seccomp=web.json nginx",
                        "sandbox learn-container --duration 60s -o web.json docker compose up")
                .exitStatus(
                        "that of the command; 125 if sandbox learn-container failed, or if the list"
                                + " is incomplete or failed --verify.");
    }

    @Override
    public Integer call() {
        if (command.get().isEmpty()) {
            throw CommandFailure.ownFailure(
                    "no command given (try: sandbox learn-container podman run IMAGE, or -h)");
        }
        list.check();
        series.check();
        if (series.verifies() && list.format() != ListFormat.OCI) {
            throw CommandFailure.ownFailure(
                    "--verify proves a list of --to oci, which starts the container");
        }
        SandboxExec sandboxExec = new SandboxExec();
        Arch arch = sandboxExec.inspect(command.get().size(), FilterStart.EXEC);
        try (ContainerTarget target =
                new ContainerTarget(sandboxExec, command.get(), runtime.optional(), arch)) {
            return new Learning(sandboxExec, target, list, series)
                    .learnHandedOver(command.get(), arch, duration.optional(), Optional.empty());
        }
    }
}
