// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sandbox.cli.output.ResultOutput;
import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.file.ResultFile;
import io.sandbox.evidence.IndentedJson;
import io.sandbox.evidence.JsonFields;
import io.sandbox.evidence.RecordingFormatException;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * How far a roll-out has come. It is kept in a file that only its owner can read, and written
 * before anything is changed: so the undo knows what to do whenever we are killed.
 */
final class RolloutState {
    private static final String FORMAT = "sandbox-rollout";
    private static final int VERSION = 1;
    private static final int LIMIT = 64 << 20;

    /** Longer than a step takes that waits for a test record. */
    private static final int LOCK_TRIES = 150;

    private static final long LOCK_NANOS = 100_000_000;

    /** In the file too, since others may rename that in a folder of theirs. */
    final Path policy;

    final RolloutTarget target;

    /** What was there before the first step; empty if nothing was. */
    final Optional<byte[]> before;

    /** Whether the folder was there either. */
    final boolean hadFolder;

    /** Hashes of all that we may have written there. */
    final List<String> written = new ArrayList<>();

    /** That of the policy in this step. */
    String hash;

    Step step = Step.LOG;

    /** Whether the step was taken to its end. */
    boolean taken;

    /** Whether the service was started since. */
    boolean inForce;

    /** From when on the evidence counts. */
    Instant since = Instant.now();

    List<String> exe;
    List<String> logs = List.of();
    Duration span = Duration.ofDays(7);

    /** Before the first step. */
    RolloutState(Path policy, String hash, RolloutTarget target, List<String> exe) {
        this.policy = policy;
        this.hash = hash;
        this.target = target;
        this.exe = exe;
        before = target.content();
        hadFolder = target.hasFolder();
    }

    private RolloutState(Path policy, JsonFields fields) {
        fields.requireFormat(FORMAT, VERSION);
        if (!fields.string("policy").equals(policy.toString())) {
            throw new IllegalArgumentException("it is of another policy");
        }
        this.policy = policy;
        target = new RolloutTarget(fields.bool("unit"), fields.string("target"));
        before = fields.strings("before").stream().findFirst().map(Base64.getDecoder()::decode);
        hadFolder = fields.bool("had_folder");
        written.addAll(fields.strings("written"));
        hash = fields.string("hash");
        step = Step.named(fields.string("step"));
        taken = fields.bool("taken");
        inForce = fields.bool("in_force");
        since = parsed(Instant::parse, fields.string("since"));
        exe = fields.strings("exe");
        logs = fields.strings("logs");
        span = parsed(Duration::parse, fields.string("span"));
    }

    private static <T> T parsed(Function<String, T> parser, String text) {
        try {
            return parser.apply(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Makes sure that no other command works on this roll-out until we end. The name of a socket
     * needs no file, which a killed command would leave.
     */
    static void lock(Path policy) {
        String name = "sandbox-rollout-" + RolloutTarget.hash(policy.toString().getBytes(UTF_8));
        for (int i = 0; LibC.notifySocket(name.getBytes(UTF_8)) < 0; i++) {
            if (i == LOCK_TRIES || Thread.interrupted()) {
                throw CommandFailure.of(policy, "another command works on its roll-out");
            }
            LockSupport.parkNanos(LOCK_NANOS);
        }
    }

    /** The state of a policy's roll-out; empty if none has begun. */
    static Optional<RolloutState> read(Path policy) {
        Path file = fileOf(policy);
        try {
            return ResultFile.readOwn(file, LIMIT)
                    .map(bytes -> JsonFields.read(bytes, each -> new RolloutState(policy, each)));
        } catch (IOException e) {
            throw CommandFailure.of(file, FileFailure.reason(e));
        } catch (RecordingFormatException e) {
            throw CommandFailure.of(file, "not the state of this roll-out: " + e.getMessage());
        }
    }

    private static Path fileOf(Path policy) {
        return policy.resolveSibling(policy.getFileName() + ".rollout");
    }

    void write() {
        List<String> kept = before.stream().map(Base64.getEncoder()::encodeToString).toList();
        String text =
                IndentedJson.write(
                        IndentedJson.object(
                                "format", FORMAT,
                                "version", VERSION,
                                "policy", policy.toString(),
                                "unit", target.isUnit(),
                                "target", target.name(),
                                "before", kept,
                                "had_folder", hadFolder,
                                "written", written,
                                "hash", hash,
                                "step", step.toString(),
                                "taken", taken,
                                "in_force", inForce,
                                "since", since.toString(),
                                "exe", exe,
                                "logs", logs,
                                "span", span.toString()));
        try (ResultOutput output = ResultOutput.openPrivate(fileOf(policy))) {
            output.write(text.getBytes(UTF_8));
        }
    }

    void remove() {
        Path file = fileOf(policy);
        try {
            ResultFile.removeLeftovers(file);
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw CommandFailure.of(file, FileFailure.reason(e));
        }
    }
}
