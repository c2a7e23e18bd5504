// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

/** What happens to a call. */
public sealed interface Action {
    /** The actions without a parameter. */
    enum Plain implements Action {
        /** The call is made, as if there were no filter. */
        ALLOW,
        /** Ends the process with all its threads. */
        KILL,
        KILL_THREAD,
        /** Sends SIGSYS to the calling thread. */
        TRAP,
        /** The call is made and leaves an audit record. */
        LOG,
        /** Who has the filter's listener decides; without one, the call fails with ENOSYS. */
        NOTIFY
    }

    /**
     * The call is not made and fails with an errno.
     *
     * @param number 0 to 65535. C libraries take 1 to 4095 as errors, and lists can say only these;
     *     with 0 the call seems to succeed, and the kernel takes all above 4095 for 4095
     */
    record Errno(int number) implements Action {
        /** MAX_ERRNO of linux/err.h. */
        public static final int MAX = 4095;

        public Errno {
            requireData("errno", number);
        }

        /** Whether C libraries take it as an error. */
        public boolean isUsual() {
            return number >= 1 && number <= MAX;
        }
    }

    /**
     * The process's tracer decides; without one that asks, the call fails with ENOSYS.
     *
     * @param number what the tracer is told, 0 to 65535
     */
    record Trace(int number) implements Action {
        public Trace {
            requireData("trace", number);
        }
    }

    /** What a filter can return beside the action (SECCOMP_RET_DATA of linux/seccomp.h). */
    int MAX_DATA = 0xffff;

    private static void requireData(String action, int number) {
        if (number < 0 || number > MAX_DATA) {
            throw new IllegalArgumentException(action + " " + number);
        }
    }

    Action ALLOW = Plain.ALLOW;
    Action KILL = Plain.KILL;
    Action KILL_THREAD = Plain.KILL_THREAD;
    Action TRAP = Plain.TRAP;
    Action LOG = Plain.LOG;
    Action NOTIFY = Plain.NOTIFY;

    static Action errno(int number) {
        return new Errno(number);
    }

    /** Whether the kernel makes the call. */
    default boolean passes() {
        return this == ALLOW || this == LOG;
    }

    /** Whether the kernel does not make the call, whatever a tracer or listener says. */
    default boolean refuses() {
        return !passes() && this != NOTIFY && !(this instanceof Trace);
    }
}
