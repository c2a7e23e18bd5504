// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;

import io.sandbox.outcome.CommandFailure;
import org.junit.jupiter.api.Test;

class SandboxExecTest {
    @Test
    void requireSession_refusal_isALackOfTheMachine() {
        SourceException e =
                assertThrowsExactly(
                        SourceException.class, () -> answering("refused 125 no").requireSession());
        assertEquals("no", e.getMessage());
    }

    @Test
    void requireSession_signal_isNoLackOfTheMachine() {
        CommandFailure e =
                assertThrowsExactly(
                        CommandFailure.class,
                        () -> answering("refused 125 interrupted").requireSession());
        assertEquals("interrupted", e.getMessage());
    }

    private static SandboxExec answering(String answer) {
        return new SandboxExec(new Answers(message -> answer));
    }
}
