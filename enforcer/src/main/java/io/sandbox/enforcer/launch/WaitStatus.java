// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/** How a process ended, as a status of waitpid(2) says it; numbers, since /proc has them too. */
public final class WaitStatus {
    private static final int SIGNAL_MASK = 0x7f;
    private static final int EXIT_SHIFT = 8;
    private static final int EXIT_MASK = 0xff;

    private WaitStatus() {}

    /** That of a process which this signal has ended. */
    public static int ofSignal(int signal) {
        return signal;
    }

    /** The signal that ended it; 0 if it ended by itself. */
    public static int signal(int waitStatus) {
        return waitStatus & SIGNAL_MASK;
    }

    /** What it gave exit(2), if it ended by itself. */
    public static int exitStatus(int waitStatus) {
        return waitStatus >> EXIT_SHIFT & EXIT_MASK;
    }
}
