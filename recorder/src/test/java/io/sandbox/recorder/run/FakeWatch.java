// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands for the environment of a {@link NotifyRecorder}: {@code sandbox-exec}, the listener of the
 * target's filter, and the time. The steps of the listener run in the recorder's thread for calls,
 * so two threads use this.
 */
final class FakeWatch extends FakeConversation implements Waiters {
    private static final int MOMENT_NANOS = 50_000;

    FakeListener listener;

    private final int program;

    /** Whether the filter of the program comes into force before it ends. */
    boolean listens = true;

    private volatile boolean gone;

    FakeWatch() {
        this(FakeListener.NOBODY);
    }

    /** {@code program}: the target's process, which makes the calls. */
    FakeWatch(int program) {
        this.program = program;
        listener = new FakeListener(program);
    }

    FakeWatch thenCall(int number, long... arguments) {
        listener.ask(number, arguments);
        return this;
    }

    FakeWatch then(Runnable event) {
        listener.then(event);
        return this;
    }

    FakeWatch thenMessage(String message) {
        return then(() -> say(message));
    }

    FakeWatch thenEnd() {
        return thenMessage("ended 0").then(listener::hangUp);
    }

    /** The next program has a listener of its own. */
    void again() {
        listener = new FakeListener(program);
    }

    /** {@code sandbox-exec} has been killed. */
    void loseSupervisor() {
        gone = true;
    }

    @Override
    public void send(String message) {
        requests.add(message);
        switch (message.split(" ")[0]) {
            case "watch" -> say("process " + program);
            case "output" -> say("output different");
            case "go" -> {
                say("running");
                say(listens ? "listener" : "ended 256");
            }
            default -> throw new AssertionError(message);
        }
    }

    @Override
    public Optional<String> poll() {
        String message = messages.poll();
        if (message == null && gone) {
            throw new ControlException();
        }
        return Optional.ofNullable(message);
    }

    @Override
    public CallListener takeListener() {
        return listener;
    }

    @Override
    public Waiter of(int... descriptors) {
        return withEndOfLast(descriptors);
    }

    /** Returns soon, so that tests are fast. */
    @Override
    public Waiter withEndOfLast(int... descriptors) {
        boolean hearsTheEnd = descriptors[descriptors.length - 1] == FakeListener.DESCRIPTOR;
        return new Waiter() {
            @Override
            public boolean await(int millis) {
                if (millis > 0) {
                    LockSupport.parkNanos(MOMENT_NANOS);
                }
                return hearsTheEnd && listener.isOrphaned();
            }

            @Override
            public boolean hasCome(int index) {
                throw new AssertionError("nobody asks");
            }
        };
    }
}
