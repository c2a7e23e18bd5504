// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

import static java.util.stream.Collectors.partitioningBy;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.AnswerFormat;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.output.Styled;
import io.sandbox.cli.policyfile.FromFormat;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.cli.recording.RecordedNames;
import io.sandbox.cli.recording.RecordingFile;
import io.sandbox.cli.report.PathWords;
import io.sandbox.cli.report.ProgramReach;
import io.sandbox.cli.report.SeenCalls;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.evidence.Recording;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.outcome.FileFailure;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.meaning.Ruling;
import io.sandbox.reach.Reach;
import io.sandbox.reach.ReachResult;
import io.sandbox.reach.ReachableCall;
import io.sandbox.reach.link.Root;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** {@code sandbox reach}: shows which calls a program can make that nobody exercised. */
public final class ReachCommand implements Callable<Integer> {
    /** The source that sees each file that is mapped. */
    private static final String NOTIFY = "notify";

    private final Options options = new Options("sandbox reach", this);

    private final Value<List<String>> words = options.words("PROGRAM");

    private final Value<String> policyFile = options.named("--policy").text("FILE");

    private final FromFormat fromFormat = new FromFormat(options);

    private final Value<List<Path>> recordings = options.named("--evidence").files();

    private final Value<List<Path>> with = options.named("--with").files();

    private final Value<Path> rootFolder = options.named("--root").path("FOLDER");

    private final Value<String> why = options.named("--why").text("CALL");

    private final Value<AnswerFormat> format =
            options.named("--format").choice(AnswerFormat.class, "FORMAT").or(AnswerFormat.TEXT);

    private final SyscallDb db = SyscallDb.get();

    public static Options options() {
        return new ReachCommand().options;
    }

    public static void main(String[] arguments) {
        System.exit(Cli.runLookup(options(), arguments));
    }

    @Override
    public Integer call() {
        options.mistakeIf(words.get().size() != 1, "one program is needed");
        Path program = find(words.get().get(0));
        Recording recording = RecordingFile.readAll(recordings.get());
        Root root = root();
        Arch arch = ProgramReach.arch(program, root);
        SeenCalls seen = SeenCalls.of(recording, Reach.code(program, root), arch, root);
        ReachResult result = ProgramReach.query(program, seen, with.get(), root);
        if (why.isGiven()) {
            return explain(result);
        }
        ReachReview review = review(result, recording, seen);
        new StandardOutput()
                .print(
                        format.get() == AnswerFormat.JSON
                                ? ReachJson.write(review)
                                : new ReachText(review, Styled.forStandardOutput()).text());
        return ExitCodes.OK;
    }

    private Root root() {
        try {
            return rootFolder.isGiven() ? Root.of(rootFolder.get()) : Root.HERE;
        } catch (IOException e) {
            throw CommandFailure.ownFailure(
                    "--root: " + rootFolder.get() + ": " + FileFailure.reason(e));
        }
    }

    /** In PATH, as by a shell, and then here. */
    private static Path find(String word) {
        return RecordedNames.find(word)
                .or(() -> Optional.of(Path.of(".", word)).filter(Files::isRegularFile))
                .orElseThrow(() -> CommandFailure.ownFailure(word + ": not found in PATH"));
    }

    private int explain(ReachResult result) {
        String name = why.get();
        Arch arch = db.archByName(result.arch()).orElseThrow();
        String unknown = name + ": no such system call on " + arch.name();
        Syscall known =
                db.table(arch).byName(name).orElseThrow(() -> CommandFailure.ownFailure(unknown));
        Optional<ReachableCall> found = result.explained(known.number());
        if (found.isEmpty()) {
            new Console("sandbox reach")
                    .say(
                            "%s: no path leads there in %s and its libraries"
                                    .formatted(known.name(), result.program()));
            return ExitCodes.NOTHING_FOUND;
        }
        PathWords paths = new PathWords(result.program());
        new StandardOutput().print(paths.line(found.get()) + "\n" + paths.steps(found.get()));
        return ExitCodes.OK;
    }

    private ReachReview review(ReachResult result, Recording recording, SeenCalls seen) {
        Map<String, Allowed> allowed = allowed(result.arch());
        Set<String> unreachable = new TreeSet<>(allowed.keySet());
        // Programs that it starts are under the policy too.
        recording.calls().stream()
                .filter(call -> call.archName().equals(result.arch()))
                .forEach(call -> unreachable.remove(call.displayName()));
        Map<String, Risk> risks = db.risks();
        Map<String, String> exercises = db.exercises();
        result.calls().forEach(call -> unreachable.remove(call.name()));
        Function<ReachableCall, ReviewedCall> reviewed =
                call ->
                        new ReviewedCall(
                                call,
                                Optional.ofNullable(allowed.get(call.name())).map(Allowed::ruling),
                                seen.numbers().contains(call.number()),
                                risks.get(call.name()),
                                Optional.ofNullable(exercises.get(call.name())));
        Map<Boolean, List<String>> byAdded =
                unreachable.stream().collect(partitioningBy(name -> allowed.get(name).added()));
        return new ReachReview(
                result,
                policyFile.optional(),
                recordings.isGiven(),
                allowed.size(),
                result.calls().stream().map(reviewed).toList(),
                result.starts().stream().map(reviewed).toList(),
                byAdded.get(false),
                byAdded.get(true),
                notes(result, recording, seen));
    }

    private List<String> notes(ReachResult result, Recording recording, SeenCalls seen) {
        List<String> notes = new ArrayList<>(result.remarks());
        if (!seen.missing().isEmpty()) {
            notes.add(
                    "files that recorded runs mapped as code, and that are not here: "
                            + String.join(" ", seen.missing()));
        }
        if (recording.runs().stream().anyMatch(run -> !run.source().equals(NOTIFY))) {
            notes.add(
                    "the recording may lack libraries that the program loaded by itself: only"
                            + " --source notify sees each of them");
        }
        return notes;
    }

    /** {@code added}: whether the policy has it only because {@code sandbox learn} added it. */
    private record Allowed(Ruling ruling, boolean added) {}

    /** The calls that the policy allows, with some arguments or all. */
    private Map<String, Allowed> allowed(String arch) {
        Map<String, Allowed> allowed = new HashMap<>();
        if (policyFile.isGiven()) {
            PolicyInput input = new PolicyInput(new Console("sandbox reach"), fromFormat);
            byte[] bytes = PolicyInput.bytes(policyFile.get());
            Circumstances here = HostCircumstances.queryUsual(arch);
            PolicyMeaning policy = PolicyMeaning.of(input.read(policyFile.get(), bytes), here);
            for (Syscall call : db.table(db.archByName(arch).orElseThrow()).all()) {
                Ruling ruling = policy.about(arch, new CallRef.Named(call.name()));
                if (ruling.extent() != Ruling.Extent.NEVER) {
                    List<Rule> rules = ruling.rules();
                    boolean added = !rules.isEmpty() && rules.stream().allMatch(policy::isAddition);
                    allowed.put(call.name(), new Allowed(ruling, added));
                }
            }
        }
        return allowed;
    }
}
