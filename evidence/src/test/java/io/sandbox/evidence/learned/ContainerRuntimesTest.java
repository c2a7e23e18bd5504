// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.testing.RunText;
import io.sandbox.syscalldb.testing.Table;

class ContainerRuntimesTest {
    @Table
    void in_runs_areThoseOfTheirProgramsAndCommands(String runs, String runtimes) {
        assertEquals(runtimes, String.join(" ", ContainerRuntimes.in(RunText.recording(runs))));
    }
}
