// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Only the process that is meant gets a signal. */
final class PidFdTest {
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;

    @Test
    void signal_numberMeansAnotherProcess_isNotSent() throws Exception {
        Process child = new ProcessBuilder("sleep", "1000").start();
        try {
            int number = (int) child.pid();
            PidFd.signal(number, SIGKILL, () -> false);
            assertFalse(child.waitFor(100, TimeUnit.MILLISECONDS));
            PidFd.signal(number, SIGTERM, () -> true);
            assertEquals(128 + SIGTERM, child.waitFor());
        } finally {
            child.destroyForcibly();
        }
    }
}
