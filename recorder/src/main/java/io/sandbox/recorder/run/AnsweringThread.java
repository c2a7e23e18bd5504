// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;

/** The thread that answers the calls of a target as soon as they are asked about. */
final class AnsweringThread {
    private static final long END_PATIENCE_MILLIS = 1000;

    private final CallListener calls;
    private final Runnable answer;
    private final Thread thread = new Thread(this::answerAll, "answers");
    private volatile Throwable failure;
    private volatile boolean stopped;

    /** {@code answer} answers the call that the listener has received. */
    AnsweringThread(CallListener calls, Runnable answer) {
        this.calls = calls;
        this.answer = answer;
    }

    void start() {
        // The thread may wait for ever. Our process must be able to end all the same.
        thread.setDaemon(true);
        thread.start();
    }

    private void answerAll() {
        try {
            while (!stopped) {
                if (calls.receive()) {
                    answer.run();
                } else if (calls.isOrphaned()) {
                    return;
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    /** Throws {@link IllegalStateException} when the calls cannot be answered any more. */
    void requireGoingOn() {
        if (failure != null) {
            throw new IllegalStateException("the program's calls cannot be answered", failure);
        }
    }

    /** The call that it waits for, or answers now, is the last that it answers. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Closes the listener. The thread must have been stopped, or no process may be left. */
    void close() {
        try {
            thread.join(END_PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Before Linux 6.11 the kernel does not wake the thread when no process is left. It still
        // uses the listener then.
        if (!thread.isAlive()) {
            calls.close();
        }
    }
}
