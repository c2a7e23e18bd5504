// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.rollout;

import io.sandbox.cli.Cli;
import io.sandbox.cli.check.CheckCommand;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.recording.GivenEvidence;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.outcome.FileFailure;
import io.sandbox.recorder.log.LogFilter;
import io.sandbox.recorder.log.LogSource;
import io.sandbox.recorder.machine.ServiceUnit;
import io.sandbox.recorder.run.Canary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What must be seen before the next step: the logs, and how the service does. */
final class RolloutGate {
    private static final Path LOGS = LogSource.AUDIT_LOG.getParent();
    private static final String LOG = LogSource.AUDIT_LOG.getFileName().toString();

    /** Longer than auditd keeps a record back, unless it was told to. */
    private static final int CANARY_TRIES = 100;

    private static final int CANARY_MILLIS = 100;

    /** What a log of this size held. */
    private record Counted(long size, long testRecords) {}

    private final RolloutState state;
    private final Console console;
    private final Map<Object, Counted> counted = new HashMap<>();

    RolloutGate(RolloutState state, Console console) {
        this.state = state;
        this.console = console;
    }

    /**
     * Has the judge of {@code sandbox check} print what the logs say.
     *
     * @param service empty for a profile
     * @return its status, or that of drift if the service itself shows that it is too early
     */
    int judge(Optional<ServiceUnit> service) {
        String early = service.map(this::early).orElse("");
        if (!early.isEmpty()) {
            console.say(state.target.name() + ": " + early + " " + state.target.name() + ")");
            return ExitCodes.NOTHING_FOUND;
        }
        List<String> words = new ArrayList<>(List.of("--policy", state.policy.toString()));
        state.exe.forEach(exe -> words.addAll(List.of("--exe", exe)));
        if (state.target.isElsewhere()) {
            words.add("--elsewhere");
        }
        logs().forEach(log -> words.addAll(List.of("--log", log.toString())));
        words.addAll(
                List.of(
                        "--for",
                        state.span.toSeconds() + "s",
                        "--since",
                        state.since.truncatedTo(ChronoUnit.SECONDS).toString()));
        return Cli.runLookup(CheckCommand.options(), words.toArray(new String[0]));
    }

    private String early(ServiceUnit service) {
        ServiceUnit.State now = service.queryState();
        return !state.inForce
                ? "runs as it did before this step (systemctl restart"
                : now.hasFailed() || now.restarts() > 0
                        ? "has failed since it was started (journalctl -u"
                        : "";
    }

    /**
     * Writes a test record, and waits until the logs have it.
     *
     * @throws CommandFailure if it does not come
     */
    void requireRecords() {
        long before = testRecords();
        Canary.make(new SandboxExec());
        for (int i = 0; i < CANARY_TRIES; i++) {
            if (testRecords() > before) {
                return;
            }
            try {
                Thread.sleep(CANARY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        throw noRecords(logs().get(0), "a test record did not come: does auditd run?");
    }

    private long testRecords() {
        return logs().stream().mapToLong(this::testRecords).sum();
    }

    /** Does not read again what nobody has written to. A log that is rotated keeps its key. */
    private long testRecords(Path log) {
        try {
            BasicFileAttributes now = Files.readAttributes(log, BasicFileAttributes.class);
            Counted before = counted.get(now.fileKey());
            if (before == null || before.size != now.size()) {
                LogFilter all = LogFilter.all().andCanaries();
                before =
                        new Counted(
                                now.size(),
                                GivenEvidence.tally(GivenEvidence.sources(List.of(log)), all, false)
                                        .testRecords());
                counted.put(now.fileKey(), before);
            }
            return before.testRecords;
        } catch (IOException e) {
            throw CommandFailure.ownFailure(log + ": " + FileFailure.reason(e));
        }
    }

    private List<Path> logs() {
        if (!state.logs.isEmpty()) {
            return state.logs.stream().map(Path::of).toList();
        }
        try (Stream<Path> files = Files.list(LOGS)) {
            List<Path> found =
                    files.filter(file -> file.getFileName().toString().startsWith(LOG)).toList();
            if (found.isEmpty()) {
                throw noRecords(LOGS, "no log");
            }
            return found;
        } catch (IOException e) {
            throw noRecords(LOGS, FileFailure.reason(e));
        }
    }

    private static CommandFailure noRecords(Path where, String why) {
        return CommandFailure.ownFailure(
                ("%s: %s (--log names another log; without auditd, this keeps one: dmesg --follow"
                                + " >>FILE &)")
                        .formatted(where, why));
    }
}
