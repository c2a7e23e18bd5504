// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import io.sandbox.outcome.CommandFailure;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A container that has ended, or of which a process may have ended, as its engine remembers it.
 *
 * @param engine whose container it is, such as podman
 * @param status of its first process; empty if that runs
 * @param ended or now
 * @param complaints lines of its output that may come from a refused call
 */
public record EndedContainer(
        String engine,
        OptionalInt status,
        Instant created,
        Instant started,
        Instant ended,
        List<String> complaints) {
    /** What strerror(3) says of the errors that filters answer, and shells of SIGSYS. */
    private static final Pattern COMPLAINT =
            Pattern.compile(
                    "(?i)operation not permitted|permission denied|function not implemented"
                            + "|bad system call");

    private static final int LAST_LINES = 200;
    private static final int COMPLAINTS = 5;

    /** Asks the engines of this machine. Throws {@link CommandFailure} if none knows it. */
    public static EndedContainer query(String word) {
        for (String engine : RunningContainer.ENGINES) {
            Optional<String> state =
                    RunningContainer.ask(
                            false,
                            engine,
                            "container",
                            "inspect",
                            "--format",
                            "[{{json .State}},{{json .Created}}]",
                            word);
            if (state.isPresent()) {
                return of(engine, word, state.get());
            }
        }
        throw CommandFailure.ownFailure(
                ("container %s: no engine here knows it (podman and docker were asked; --rm has"
                                + " them forget it, and podman with another storage needs the same"
                                + " CONTAINERS_STORAGE_CONF here)")
                        .formatted(word));
    }

    private static EndedContainer of(String engine, String word, String json) {
        try {
            List<Object> answer = JSON.std.listFrom(json);
            Map<?, ?> state = (Map<?, ?>) answer.get(0);
            if ("created".equals(state.get("Status"))) {
                throw CommandFailure.ownFailure(
                        "container " + word + ": was never started (see what its engine printed)");
            }
            boolean runs = Boolean.TRUE.equals(state.get("Running"));
            int status = ((Number) state.get("ExitCode")).intValue();
            return new EndedContainer(
                    engine,
                    runs ? OptionalInt.empty() : OptionalInt.of(status),
                    time(answer.get(1)),
                    time(state.get("StartedAt")),
                    runs ? Instant.now() : time(state.get("FinishedAt")),
                    queryComplaints(engine, word));
        } catch (IOException
                | ClassCastException
                | NullPointerException
                | IndexOutOfBoundsException
                | DateTimeException e) {
            throw CommandFailure.ownFailure(
                    "container " + word + ": " + engine + " tells its state in an unknown form");
        }
    }

    private static Instant time(Object text) {
        return OffsetDateTime.parse((String) text).toInstant();
    }

    private static List<String> queryComplaints(String engine, String word) {
        return RunningContainer.ask(
                        true, engine, "logs", "--tail", Integer.toString(LAST_LINES), word)
                .orElse("")
                .lines()
                .filter(line -> COMPLAINT.matcher(line).find())
                .limit(COMPLAINTS)
                .toList();
    }
}
