// SPDX-License-Identifier: Apache-2.0
package io.sandbox.outcome;

/** Numbers of signals (signal(7)), the same on all architectures that we run on. */
public final class Signals {
    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGKILL = 9;
    public static final int SIGPIPE = 13;
    public static final int SIGTERM = 15;
    public static final int SIGSYS = 31;

    private Signals() {}
}
