// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static io.sandbox.cli.learn.RunWords.seconds;
import static io.sandbox.evidence.drift.report.Wording.count;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.enforcer.launch.KernelCallListener;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.Action;
import io.sandbox.policy.Allowlist;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.ListenerProfile;
import io.sandbox.recorder.machine.ContainerRuntime;
import io.sandbox.recorder.run.ContainerRuns;
import io.sandbox.recorder.run.RunPlan;
import io.sandbox.syscalldb.Arch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * {@code sandbox-learn --listen}: records containers and services that others start, and prints a
 * list for each.
 */
final class ListenMode implements ContainerRuns.Listener {
    private final Console console;
    private final boolean quiet;
    private final boolean partial;
    private final boolean perExecutable;
    private final LearnedLists lists;

    /** The evidence by the name of the container. */
    private final Map<String, Recording> recordings = new TreeMap<>();

    private Recording all;

    /**
     * @param partial whether incomplete lists are printed
     * @param known earlier evidence to add
     */
    ListenMode(
            Console console,
            boolean quiet,
            boolean partial,
            boolean perExecutable,
            LearnedLists lists,
            Recording known) {
        this.console = console;
        this.quiet = quiet;
        this.partial = partial;
        this.perExecutable = perExecutable;
        this.lists = lists;
        all = known;
        for (Run run : known.runs()) {
            recordings.merge(String.join(" ", run.command()), Recording.of(run), Recording::merge);
        }
    }

    /** Writes a profile with which the runtime hands its containers over at the socket. */
    void writeProfile(Path file, String runtimeCommand, Path socket, Arch arch) {
        ContainerRuntime runtime = ContainerRuntime.query(runtimeCommand);
        byte[] text = profile(runtime, socket, Allowlist.of(List.of()), arch);
        try (ResultOutput output = ResultOutput.open(file)) {
            output.write(text);
        }
        if (!quiet && !runtime.unseen().isEmpty()) {
            console.say(
                    runtime.name()
                            + " makes these calls where they cannot be recorded, so an oci list"
                            + " always has them: "
                            + String.join(" ", runtime.unseen()));
        }
    }

    /**
     * Makes a profile with which the runtime hands its containers over.
     *
     * @param allowed the calls that are made without being recorded
     */
    static byte[] profile(ContainerRuntime runtime, Path socket, Allowlist allowed, Arch arch) {
        ListenerProfile profile =
                new ListenerProfile(
                        socket.toAbsolutePath().toString(),
                        runtime.asksByDefault(),
                        runtime.unseen(),
                        runtime.waitsKillable()
                                ? List.of(ContainerRuntime.WAIT_KILLABLE)
                                : List.of());
        PolicyDocument document = PolicyDocument.of(allowed.toPolicy(Action.KILL));
        return profile.write(document, HostCircumstances.query(arch.name()))
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Records all containers and services that are handed over, and prints their lists.
     *
     * @param count listening ends after this number of containers; empty for no limit
     * @param output a file or a folder; null for standard output
     * @param recordingFile where the evidence is written; may be null
     * @return the exit status
     */
    int record(
            SandboxExec sandboxExec,
            Path socket,
            RunPlan plan,
            OptionalInt count,
            Path output,
            Path recordingFile) {
        KernelCallListener.requireKernel();
        boolean inFolder = output != null && Files.isDirectory(output);
        try (ResultOutput list = inFolder ? null : ResultOutput.open(output);
                ResultOutput evidence =
                        recordingFile == null ? null : ResultOutput.open(recordingFile)) {
            sandboxExec.listen(socket.toAbsolutePath());
            if (!quiet) {
                console.say("listening at " + socket.toAbsolutePath() + " (Ctrl-C ends it)");
            }
            new ContainerRuns(sandboxExec, Waiters.KERNEL, this).recordAll(plan, count);
            if (evidence != null) {
                evidence.write(RecordingWriter.write(all));
            }
            return print(plan.arch(), list, output);
        }
    }

    private int print(Arch arch, ResultOutput list, Path folder) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int status = ExitCodes.OK;
        for (Map.Entry<String, Recording> each : recordings.entrySet()) {
            boolean trustworthy = isTrustworthy(each.getKey(), each.getValue(), arch);
            if (!trustworthy) {
                status = ExitCodes.OWN_FAILURE;
            }
            if (trustworthy || partial) {
                byte[] one = listOf(each.getKey(), each.getValue(), arch);
                if (list == null) {
                    write(folder.resolve(fileName(each.getKey())), one);
                }
                text.writeBytes(one);
            }
        }
        if (recordings.isEmpty()) {
            console.say("no container or service was handed over");
            return ExitCodes.OWN_FAILURE;
        }
        if (list != null) {
            list.write(text.toByteArray());
        }
        return status;
    }

    private byte[] listOf(String name, Recording recording, Arch arch) {
        if (perExecutable) {
            return lists.writeEach(recording);
        }
        List<String> comments = new ArrayList<>(List.of(name));
        for (Run run : recording.runs()) {
            comments.addAll(run.verdict().reservations());
        }
        recording.unhealed().forEach(run -> comments.add(run.verdict().toString()));
        return lists.writeContainer(comments.stream().distinct().toList(), recording, arch);
    }

    private boolean isTrustworthy(String name, Recording recording, Arch arch) {
        LearnedPolicy policy = LearnedPolicy.of(recording.calls(), arch);
        if (!policy.inexpressible().isEmpty()) {
            console.say(
                    name
                            + (partial ? ": " : ": no list, because ")
                            + "a list for "
                            + arch.name()
                            + " cannot have these calls: "
                            + RunWords.names(policy.inexpressible())
                            + (partial ? "" : " (--partial prints the rest)"));
        }
        return policy.inexpressible().isEmpty() && recording.unhealed().isEmpty();
    }

    private static void write(Path file, byte[] text) {
        try (ResultOutput output = ResultOutput.open(file)) {
            output.write(text);
        }
    }

    /** Replaces characters that do not belong in a file name. */
    private String fileName(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^\\.", "_");
        return safe + lists.fileSuffix();
    }

    @Override
    public void began(String name) {
        if (!quiet) {
            console.say(name + ": recording");
        }
    }

    @Override
    public void refused(String reason) {
        console.say("refused what was handed over: " + reason);
    }

    @Override
    public void ended(String name, Run run, int processes) {
        all = all.merge(Recording.of(run));
        recordings.merge(name, Recording.of(run), Recording::merge);
        boolean complete = run.verdict() instanceof Verdict.Complete;
        if (quiet && complete) {
            return;
        }
        String runtime =
                run.runtime().isEmpty()
                        ? ""
                        : ", and "
                                + run.runtimeCalls().size()
                                + " of "
                                + new ContainerRuntime(run.runtime().get(0).executable(), false)
                                        .name();
        console.say(
                name
                        + ": "
                        + count(run.calls().size(), "syscall")
                        + ", "
                        + count(run.records(), "record")
                        + " of "
                        + count(processes, "process")
                        + ", "
                        + seconds(run)
                        + runtime
                        + ": "
                        + (complete ? "complete" : run.verdict().toString()));
        run.verdict().reservations().forEach(reservation -> console.say(name + ": " + reservation));
    }
}
