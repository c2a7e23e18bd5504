// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.Sign;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

class ServiceRecorderTest {
    private static Set<Integer> processes(String text) {
        Set<Integer> processes = new TreeSet<>();
        text.chars().forEach(processes::add);
        return processes;
    }

    /** Each letter is a process. */
    @Table
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
