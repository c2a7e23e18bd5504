// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.recorder.run.Kinship.Kin;
import java.io.BufferedReader;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With processes of this machine, of which this one stands for whatever started the recording. */
final class LivingKinTest {
    private Process starter;

    @AfterEach
    void end() {
        starter.descendants().forEach(ProcessHandle::destroyForcibly);
        starter.destroyForcibly();
    }

    private int next(BufferedReader numbers) throws IOException {
        return Integer.parseInt(numbers.readLine());
    }

    @Test
    void kin_dependsOnWhoseChildAProcessReallyIs() throws IOException {
        String script =
                "sh -c 'sleep 60 & echo $$ $! | tr \" \" \"\\n\"; wait' & read go;"
                        + " sleep 60 & echo $!; sh -c 'sleep 60 & echo $!'; wait";
        starter = new ProcessBuilder("sh", "-c", script).start();
        BufferedReader numbers = starter.inputReader();
        int target = next(numbers);
        int descendant = next(numbers);
        LivingKin kin = new LivingKin(target);
        starter.outputWriter().append("go\n").close();
        int child = next(numbers);
        int orphan = next(numbers);
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            assertEquals(Kin.OURS, kin.of(descendant, pid -> pid == target));
            assertEquals(Kin.UNKNOWN, kin.of(child, pid -> pid == target), "CLONE_PARENT");
            assertEquals(Kin.UNKNOWN, kin.of(orphan, pid -> pid == target));
            assertEquals(Kin.STRANGER, kin.of((int) other.pid(), pid -> pid == target));
        } finally {
            other.destroy();
            ProcessHandle.of(orphan).ifPresent(ProcessHandle::destroy);
        }
        assertEquals(Kin.UNKNOWN, kin.of(orphan, pid -> pid == target));
    }
}
