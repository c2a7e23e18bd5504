// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.nio.ByteBuffer;

/**
 * A thread of another process that we have stopped, as its tracer ({@code
 * preload/src/java/stopped_thread.c}). All methods are to be called by the same thread. When this
 * process ends, the kernel lets go of the other.
 */
public final class StoppedThread implements AutoCloseable {
    static {
        NativeCode.load();
    }

    private static final int EPERM = 1;
    private static final int ETIMEDOUT = 110;

    private final int thread;

    /** With which it had stopped by itself; 0 if it had not. */
    private final int signal;

    private boolean avoidsRestart = true;

    private StoppedThread(int thread, int signal) {
        this.thread = thread;
        this.signal = signal;
    }

    /**
     * @throws CommandFailure if the kernel does not let us, or it does not stop
     */
    public static StoppedThread stop(int thread) {
        int signal = attach(thread);
        if (signal >= 0) {
            return new StoppedThread(thread, signal);
        }
        String why =
                switch (-signal) {
                    case LibC.ESRCH -> "no such process, or it is ending";
                    case EPERM -> "may not be traced (as root, and with ptrace_scope below 3?)";
                    case ETIMEDOUT -> "cannot be stopped now: it waits in the kernel";
                    default -> LibC.strerror(-signal);
                };
        throw CommandFailure.ownFailure("process " + thread + ": " + why);
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

    @Override
    public void close() {
        release(thread, signal, avoidsRestart);
    }

    /** The signal with which it stopped, 0 if it has none of its own, or -errno. */
    private static native int attach(int thread);

    private static native int readFilter(int thread, int index, ByteBuffer code);

    private static native int readFlags(int thread, int index);

    private static native int readArch(int thread);

    private static native int release(int thread, int signal, boolean avoidsRestart);
}
