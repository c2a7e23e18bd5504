// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policyfile;

import io.sandbox.cli.output.Console;
import io.sandbox.enforcer.launch.file.FileHead;
import io.sandbox.enforcer.launch.file.FilesBeside;
import io.sandbox.enforcer.launch.process.FiltersInForce;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingFormatException;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.learned.LearnedConditions;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.bpf.DecodedPolicy;
import io.sandbox.policy.bpf.FilterMeaning;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.format.Reading;
import io.sandbox.policy.format.Surroundings;
import io.sandbox.policy.format.Writing;
import io.sandbox.policy.meaning.UnknownNames;
import io.sandbox.policy.worth.DefaultProfile;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads policies and recordings for commands, and counts what was lost. */
public final class PolicyInput {
    private static final String STANDARD_INPUT = "-";
    private static final int MOST_OF_A_KIND = 4;
    private static final int MOST_NAMES = 20;
    private static final Pattern RECORDING =
            Pattern.compile("\\A\\s*\\{\\s*\"format\"\\s*:\\s*\"sandbox-recording\"");

    private final Console console;
    private final FromFormat format;
    private final PolicyParts parts;
    private int losses;
    private boolean compiled;
    private Optional<Recording> recorded = Optional.empty();

    /** For a command that takes files with one policy only. */
    public PolicyInput(Console console, FromFormat format) {
        this(console, format, null);
    }

    public PolicyInput(Console console, PolicyParts parts) {
        this(console, parts.format(), parts);
    }

    private PolicyInput(Console console, FromFormat format, PolicyParts parts) {
        this.console = console;
        this.format = format;
        this.parts = parts;
    }

    /** Reads the filters in force in a process as a policy. */
    public PolicyDocument readProcess(int process, PolicyPlace place) {
        FiltersInForce found = FiltersInForce.query(process);
        DecodedPolicy decoded =
                DecodedPolicy.of(
                        FilterMeaning.of(found.filters(), place.arch()), found.logDenials());
        report("process " + process, decoded.losses());
        return decoded.document();
    }

    /**
     * Reads a policy, or the calls of one architecture from a recording.
     *
     * @param file or the name of a default profile
     */
    public PolicyDocument readPolicyOrRecording(String file, Arch arch) {
        return profile(file)
                .map(profile -> profile.document(parts.circumstances(arch)))
                .orElseGet(() -> readPolicyOrRecording(file, bytes(file), arch));
    }

    /**
     * The default profile of this name; empty if there is none.
     *
     * @throws CommandFailure if a file has the name too
     */
    public static Optional<DefaultProfile> profile(String name) {
        Optional<DefaultProfile> profile = DefaultProfile.byName(name);
        if (profile.isPresent() && Files.exists(Path.of(name))) {
            throw CommandFailure.ownFailure(
                    "%1$s: a default profile has this name, and a file too (the file: ./%1$s)"
                            .formatted(name));
        }
        return profile;
    }

    /** Reads a policy, or the calls of one architecture from a recording, from a file's content. */
    public PolicyDocument readPolicyOrRecording(String file, byte[] bytes, Arch arch) {
        return isRecording(bytes) ? fromRecording(file, bytes, arch) : read(file, bytes);
    }

    public static boolean isRecording(byte[] bytes) {
        // Text that is not UTF-8 is refused later, as a policy.
        return RECORDING.matcher(new String(bytes, StandardCharsets.UTF_8)).find();
    }

    /** Reads a policy from the content of a file. Throws {@link CommandFailure} if it is none. */
    public PolicyDocument read(String file, byte[] bytes) {
        Reading reading = reading(file, bytes);
        List<Loss> told = new ArrayList<>(reading.losses());
        if (compiled && !reading.document().ignoresMissing()) {
            told.removeAll(UnknownNames.in(reading.document()));
        }
        report(file, told);
        for (CallRef call : Rule.allowedInVain(reading.document().rules())) {
            String form = "%s: note: %s is allowed and refused, so it is refused (remove one)";
            console.say(form.formatted(file, call));
        }
        return reading.document();
    }

    /** Says that the policy will be compiled: the compiler itself refuses names of no call. */
    public void willBeCompiled() {
        compiled = true;
    }

    /** The recording that was read last; empty if all were policies. */
    public Optional<Recording> recording() {
        return recorded;
    }

    private Reading reading(String file, byte[] bytes) {
        try {
            return format.read(bytes, around(file));
        } catch (PolicyFormatException e) {
            throw CommandFailure.of(file, FormatAdvice.words(e));
        }
    }

    /** What belongs to the policy in a file and is not in its text. */
    private Surroundings around(String file) {
        Surroundings around =
                parts == null
                        ? Surroundings.on(SyscallDb.get().nativeArch().name())
                        : parts.surroundings();
        return file.equals(STANDARD_INPUT)
                ? around
                : around.withFiles(new FilesBeside(Path.of(file)));
    }

    private PolicyDocument fromRecording(String file, byte[] bytes, Arch arch) {
        Recording recording;
        try {
            recording = RecordingReader.read(bytes);
        } catch (RecordingFormatException e) {
            throw CommandFailure.of(file, "not a recording: " + e.getMessage());
        }
        recorded = Optional.of(recording);
        List<Loss> lost = new ArrayList<>();
        for (Run run : recording.unhealed()) {
            lost.add(new Loss("run " + run.id(), "is incomplete: calls may be missing"));
        }
        for (String sentence : recording.missingStarts().sentences()) {
            lost.add(new Loss("window", sentence));
        }
        LearnedPolicy learned =
                LearnedPolicy.of(recording.calls(), arch, LearnedConditions.of(recording));
        if (LearnedConditions.areIn(recording)) {
            for (ObservedCall call :
                    LearnedConditions.unknown(recording, ArgumentDetail.CLASSES, arch)) {
                lost.add(
                        new Loss(
                                call.displayName(),
                                "gets any arguments, because its own are not all known"));
            }
        }
        for (ObservedCall call : learned.inexpressible()) {
            lost.add(
                    new Loss(
                            call.displayName() + " of " + call.archName(),
                            "is left out: the policy is for " + arch.name()));
        }
        report(file, lost);
        return PolicyDocument.of(learned.allowlist().toPolicy(Action.KILL));
    }

    /**
     * The text of a policy in a format, after one line for each loss.
     *
     * @param mustLog whether the format must not refuse what the policy only logs
     * @throws CommandFailure if the format cannot express the policy
     */
    public byte[] written(
            PolicyDocument document, PolicyFormat format, Circumstances here, boolean mustLog) {
        try {
            Writing writing = format.write(document, here);
            if (mustLog && writing.losses().stream().anyMatch(Loss::refusesWhatIsLogged)) {
                throw CommandFailure.ownFailure(
                        format + ": cannot log unknown calls: it would refuse them");
            }
            report(format.toString(), writing.losses());
            return writing.text().getBytes(StandardCharsets.UTF_8);
        } catch (PolicyFormatException e) {
            throw CommandFailure.of(format.toString(), e.getMessage());
        }
    }

    /** Prints one line for each loss, but for many of one kind one line together. */
    public void report(String file, List<Loss> lost) {
        lost.stream()
                .collect(
                        Collectors.groupingBy(
                                Loss::effect, LinkedHashMap::new, Collectors.toList()))
                .forEach((kind, same) -> reportAll(file, same));
        losses += lost.size();
    }

    private void reportAll(String file, List<Loss> same) {
        if (same.size() <= MOST_OF_A_KIND) {
            same.forEach(each -> console.say(file + ": " + each));
            return;
        }
        String others =
                same.stream()
                        .skip(1)
                        .map(PolicyInput::call)
                        .distinct()
                        .limit(MOST_NAMES)
                        .collect(Collectors.joining(", "));
        console.say(
                "%s: %s; the same of %d more rules, such as %s"
                        .formatted(file, same.get(0), same.size() - 1, others));
    }

    private static String call(Loss loss) {
        return loss.subject().split("\\(", 2)[0];
    }

    /** Throws {@link CommandFailure} if anything was lost. */
    public void requireNoLosses() {
        if (losses > 0) {
            throw CommandFailure.ownFailure(
                    losses + (losses == 1 ? " loss" : " losses") + ", and --strict is given");
        }
    }

    /** Reads all of a file or of standard input. Throws {@link CommandFailure} if that fails. */
    public static byte[] bytes(String file) {
        try {
            return file.equals(STANDARD_INPUT)
                    ? System.in.readAllBytes()
                    : FileHead.readWhole(Path.of(file), FileHead.RECORDING_LIMIT);
        } catch (IOException e) {
            throw CommandFailure.of(file, FileFailure.reason(e));
        }
    }
}
