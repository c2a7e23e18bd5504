// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;

import io.sandbox.outcome.CommandFailure;
import java.util.Optional;
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
        return new SandboxExec(
                new Conversation() {
                    @Override
                    public int descriptor() {
                        return -1;
                    }

                    @Override
                    public void send(String message) {
                        // Whatever it is, the answer is the same.
                    }

                    @Override
                    public void send(String line, byte[] rest) {
                        // Whatever it is, the answer is the same.
                    }

                    @Override
                    public String receive() {
                        return answer;
                    }

                    @Override
                    public Optional<String> poll() {
                        return Optional.empty();
                    }

                    @Override
                    public CallListener takeListener() {
                        throw new AssertionError("none comes");
                    }
                });
    }
}
