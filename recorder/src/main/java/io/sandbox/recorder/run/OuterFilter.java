// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.outcome.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A filter that was in force when we were started, mostly a container's. It holds for everything
 * that we start.
 */
final class OuterFilter {
    private static final String FOUND = "a seccomp filter was already in force: ";

    private static final String OTHER_WAY = " the program may have run differently because of it";

    static final String RESERVATION =
            FOUND + "calls that it refuses are not listed, and" + OTHER_WAY;

    private static final String REFUSAL_SEEN = FOUND + "if it refused a call," + OTHER_WAY;

    private static final Path OWN_STATUS = Path.of("/proc/self/status");

    private OuterFilter() {}

    /**
     * What a recording cannot show because of such a filter: one sentence, or none without a
     * filter.
     *
     * @param refusalsSeen whether the recording shows calls that the filter refuses
     */
    static List<String> queryReservations(boolean refusalsSeen) {
        try {
            return parseReservations(Files.readAllLines(OWN_STATUS), refusalsSeen);
        } catch (IOException e) {
            throw CommandFailure.ownFailure(OWN_STATUS + ": " + e);
        }
    }

    /**
     * @param status the lines of a file /proc/PID/status (proc(5))
     */
    static List<String> parseReservations(List<String> status, boolean refusalsSeen) {
        return status.stream().noneMatch(line -> line.matches("Seccomp:\\s*[12]"))
                ? List.of()
                : List.of(refusalsSeen ? REFUSAL_SEEN : RESERVATION);
    }
}
