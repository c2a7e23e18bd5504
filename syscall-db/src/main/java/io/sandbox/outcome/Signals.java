// SPDX-License-Identifier: Apache-2.0
package io.sandbox.outcome;

import java.util.List;
import java.util.Locale;

/** Numbers of signals (signal(7)), the same on all architectures that we run on. */
public final class Signals {
    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGKILL = 9;
    public static final int SIGPIPE = 13;
    public static final int SIGTERM = 15;
    public static final int SIGSYS = 31;

    /** The names of the signals from 1 on, without SIG. */
    private static final List<String> NAMES =
            List.of(
                    ("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT"
                                    + " CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF"
                                    + " WINCH IO PWR SYS")
                            .split(" "));

    private Signals() {}

    /**
     * The number of a signal, which may be named with or without SIG, or by its number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static int parse(String word) {
        String name = word.toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
        int place = NAMES.indexOf(name);
        if (place >= 0) {
            return place + 1;
        }
        if (word.matches("[0-9]{1,2}") && !name(Integer.parseInt(word)).equals(word)) {
            return Integer.parseInt(word);
        }
        throw new IllegalArgumentException(word + ": no signal (such as TERM, INT or HUP)");
    }

    /** The name of a signal, such as SIGTERM; its number if it has none. */
    public static String name(int number) {
        return number >= 1 && number <= NAMES.size()
                ? "SIG" + NAMES.get(number - 1)
                : Integer.toString(number);
    }
}
