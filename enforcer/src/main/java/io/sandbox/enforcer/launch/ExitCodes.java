// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/** Every exit status that is ours, in one place. A target's own status passes through untouched. */
public final class ExitCodes {
    public static final int OK = 0;

    /** Commands that look something up or compare: nothing found, or different. */
    public static final int NOTHING_FOUND = 1;

    /** Commands that look something up or compare: error or usage. */
    public static final int LOOKUP_ERROR = 2;

    /**
     * Commands that run a target: our own failure, usage included (as env(1), timeout(1),
     * nohup(1)).
     */
    public static final int OWN_FAILURE = 125;

    private static final int SIGNAL_BASE = 128;

    /** The reader of our output has gone: as if SIGPIPE had ended us, which Java ignores. */
    public static final int BROKEN_PIPE = SIGNAL_BASE + Signals.SIGPIPE;

    /** Also what a program exits with that ends in order upon SIGTERM and says so. */
    public static final int ENDED_BY_SIGTERM = SIGNAL_BASE + Signals.SIGTERM;

    private ExitCodes() {}

    /** What a shell makes of a status of waitpid(2): the exit status, or 128+n for signal n. */
    public static int ofWaitStatus(int waitStatus) {
        int signal = WaitStatus.signal(waitStatus);
        return signal == 0 ? WaitStatus.exitStatus(waitStatus) : SIGNAL_BASE + signal;
    }
}
