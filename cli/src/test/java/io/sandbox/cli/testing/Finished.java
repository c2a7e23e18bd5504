// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The result of a run, as a user sees it.
 *
 * @param status as a shell has it: 128+n for a signal
 * @param out standard output, one char for each byte
 * @param err standard error, one char for each byte
 */
public record Finished(int status, String out, String err) {
    public Finished assertStatus(int expected) {
        assertEquals(expected, status, this::toString);
        return this;
    }

    /** Expects all of these texts on standard output. */
    public Finished assertOut(String... texts) {
        return assertHas("standard output", out, texts);
    }

    /** Expects all of these texts on standard error. */
    public Finished assertErr(String... texts) {
        return assertHas("standard error", err, texts);
    }

    private Finished assertHas(String stream, String shown, String... texts) {
        for (String text : texts) {
            assertTrue(shown.contains(text), () -> stream + " lacks " + text + " in " + this);
        }
        return this;
    }

    public Finished assertOutIs(String expected) {
        assertEquals(expected, out, this::toString);
        return this;
    }

    public Finished assertNoOut() {
        return assertOutIs("");
    }

    public Finished assertNoErr() {
        assertEquals("", err, this::toString);
        return this;
    }
}
