// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.Sign;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceRecorderTest {
    private static Set<Integer> processes(String text) {
        Set<Integer> processes = new TreeSet<>();
        text.chars().forEach(processes::add);
        return processes;
    }

    /** Each letter is a process. */
    @ParameterizedTest
    @CsvSource({
        "false, abc, 0, abc, ''",
        "false, abc, 0, ab, COMMAND_UNRECORDED",
        "false, '', 0, abc, COMMAND_UNRECORDED", // forgotten
        "false, bc, 1, abc, ''", // a is of the start before
        "false, bc, 2, abc, COMMAND_UNRECORDED",
        "true, abc, 0, '', NO_SERVICE"
    })
    void signs_commandsAndWhoHandedOver(
            boolean isEmpty, String commands, int restarts, String handedOver, String expected) {
        List<Sign> signs =
                ServiceRecorder.signs(isEmpty, processes(commands), restarts, processes(handedOver))
                        .all();
        assertEquals(
                expected,
                signs.stream().map(sign -> sign.kind().name()).collect(Collectors.joining()));
    }
}
