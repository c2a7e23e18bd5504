// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.recording.Target;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.file.WorkFolder;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.Allowlist;
import io.sandbox.policy.worth.DefaultProfile;
import io.sandbox.recorder.machine.ContainerRuntime;
import io.sandbox.recorder.run.CommandAddition;
import io.sandbox.recorder.run.ContainerRecorder;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.RunPlan;
import io.sandbox.recorder.run.ServiceDropIn;
import io.sandbox.recorder.run.SourceChoice;
import io.sandbox.syscalldb.Arch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The containers that a command starts. */
final class ContainerTarget implements Target, ContainerRecorder.Profiles {
    private final ContainerCommand command;
    private final ContainerRuntime runtime;
    private final SourceChoice source;
    private final boolean withoutExec;
    private final boolean restarts;
    private final Arch arch;
    private final WorkFolder folder;
    private final Path socket;
    private final Console console;

    /** No other filter has it. Runtimes take numbers without a sign only. */
    private final long mark = new SecureRandom().nextLong(1L << Integer.SIZE, Long.MAX_VALUE);

    private ContainerRecorder recorder;
    private int profiles;

    static Value<Boolean> withoutExecOption(Options options) {
        return options.named("--without-exec").flag();
    }

    static Value<String> runtimeOption(Options options) {
        return options.named("--runtime").text("NAME");
    }

    /**
     * @param chosen the runtime, if the user has named it
     * @throws CommandFailure when the command cannot be given a profile
     */
    ContainerTarget(
            SandboxExec sandboxExec,
            List<String> words,
            Optional<String> chosen,
            SourceChoice source,
            boolean withoutExec,
            Arch arch,
            Console console) {
        this.console = console;
        this.source = source;
        this.withoutExec = withoutExec;
        command = new ContainerCommand(words, System.getenv(), Path.of(""));
        runtime = chosen.map(ContainerRuntime::query).orElseGet(command::runtime);
        this.arch = arch;
        restarts = command.restarts();
        command.unit().ifPresent(unit -> ServiceDropIn.repair(command.manager(), unit));
        // A signal would leave the folder. Now "listen" is refused after it, and we are closed.
        sandboxExec.leaveSignals();
        try {
            folder = WorkFolder.make(WorkFolder.TEMPORARY, "sandbox-container", left -> {});
        } catch (IOException e) {
            throw CommandFailure.ownFailure("cannot make a folder: " + e.getMessage());
        }
        socket = folder.path().resolve("socket");
    }

    boolean restarts() {
        return restarts;
    }

    /** What has a second run fail; empty if nothing is known. */
    Optional<String> again() {
        return command.again();
    }

    @Override
    public Recorder open(SandboxExec sandboxExec, Recorder.Observer observer) {
        sandboxExec.listen(socket);
        Optional<ContainerRecorder.Telling> telling = Optional.empty();
        if (source.counts(sandboxExec, observer)) {
            String file = runtime.file().map(Path::toString).orElse(runtime.name());
            telling = Optional.of(new ContainerRecorder.Telling(this::telling, mark, file));
        }
        recorder =
                new ContainerRecorder(sandboxExec, this, telling, withoutExec, restarts, observer);
        return recorder;
    }

    @Override
    public CommandAddition asking(List<String> allowed) {
        List<String> entries = new ArrayList<>(allowed);
        return loading(runtime.askingProfile(socket, Allowlist.of(entries), arch));
    }

    private CommandAddition telling() {
        return loading(runtime.tellingProfile(socket, mark, arch));
    }

    private CommandAddition loading(byte[] text) {
        // Compose makes a container anew if the name of its profile has changed.
        profiles++;
        Path profile = folder.path().resolve("profile" + profiles + ".json");
        try {
            Files.write(profile, text);
        } catch (IOException e) {
            throw CommandFailure.ownFailure(profile + ": " + e.getMessage());
        }
        CommandAddition addition = command.loading(profile, folder.path());
        command.unit()
                .ifPresent(
                        unit ->
                                ServiceDropIn.lend(
                                        command.manager(),
                                        unit,
                                        folder.path(),
                                        addition.variable()));
        return addition;
    }

    @Override
    public Optional<String> prove(RunPlan plan, byte[] list, List<Recorder.Result> runs) {
        int wanted = runs.get(0).exitStatus();
        UsualEnds usual = UsualEnds.query(command.client(), runs);
        Instant begun = Instant.now();
        int status = ExitCodes.ofWaitStatus(recorder.runUnrecorded(plan, loading(list)));
        if (status != wanted) {
            return Optional.of(
                    "with the printed profile the command ended with status %s, without with %s"
                            .formatted(status, wanted));
        }
        if (!usual.areKnown()) {
            console.say(
                    "how the containers themselves end cannot be seen here, so only the statuses of"
                            + " the command are compared");
        }
        return usual.doubt(begun);
    }

    @Override
    public List<DefaultProfile> replaced() {
        return List.of(command.defaultProfile());
    }

    @Override
    public Optional<String> enforcing(Optional<Path> list, String capabilities) {
        return list.map(command::enforcing);
    }

    @Override
    public void close() {
        command.unit().ifPresent(unit -> ServiceDropIn.takeBack(command.manager(), unit));
        folder.close();
    }
}
