// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.policy;

/** What happens to a call. */
public sealed interface Action {
    /** The actions that are just that. */
    enum Plain implements Action {
        /** The call goes on, as if there were no filter. */
        ALLOW,
        /** Ends the process, all its threads. */
        KILL,
        /** Ends the calling thread. */
        KILL_THREAD,
        /** SIGSYS for the calling thread. */
        TRAP,
        /** The call goes on and leaves an audit record. */
        LOG
    }

    /**
     * The call fails.
     *
     * @param number 1 to 4095; what the caller's C library takes for an error
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
