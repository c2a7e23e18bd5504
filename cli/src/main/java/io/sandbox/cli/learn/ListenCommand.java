// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.Cli;
import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.recorder.run.RunPlan;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code sandbox listen}: records containers and services that hand over their listener. */
public final class ListenCommand implements Callable<Integer> {
    private final Options options = new Options("sandbox listen", this);
    private final Value<Path> profile = options.named("--write-profile").file();
    private final Value<String> runtime = ContainerTarget.runtimeOption(options);
    private final Value<Integer> containers = options.named("--containers").number("N");
    private final Value<Boolean> withoutExec = ContainerTarget.withoutExecOption(options);
    private final Value<Duration> duration = TimeSpan.ofRun(options);
    private final ListOptions list =
            new ListOptions(options, ListFormat.ENV).withArguments(options).withFiles(options);
    private final Value<String> socket = options.operand("SOCKET");

    public static Options options() {
        return new ListenCommand().options;
    }

    public static void main(String[] arguments) {
        Cli.runRecorder(options(), ExitCodes.OWN_FAILURE, arguments);
    }

    /** The two options that {@code sandbox node} has too. */
    static void checkProfile(Value<Path> profile, Value<String> runtime) {
        Options.refuseIf(
                profile.isGiven() != runtime.isGiven(),
                "--write-profile and --runtime go together");
    }

    @Override
    public Integer call() {
        list.check();
        checkProfile(profile, runtime);
        Options.refuseIf(
                containers.isGiven() && containers.get() < 1, "--containers takes 1 or more");
        Path place = Path.of(socket.get());
        Arch arch = SyscallDb.get().nativeArch();
        Listening listening = new Listening(list, withoutExec.get());
        if (profile.isGiven()) {
            Console console = list.console();
            Listening.writeProfile(
                    profile.get(),
                    runtime.get(),
                    place,
                    arch,
                    list.quiet.get() ? text -> {} : console::say);
        }
        RunPlan plan =
                RunPlan.ofOthers(
                        List.of(), arch, duration.optional(), list.isDetailed(), list.arguments());
        return listening.record(
                new SandboxExec(),
                place,
                plan,
                ended -> containers.isGiven() && ended >= containers.get());
    }
}
