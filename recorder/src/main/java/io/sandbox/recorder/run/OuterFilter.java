// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.outcome.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A filter from before our start, mostly a container's. It holds for all that we start. */
final class OuterFilter {
    private static final Path OWN_STATUS = Path.of("/proc/self/status");

    /**
     * What a recording cannot show because of such a filter.
     *
     * @param refusalsSeen whether the recording shows calls that the filter refuses
     */
    static Signs querySigns(boolean refusalsSeen) {
        try {
            return parseSigns(Files.readAllLines(OWN_STATUS), refusalsSeen);
        } catch (IOException e) {
            throw CommandFailure.ownFailure(OWN_STATUS + ": " + e);
        }
    }

    /** {@code status}: the lines of a file /proc/PID/status (proc(5)). */
    static Signs parseSigns(List<String> status, boolean refusalsSeen) {
        return new Signs()
                .addIf(
                        status.stream().anyMatch(line -> line.matches("Seccomp:\\s*[12]")),
                        refusalsSeen ? Sign.Kind.OUTER_FILTER_IS_SEEN : Sign.Kind.OUTER_FILTER);
    }
}
