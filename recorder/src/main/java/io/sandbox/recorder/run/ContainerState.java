// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sandbox.recorder.machine.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * What comes with a listener: the container process state of OCI's runtime specification
 * (runtime-linux.md, "ContainerProcessState"). It can be wrong or hostile.
 *
 * @param name what the profile calls the container, otherwise its id
 * @param process the process that has the filter, or its ancestor outside the container
 * @param isAncestor whether it is this ancestor: the runtime that waits for the process
 * @param isExec whether the container runs already, so this is an exec into it
 * @param fromRuntime whether a container runtime loaded the filter, and so makes calls under it
 *     before the program does; otherwise it was {@code sandbox-exec}
 * @param isAgain whether an earlier recorder had it, which has ended
 */
record ContainerState(
        String name,
        int process,
        boolean isAncestor,
        boolean isExec,
        boolean fromRuntime,
        boolean isAgain) {
    private static final int MAX_NAME = 255;

    /** What {@code sandbox-exec --hand-over} says of itself. */
    private static final String FROM = "io.sandbox.from";

    /**
     * @param peer the process that sent it; {@code sandbox-exec} sends its own state, and may have
     *     another number in its PID namespace
     * @throws IllegalArgumentException with the reason, if the text is no such state
     */
    static ContainerState parse(String text, int peer) {
        Map<String, Object> fields = read(text);
        if (!List.of("seccompFd").equals(fields.get("fds"))) {
            throw new IllegalArgumentException("fds: not the one name seccompFd");
        }
        if (!(fields.get("state") instanceof Map<?, ?> state)) {
            throw new IllegalArgumentException("state: not an object");
        }
        // crun 1.21 does not know the process of an exec; it says 0, and waits for its end itself.
        if (!(fields.get("pid") instanceof Integer process)
                || process < 0
                || process == 0 && peer <= 0) {
            throw new IllegalArgumentException("pid: not a process");
        }
        boolean again = Boolean.TRUE.equals(fields.get("again"));
        boolean fromRuntime = !again && !fields.containsKey(FROM);
        return new ContainerState(
                name(fields.get("metadata"), state.get("id")),
                (fromRuntime || again) && process > 0 ? process : peer,
                fromRuntime && process == 0,
                "running".equals(state.get("status")),
                fromRuntime,
                again);
    }

    /** The name that a process gives itself that joins without a listener. */
    static String nameIn(String text) {
        return read(text).get("state") instanceof Map<?, ?> state
                ? name(null, state.get("id"))
                : name(null, null);
    }

    private static Map<String, Object> read(String text) {
        try {
            return JsonObject.parse(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be read", e);
        }
    }

    private static String name(Object metadata, Object id) {
        Object name = metadata == null || metadata.equals("") ? id : metadata;
        if (!(name instanceof String text) || text.isEmpty() || text.length() > MAX_NAME) {
            throw new IllegalArgumentException("no name of 1 to " + MAX_NAME + " characters");
        }
        return text;
    }
}
