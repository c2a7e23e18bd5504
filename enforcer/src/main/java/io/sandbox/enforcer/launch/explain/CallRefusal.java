// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.explain;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.Signals;
import io.sandbox.enforcer.launch.process.Caller;
import io.sandbox.enforcer.launch.process.ObservedCall;
import java.util.Optional;

/**
 * Ends a process in the kernel's place: the filter asks, the process dies, and makes no such call,
 * as under a filter whose verdict is to kill it.
 */
public final class CallRefusal {

    /** Long enough to write a core file; only process 1 of a PID namespace survives SIGSYS. */
    private static final int SIGSYS_PATIENCE_MILLIS = 10_000;

    private CallRefusal() {}

    /**
     * Ends the process whose call {@code call} is about.
     *
     * @return the call; empty if the process does not wait in it any more, and nothing was done
     */
    public static Optional<RefusedCall> refuse(CallListener call) {
        Caller caller = Caller.query(call.thread(), call.instruction());
        Optional<PidFd> process = PidFd.open(caller.process());
        if (process.isEmpty()) {
            return Optional.empty();
        }
        try (PidFd held = process.get()) {
            // What was read, and is held, is the caller's if it still waits.
            if (!call.isWaiting()) {
                return Optional.empty();
            }
            end(held, caller);
        }
        return Optional.of(
                new RefusedCall(
                        ObservedCall.of(call.auditArch(), call.number()),
                        call.arguments(),
                        caller));
    }

    /** By the signal that the kernel would use, so that its parent sees the same. */
    private static void end(PidFd process, Caller caller) {
        if (caller.diesOfSigsys()) {
            process.signal(Signals.SIGSYS);
            if (process.awaitEnd(SIGSYS_PATIENCE_MILLIS)) {
                return;
            }
        }
        process.signal(Signals.SIGKILL);
    }
}
