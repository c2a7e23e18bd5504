// SPDX-License-Identifier: Apache-2.0
package io.sandbox.outcome;

/** All exit statuses of our own. A target's status is passed on unchanged. */
public final class ExitCodes {
    public static final int OK = 0;

    /** For commands that look up or compare: nothing was found, or there is a difference. */
    public static final int NOTHING_FOUND = 1;

    /** For commands that look up or compare: an error, or wrong usage. */
    public static final int LOOKUP_ERROR = 2;

    /** A failure of ours or wrong usage of a runner, as of env(1), timeout(1), nohup(1). */
    public static final int OWN_FAILURE = 125;

    /** The status after an end by a signal, less its number. */
    public static final int SIGNAL_BASE = 128;

    /** Our output's reader has gone: as an end by SIGPIPE, which Java ignores. */
    public static final int BROKEN_PIPE = SIGNAL_BASE + Signals.SIGPIPE;

    /** An end by SIGTERM; some programs also exit with it when they end normally then. */
    public static final int ENDED_BY_SIGTERM = SIGNAL_BASE + Signals.SIGTERM;

    private ExitCodes() {}

    /** Translates a status of waitpid(2) as shells do: the exit status, or 128+n for signal n. */
    public static int ofWaitStatus(int waitStatus) {
        int signal = WaitStatus.signal(waitStatus);
        return signal == 0 ? WaitStatus.exitStatus(waitStatus) : SIGNAL_BASE + signal;
    }
}
