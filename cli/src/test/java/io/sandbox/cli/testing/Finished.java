// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/**
 * The result of a run, as a user sees it.
 *
 * @param status as a shell has it: 128+n for a signal
 * @param out standard output, one char for each byte
 * @param err standard error, one char for each byte
 */
public record Finished(int status, String out, String err) {
    /** The lines that the command itself wrote to standard error. */
    public List<String> messages() {
        return err.lines().filter(line -> line.startsWith("sandbox learn: ")).toList();
    }

    /**
     * Expects a failure of the command: one line with all of {@code words}, and no standard output.
     */
    public void assertRefused(int expectedStatus, String... words) {
        assertRefusedBy("sandbox learn", expectedStatus, words);
    }

    public void assertRefusedBy(String command, int expectedStatus, String... words) {
        assertEquals(expectedStatus, status, this::toString);
        assertEquals("", out, "standard output");
        assertEquals(1, err.lines().count(), () -> "lines on standard error: " + err);
        for (String word : words) {
            assertTrue(
                    err.startsWith(command + ": ") && err.contains(word),
                    () -> word + " in: " + err);
        }
    }
}
