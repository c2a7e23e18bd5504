// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.util.Optional;
import java.util.function.UnaryOperator;

/** A sandbox-exec that answers each message. */
record Answers(UnaryOperator<String> answer, StringBuilder last) implements Conversation {
    Answers(UnaryOperator<String> answer) {
        this(answer, new StringBuilder());
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public void send(String message) {
        last.replace(0, last.length(), message);
    }

    @Override
    public void send(String line, byte[] rest) {
        send(line);
    }

    @Override
    public String receive() {
        return answer.apply(last.toString());
    }

    @Override
    public Optional<String> poll() {
        return Optional.empty();
    }

    @Override
    public CallListener takeListener() {
        throw new AssertionError("none comes");
    }
}
