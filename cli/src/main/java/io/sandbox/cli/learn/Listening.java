// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static io.sandbox.cli.recording.RunWords.seconds;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.cli.recording.RunWords;
import io.sandbox.cli.recording.SignAdvice;
import io.sandbox.enforcer.launch.KernelCallListener;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.Allowlist;
import io.sandbox.recorder.machine.ContainerRuntime;
import io.sandbox.recorder.run.ContainerRuns;
import io.sandbox.recorder.run.RunPlan;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * {@code sandbox listen}: records containers and services that others start, and prints a list for
 * each.
 */
final class Listening implements ContainerRuns.Observer {
    private final ListOptions options;
    private final Console console;
    private final boolean quiet;
    private final boolean partial;
    private final boolean withoutExec;
    private final LearnedLists lists;

    /** The evidence by the name of the container. */
    private final Map<String, Recording> recordings = new TreeMap<>();

    /** Whether the list of each container that has ended is complete, if it has been written. */
    private final Map<String, Boolean> written = new HashMap<>();

    private Recording all;

    /** The folder for a file of each container; null for one list of all, and before listening. */
    private Path folder;

    private Arch arch;

    Listening(ListOptions options, boolean withoutExec) {
        this.options = options;
        this.withoutExec = withoutExec;
        console = options.console();
        quiet = options.quiet.get();
        partial = options.partial.get();
        lists = options.lists();
        Recording known = options.known();
        all = known;
        for (Run run : known.runs()) {
            recordings.merge(String.join(" ", run.command()), Recording.of(run), Recording::merge);
        }
    }

    /**
     * Writes a profile with which the runtime hands its containers over at the socket.
     *
     * @param said is told what the profile does not ask about
     */
    static void writeProfile(
            Path file, String runtimeCommand, Path socket, Arch arch, Consumer<String> said) {
        ContainerRuntime runtime = ContainerRuntime.query(runtimeCommand);
        byte[] text = runtime.askingProfile(socket, Allowlist.of(List.of()), arch);
        try (ResultOutput output = ResultOutput.open(file)) {
            output.write(text);
        }
        if (!runtime.unseen().isEmpty()) {
            said.accept(
                    runtime.name()
                            + " makes these calls where they cannot be recorded, so an oci list"
                            + " always has them: "
                            + String.join(" ", runtime.unseen()));
        }
    }

    /**
     * Records all containers and services that are handed over, and prints their lists.
     *
     * @param enough whether listening ends after so many containers
     * @return the exit status
     */
    int record(SandboxExec sandboxExec, Path socket, RunPlan plan, IntPredicate enough) {
        Path output = options.output.get();
        KernelCallListener.requireKernel();
        folder = output != null && Files.isDirectory(output) ? output : null;
        arch = plan.arch();
        try (ResultOutput list = folder != null ? null : ResultOutput.open(output);
                ResultOutput evidence = ResultOutput.openIfGiven(options.recordingFile.get())) {
            sandboxExec.listen(socket.toAbsolutePath());
            if (!quiet) {
                console.say("listening at " + socket.toAbsolutePath() + " (Ctrl-C ends it)");
            }
            new ContainerRuns(sandboxExec, Waiters.KERNEL, this).recordAll(plan, enough);
            if (evidence != null) {
                evidence.write(RecordingWriter.write(all));
            }
            return print(list);
        }
    }

    private int print(ResultOutput list) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int status = ExitCodes.OK;
        for (String name : recordings.keySet()) {
            if (!written.containsKey(name)) {
                writeList(name, text);
            }
            if (!written.get(name)) {
                status = ExitCodes.OWN_FAILURE;
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

    /**
     * Writes the list of a container into its file, or adds it to the lists of all.
     *
     * @throws CommandFailure if the file cannot be written
     */
    private void writeList(String name, ByteArrayOutputStream ofAll) {
        Recording recording = recordings.get(name);
        boolean trustworthy = isTrustworthy(name, recording);
        if (trustworthy || partial) {
            byte[] one = listOf(name, recording);
            if (folder == null) {
                ofAll.writeBytes(one);
            } else {
                write(folder.resolve(fileName(name) + lists.fileSuffix()), one);
            }
        }
        written.put(name, trustworthy);
    }

    private byte[] listOf(String name, Recording recording) {
        if (options.perExecutable.get()) {
            return lists.writeEach(recording);
        }
        List<String> comments = new ArrayList<>(List.of(name));
        Recording shown = SignAdvice.in(recording);
        shown.runs().forEach(run -> comments.addAll(run.verdict().reservations()));
        shown.unhealed().forEach(run -> comments.add(run.verdict().toString()));
        return lists.writeContainer(comments.stream().distinct().toList(), recording, arch);
    }

    private boolean isTrustworthy(String name, Recording recording) {
        LearnedPolicy policy = LearnedPolicy.of(recording.calls(), arch);
        if (!policy.inexpressible().isEmpty()) {
            String list = partial ? ": a list" : ": no list, because a list";
            String rest = partial ? "" : " (--partial prints the rest)";
            String calls = ObservedCall.names(policy.inexpressible());
            console.say(
                    name
                            + list
                            + " for "
                            + arch.name()
                            + " cannot have these calls: "
                            + calls
                            + rest);
        }
        return policy.inexpressible().isEmpty() && recording.unhealed().isEmpty();
    }

    private static void write(Path file, byte[] text) {
        try (ResultOutput output = ResultOutput.open(file)) {
            output.write(text);
        }
    }

    /**
     * The name of a container's file. Characters that do not belong in such a name become their
     * bytes, as in {@code %2F}, so that no two containers have the same file.
     */
    static String fileName(String name) {
        StringBuilder safe = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    c >= 'a' && c <= 'z'
                            || c >= 'A' && c <= 'Z'
                            || c >= '0' && c <= '9'
                            || c == '_'
                            || c == '-'
                            || c == '.' && !safe.isEmpty();
            safe.append(plain ? Character.toString(c) : String.format("%%%02X", (int) c));
        }
        return safe.toString();
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

    /**
     * Writes the file of a container at its end, since listening may go on for months. If that
     * fails, the other containers are recorded all the same, and it is tried again at the end.
     */
    private void writeEnded(String name) {
        if (folder != null) {
            try {
                writeList(name, new ByteArrayOutputStream());
            } catch (CommandFailure e) {
                console.say(e.getMessage());
            }
        }
    }

    @Override
    public void ended(String name, Run whole, int processes) {
        Run run = withoutExec ? whole.withoutExec() : whole;
        all = all.merge(Recording.of(run));
        recordings.merge(name, Recording.of(run), Recording::merge);
        written.remove(name);
        writeEnded(name);
        Verdict verdict = SignAdvice.in(run).verdict();
        boolean complete = verdict instanceof Verdict.Complete;
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
                        + (": " + RunWords.extent(run, processes) + ", " + seconds(run))
                        + (runtime + ": " + (complete ? "complete" : verdict)));
        verdict.reservations().forEach(reservation -> console.say(name + ": " + reservation));
    }
}
