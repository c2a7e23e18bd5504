// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A filter that was in force before us, and so is for whatever we start: a container's, mostly. */
final class OuterFilter {
    static final String RESERVATION =
            "a seccomp filter was in force before we started: a call that it refuses is not listed,"
                    + " and the program may have gone another way than it goes without";

    private static final Path OWN_STATUS = Path.of("/proc/self/status");

    private OuterFilter() {}

    /** What a recording cannot show because of it; one sentence, or none if there is no filter. */
    static List<String> queryReservations() {
        try {
            return parseReservations(Files.readAllLines(OWN_STATUS));
        } catch (IOException e) {
            throw CommandFailure.ownFailure(OWN_STATUS + ": " + e);
        }
    }

    /**
     * @param status the lines of a file /proc/PID/status (proc(5))
     */
    static List<String> parseReservations(List<String> status) {
        return status.stream().noneMatch(line -> line.matches("Seccomp:\\s*[12]"))
                ? List.of()
                : List.of(RESERVATION);
    }
}
