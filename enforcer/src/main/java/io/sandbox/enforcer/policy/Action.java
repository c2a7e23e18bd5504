// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.policy;

/** What happens to a call. */
public sealed interface Action {
    /** The actions without a parameter. */
    enum Plain implements Action {
        /** The call is made, as if there were no filter. */
        ALLOW,
        /** Ends the process with all its threads. */
        KILL,
        /** Ends the calling thread. */
        KILL_THREAD,
        /** Sends SIGSYS to the calling thread. */
        TRAP,
        /** The call is made and leaves an audit record. */
        LOG
    }

    /**
     * The call fails with an errno.
     *
     * @param number 1 to 4095, the values that C libraries take as errors
     */
    record Errno(int number) implements Action {
        /** MAX_ERRNO of linux/err.h. */
        public static final int MAX = 4095;

        public Errno {
            if (number < 1 || number > MAX) {
                throw new IllegalArgumentException("errno " + number);
            }
        }
    }

    Action ALLOW = Plain.ALLOW;
    Action KILL = Plain.KILL;
    Action KILL_THREAD = Plain.KILL_THREAD;
    Action TRAP = Plain.TRAP;
    Action LOG = Plain.LOG;

    static Action errno(int number) {
        return new Errno(number);
    }
}
