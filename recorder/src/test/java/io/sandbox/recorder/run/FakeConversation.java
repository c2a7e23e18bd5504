// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.Conversation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A sandbox-exec that says what is in a queue. */
abstract class FakeConversation implements Conversation {
    final Queue<String> messages = new ConcurrentLinkedQueue<>();
    final List<String> requests = new ArrayList<>();
    final AtomicLong nanos = new AtomicLong();

    final void passTime(long seconds) {
        nanos.addAndGet(seconds * 1_000_000_000L);
    }

    /** For those who wait by this time. */
    public final long nanoTime() {
        return nanos.get();
    }

    final void say(String message) {
        messages.add(message);
    }

    @Override
    public int descriptor() {
        return 3;
    }

    @Override
    public final void send(String line, byte[] rest) {
        send(line.strip());
    }

    @Override
    public final String receive() {
        if (messages.isEmpty()) {
            throw new AssertionError("the recorder waits for an answer that nobody gives");
        }
        return messages.remove();
    }

    @Override
    public Optional<String> poll() {
        return Optional.ofNullable(messages.poll());
    }

    @Override
    public CallListener takeListener() {
        throw new AssertionError("none comes");
    }
}
