// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import io.sandbox.outcome.CommandFailure;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * A thread of another process that we have stopped, as its tracer ({@code
 * preload/src/java/stopped_thread.c}). The kernel takes a tracer's requests from one thread only,
 * and lets go of the other process when that thread ends.
 */
public final class StoppedThread {
    static {
        NativeCode.load();
    }

    private static final int EPERM = 1;
    private static final int ETIMEDOUT = 110;

    private final int thread;
    private boolean avoidsRestart = true;

    private StoppedThread(int thread) {
        this.thread = thread;
    }

    /**
     * Stops a thread while something looks at it. The look is taken by a thread of its own, which
     * goes on waiting for a stop that takes too long: the process is let go in any case.
     *
     * @throws CommandFailure if the kernel does not let us, or it does not stop in time; also what
     *     the look throws
     */
    public static <T> T examine(int thread, Function<StoppedThread, T> look) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread tracer = new Thread(() -> trace(thread, look, result), "tracer of " + thread);
        tracer.setDaemon(true);
        tracer.start();
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof CommandFailure failure) {
                throw failure;
            }
            throw e;
        }
    }

    private static <T> void trace(
            int thread, Function<StoppedThread, T> look, CompletableFuture<T> result) {
        try {
            int error = attach(thread);
            int signal = error < 0 ? error : awaitStop(thread, false);
            if (signal == -ETIMEDOUT) {
                result.completeExceptionally(failure(thread, ETIMEDOUT));
                signal = awaitStop(thread, true);
            }
            if (signal < 0) {
                result.completeExceptionally(failure(thread, -signal));
                return;
            }
            StoppedThread stopped = new StoppedThread(thread);
            T seen = null;
            try {
                if (!result.isDone()) {
                    seen = look.apply(stopped);
                }
            } finally {
                release(thread, signal, stopped.avoidsRestart);
            }
            result.complete(seen);
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    private static CommandFailure failure(int thread, int errno) {
        String why =
                switch (errno) {
                    case LibC.ESRCH -> "no such process, or it is ending";
                    case EPERM -> "may not be traced (as root, and with ptrace_scope below 3?)";
                    case ETIMEDOUT -> "cannot be stopped now: it waits in the kernel";
                    default -> LibC.strerror(errno);
                };
        return CommandFailure.ownFailure("process " + thread + ": " + why);
    }

    /**
     * A wait that was interrupted may go on by restart_syscall(2): its filters are known to allow
     * that. Else the call is made anew, with its full time.
     */
    public void allowRestart() {
        avoidsRestart = false;
    }

    /**
     * @param index 0 for the oldest
     * @param code a direct buffer for 4096 instructions
     * @return how many instructions it has, or -errno
     */
    public int readFilter(int index, ByteBuffer code) {
        return readFilter(thread, index, code);
    }

    /** SECCOMP_FILTER_FLAG_LOG or not, or -errno. */
    public int readFlags(int index) {
        return readFlags(thread, index);
    }

    /** The AUDIT_ARCH value of its calls; 0 if the kernel does not tell. */
    public int readArch() {
        return readArch(thread);
    }

    /** 0, after which the thread is to be waited for, or -errno. */
    private static native int attach(int thread);

    /**
     * @param patient without a limit of time
     * @return the signal with which it stopped, 0 if it has none of its own, or -errno
     */
    private static native int awaitStop(int thread, boolean patient);

    private static native int readFilter(int thread, int index, ByteBuffer code);

    private static native int readFlags(int thread, int index);

    private static native int readArch(int thread);

    private static native int release(int thread, int signal, boolean avoidsRestart);
}
