// SPDX-License-Identifier: Apache-2.0
package io.sandbox.outcome;

/** Reads statuses of waitpid(2), by their bits, which are also in /proc. */
public final class WaitStatus {
    private static final int SIGNAL_MASK = 0x7f;
    private static final int EXIT_SHIFT = 8;
    private static final int EXIT_MASK = 0xff;

    private WaitStatus() {}

    /** The status of a process that this signal ended. */
    public static int ofSignal(int signal) {
        return signal;
    }

    /** The status of a process that ended by itself. */
    public static int ofExit(int status) {
        return status << EXIT_SHIFT;
    }

    /** The signal that ended the process; 0 if it ended by itself. */
    public static int signal(int waitStatus) {
        return waitStatus & SIGNAL_MASK;
    }

    /** The argument of exit(2), if the process ended by itself. */
    public static int exitStatus(int waitStatus) {
        return waitStatus >> EXIT_SHIFT & EXIT_MASK;
    }
}
