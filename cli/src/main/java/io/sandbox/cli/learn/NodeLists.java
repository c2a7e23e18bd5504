// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static io.sandbox.evidence.drift.report.Wording.count;

import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.lists.OtherList;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.cli.policyfile.AtMost;
import io.sandbox.cli.recording.RecordingFile;
import io.sandbox.enforcer.launch.file.ResultFile;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.evidence.learned.LearnedConditions;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.recorder.machine.NodeContainer;
import io.sandbox.recorder.run.NodeRecorder;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * The folder of a node's results: a recording for each container, and for each workload a list in
 * the form of each consumer. What is there already is gone on with.
 */
final class NodeLists implements NodeRecorder.Observer {
    /** So many recordings of a workload are kept though they show nothing new. */
    private static final int MAX_RECORDINGS = 64;

    private static final int MAX_PODS = 1000;

    private static final String RECORDINGS = "recordings";
    private static final String SUMMARY = "workloads.tsv";
    private static final String METRICS = "workloads.prom";
    private static final ArgumentDetail ARGUMENTS = ArgumentDetail.CLASSES;

    private final Path folder;
    private final Set<String> namespaces;
    private final boolean quiet;
    private final Console console;
    private final Arch arch = SyscallDb.get().nativeArch();
    private final Map<ListFormat, LearnedLists> lists = new TreeMap<>();
    private final Map<Path, Workload> workloads = new TreeMap<>();

    /** What the files of lists hold, as far as we have written them. */
    private final Map<Path, byte[]> written = new HashMap<>();

    private final Instant began = Instant.ofEpochMilli(System.currentTimeMillis());

    /** The recordings of one container of a workload, by file. */
    private static final class Workload {
        final Map<String, Recording> files = new TreeMap<>();

        /** Complete, but they showed nothing new and were not kept. */
        final Set<String> others = new TreeSet<>();

        Set<String> pods(Predicate<Recording> which) {
            Set<String> pods = new TreeSet<>(others);
            files.forEach(
                    (file, recording) -> {
                        if (which.test(recording)) {
                            pods.add(file.substring(0, file.lastIndexOf('_')));
                        }
                    });
            return pods;
        }

        int complete() {
            return pods(Recording::isComplete).size();
        }

        int all() {
            return pods(any -> true).size();
        }

        Recording together() {
            List<Run> runs = new ArrayList<>();
            files.values().forEach(recording -> runs.addAll(recording.runs()));
            return new Recording(runs);
        }
    }

    /** {@code namespaces}: those whose pods are recorded; empty for all. */
    NodeLists(Path folder, List<String> namespaces, AtMost atMost, boolean quiet, Console console) {
        this.folder = folder;
        this.namespaces = Set.copyOf(namespaces);
        this.quiet = quiet;
        this.console = console;
        for (ListFormat format : ListFormat.FOR_RUNTIMES) {
            lists.put(
                    format,
                    new LearnedLists(
                            format,
                            new ChanceAdditions(false, true, false, true, false, ARGUMENTS),
                            UnknownCalls.AS_OTHERS,
                            atMost,
                            console));
        }
    }

    /** Reads the recordings of earlier times. Throws {@link CommandFailure} if that fails. */
    void readAll() {
        Path top = folder.resolve(RECORDINGS);
        try {
            Files.createDirectories(top);
            try (Stream<Path> files = Files.walk(top)) {
                files.filter(Files::isRegularFile)
                        .filter(file -> isNamedByUs(top.relativize(file)))
                        .sorted()
                        .forEach(file -> read(top.relativize(file.getParent()), file));
            }
        } catch (IOException e) {
            throw CommandFailure.ownFailure(folder + ": " + FileFailure.reason(e));
        }
    }

    /** Whether it can be NAMESPACE/WORKLOAD/CONTAINER/POD_ID.json. */
    private static boolean isNamedByUs(Path file) {
        String name = file.getFileName().toString();
        return file.getNameCount() == 4 && name.indexOf('_') > 0 && name.endsWith(".json");
    }

    private void read(Path key, Path file) {
        try {
            workloads
                    .computeIfAbsent(key, none -> new Workload())
                    .files
                    .put(file.getFileName().toString(), RecordingFile.readAll(List.of(file)));
        } catch (CommandFailure e) {
            console.say(e.getMessage() + " (left as it is)");
        }
    }

    @Override
    public boolean wants(NodeContainer container) {
        return namespaces.isEmpty() || namespaces.contains(container.namespace());
    }

    @Override
    public void said(String what) {
        if (!quiet) {
            console.say(what);
        }
    }

    @Override
    public void recorded(NodeContainer container, Run run, boolean ended) {
        Path key =
                Path.of(
                        Listening.fileName(container.namespace()),
                        Listening.fileName(container.workload()),
                        Listening.fileName(container.name()));
        String file = Listening.fileName(container.pod()) + "_" + container.id() + ".json";
        Workload workload = workloads.computeIfAbsent(key, none -> new Workload());
        Recording recording = Recording.of(run);
        if (workload.files.containsKey(file)) {
            recording = recording.merge(earlier(workload.files.get(file), run));
        }
        try {
            if (isNeedless(workload, file, recording)) {
                if (recording.isComplete() && workload.others.size() < MAX_PODS) {
                    workload.others.add(Listening.fileName(container.pod()));
                }
            } else {
                workload.files.put(file, recording);
                write(
                        folder.resolve(RECORDINGS).resolve(key).resolve(file),
                        RecordingWriter.write(recording));
            }
            if (ended && !(quiet && recording.isComplete())) {
                say(key, container, run, recording);
            }
            write(folder.resolve(SUMMARY), summary());
            write(folder.resolve(METRICS), metrics());
            writeLists(key, workload);
        } catch (CommandFailure e) {
            console.say(e.getMessage());
        }
    }

    /**
     * An earlier recording of a container that this one goes on with. What an earlier recorder saw
     * was interrupted, unless this one comes with a start of its own.
     */
    private Recording earlier(Recording earlier, Run now) {
        Signs ended = new Signs().add(Sign.Kind.RECORDER_ENDED);
        return new Recording(
                earlier.runs().stream()
                        .filter(run -> !run.id().equals(now.id()))
                        .map(
                                run ->
                                        now.isWindow() && run.started().isBefore(began)
                                                ? run.judged(
                                                        Judge.together(
                                                                List.of(run.verdict()), ended))
                                                : run)
                        .toList());
    }

    /** Whether a recording shows nothing that the others of its workload do not show. */
    private boolean isNeedless(Workload workload, String file, Recording recording) {
        if (workload.files.size() < MAX_RECORDINGS || workload.files.containsKey(file)) {
            return false;
        }
        Recording known = workload.together();
        return policy(known).allowlist().equals(policy(known.merge(recording)).allowlist());
    }

    private LearnedPolicy policy(Recording recording) {
        return LearnedPolicy.of(
                recording.calls(), arch, LearnedConditions.of(recording, ARGUMENTS.limit()));
    }

    private void say(Path key, NodeContainer container, Run run, Recording recording) {
        List<String> causes = new ArrayList<>(recording.missingStarts().sentences());
        recording.unhealed().stream()
                .map(each -> each.verdict().toString())
                .distinct()
                .forEach(causes::add);
        causes.addAll(recording.reservations());
        String calls = count(run.calls().size(), "syscall");
        String programs = count(run.programs().size(), "executable");
        String why = causes.isEmpty() ? "" : ": " + String.join("; ", causes);
        String verdict = recording.verdictWords() + why;
        String image = container.image().isEmpty() ? "" : " of " + container.image();
        String pod = key + " " + container.pod() + image;
        console.say(pod + ": " + calls + " in " + programs + ", " + verdict);
    }

    private void writeLists(Path key, Workload workload) {
        if (workload.complete() == 0) {
            return;
        }
        Recording all = workload.together();
        LearnedPolicy policy = policy(all);
        if (!policy.inexpressible().isEmpty()) {
            console.say(key + ": no list, since none can have all of its calls");
            return;
        }
        lists.forEach(
                (format, learned) -> {
                    PolicyDocument document = learned.document(all, policy, arch, Map.of());
                    boolean spo = format == ListFormat.SPO;
                    PolicyDocument written = spo ? withoutReasons(document) : document;
                    byte[] text = OtherList.write(format.toString(), written, arch, console);
                    write(
                            folder.resolve(format.toString()).resolve(key + format.ending()),
                            spo ? named(text, key, workload) : text);
                });
    }

    /** The operator's profiles have no place for them. */
    private static PolicyDocument withoutReasons(PolicyDocument document) {
        return document.withRules(
                document.rules().stream().map(rule -> rule.withNote(Note.NONE)).toList());
    }

    /** A profile of the operator has a name of its own. */
    private static byte[] named(byte[] profile, Path key, Workload workload) {
        // Neither the name of a namespace nor that of a container has a dot.
        String name = key.toString().replace('/', '.');
        String text =
                new String(profile, StandardCharsets.UTF_8)
                        .replaceFirst("name: sandbox", "name: " + name);
        String pods = workload.complete() + " of " + count(workload.all(), "pod");
        return ("# complete in " + pods + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }

    /** A line for each container of a workload: of how many pods the recordings are complete. */
    private byte[] summary() {
        StringBuilder lines = new StringBuilder("workload\tcomplete\tpods\tverdict\n");
        workloads.forEach(
                (key, each) -> {
                    String verdict = each.together().verdictWords();
                    String counts = each.complete() + "\t" + each.all();
                    lines.append(key + "\t" + counts + "\t" + verdict + "\n");
                });
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The numbers of pods of each container of a workload, for Prometheus. File names have no
     * character that its format escapes.
     */
    private byte[] metrics() {
        StringBuilder text = new StringBuilder();
        append(text, "sandbox_pods", "Pods that were recorded.", Workload::all);
        append(text, "sandbox_complete_pods", "Pods of complete recordings.", Workload::complete);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void append(
            StringBuilder text, String name, String help, ToIntFunction<Workload> number) {
        text.append("# HELP %1$s %2$s\n# TYPE %1$s gauge\n".formatted(name, help));
        String form = "%s{namespace=\"%s\",workload=\"%s\",container=\"%s\"} %d\n";
        workloads.forEach(
                (key, workload) -> {
                    int value = number.applyAsInt(workload);
                    text.append(
                            form.formatted(
                                    name, key.getName(0), key.getName(1), key.getName(2), value));
                });
    }

    /** Replaces a file if its content changes: whoever reads it has the whole old or new one. */
    private void write(Path file, byte[] content) {
        if (Arrays.equals(written.get(file), content)) {
            return;
        }
        try {
            ResultFile.makeFolders(file.getParent());
        } catch (IOException e) {
            throw CommandFailure.ownFailure(file + ": " + FileFailure.reason(e));
        }
        try (ResultOutput output = ResultOutput.open(file)) {
            output.write(content);
        }
        if (!file.startsWith(folder.resolve(RECORDINGS))) {
            written.put(file, content);
        }
    }
}
