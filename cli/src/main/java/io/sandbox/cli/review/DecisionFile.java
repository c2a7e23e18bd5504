// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import io.sandbox.cli.output.ResultOutput;
import io.sandbox.enforcer.launch.file.ResultFile;
import io.sandbox.evidence.IndentedJson;
import io.sandbox.evidence.JsonFields;
import io.sandbox.evidence.RecordingFormatException;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The decisions of a review that was left, in a file that only its owner can read. */
final class DecisionFile {
    private static final String FORMAT = "sandbox-review";
    private static final int VERSION = 1;

    /** Larger than the decisions about all calls of all architectures. */
    private static final int LIMIT = 16 << 20;

    /** A decision of an earlier session. {@code basis}: as {@link Finding#basis} had it. */
    record Kept(String call, String arch, Decision decision, List<String> basis) {
        static Kept of(Finding finding, Decision decision) {
            return new Kept(finding.name(), finding.arch(), decision, finding.basis());
        }

        boolean isAbout(Finding finding) {
            return call.equals(finding.name()) && arch.equals(finding.arch());
        }
    }

    private final Path file;

    /** Decisions that other evidence led to, which stay. */
    private List<Kept> others = List.of();

    DecisionFile(Path file) {
        this.file = file;
    }

    /** Throws {@link CommandFailure} if it could not be written. */
    void requireWritable() {
        ResultOutput.openPrivate(file).close();
    }

    /**
     * None if there is no such file. Decisions that another user wrote are refused: they would look
     * like those of this user.
     *
     * @throws CommandFailure if it cannot be read
     */
    List<Kept> read() {
        try {
            Optional<byte[]> bytes = ResultFile.readOwn(file, LIMIT);
            return bytes.isEmpty() ? List.of() : JsonFields.read(bytes.get(), DecisionFile::kept);
        } catch (IOException e) {
            throw CommandFailure.ownFailure(
                    file + ": " + FileFailure.reason(e) + " (--decisions takes another file)");
        } catch (RecordingFormatException e) {
            throw CommandFailure.ownFailure(
                    "%s: not decisions of sandbox review: %s (--decisions takes another file)"
                            .formatted(file, e.getMessage()));
        }
    }

    private static List<Kept> kept(JsonFields fields) {
        fields.requireFormat(FORMAT, VERSION);
        return fields.objects("decisions", DecisionFile::decision);
    }

    private static Kept decision(JsonFields fields) {
        Action action = ActionText.parse(fields.string("action"));
        Decision decision = new Decision(action, fields.bool("only_seen"), fields.string("reason"));
        return new Kept(
                fields.string("call"), fields.string("arch"), decision, fields.strings("basis"));
    }

    /** From now on, these stay in the file. */
    void retain(List<Kept> decisions) {
        others = List.copyOf(decisions);
    }

    /**
     * Writes all decisions; without any, removes the file.
     *
     * @throws CommandFailure if that fails
     */
    void write(Map<Finding, Decision> decisions) {
        List<Kept> all = new ArrayList<>(others);
        decisions.forEach((finding, decision) -> all.add(Kept.of(finding, decision)));
        if (all.isEmpty()) {
            remove();
            return;
        }
        String text =
                IndentedJson.write(
                        IndentedJson.object(
                                "format", FORMAT,
                                "version", VERSION,
                                "decisions", all.stream().map(DecisionFile::object).toList()));
        try (ResultOutput output = ResultOutput.openPrivate(file)) {
            output.write(text);
        }
    }

    private static Map<String, Object> object(Kept kept) {
        return IndentedJson.object(
                "call", kept.call(),
                "arch", kept.arch(),
                "action", ActionText.format(kept.decision().action()),
                "only_seen", kept.decision().onlySeen(),
                "reason", kept.decision().reason(),
                "basis", kept.basis());
    }

    private void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw CommandFailure.ownFailure(file + ": " + FileFailure.reason(e));
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
