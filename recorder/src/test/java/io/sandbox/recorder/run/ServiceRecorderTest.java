// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
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
        "abc, 0, abc, false",
        "abc, 0, ab, true",
        "'', 0, abc, true", // forgotten
        "bc, 1, abc, false", // a is of the start before
        "bc, 2, abc, true"
    })
    void isUnrecorded_commandThatDidNotHandOver(
            String commands, int restarts, String handedOver, boolean expected) {
        assertEquals(
                expected,
                ServiceRecorder.isUnrecorded(processes(commands), restarts, processes(handedOver)));
    }
}
