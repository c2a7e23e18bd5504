// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.explain;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.process.Caller;
import io.sandbox.enforcer.launch.process.ProcessMemory;
import io.sandbox.outcome.Signals;
import io.sandbox.syscalldb.ObservedCall;
import java.io.IOException;
import java.util.Optional;

/** Kills a process for the kernel: the filter asks about a call, which is never made. */
public final class CallRefusal {

    /** Long enough to write a core file. Only process 1 of a PID namespace survives SIGSYS. */
    private static final int SIGSYS_PATIENCE_MILLIS = 10_000;

    private CallRefusal() {}

    /**
     * Kills the process that makes the call.
     *
     * @return the refused call; empty if the process does not wait any more
     */
    public static Optional<RefusedCall> refuse(CallListener call) {
        Caller caller = Caller.query(call.thread(), call.instruction());
        ObservedCall observed = ObservedCall.of(call.auditArch(), call.number());
        Optional<String> program =
                observed.displayName().equals("execve") ? path(call) : Optional.empty();
        Optional<PidFd> process = PidFd.open(caller.process());
        if (process.isEmpty()) {
            return Optional.empty();
        }
        try (PidFd held = process.get()) {
            // If the caller still waits, what we read and the process that we hold are its own.
            if (!call.isWaiting()) {
                return Optional.empty();
            }
            end(held, caller);
        }
        return Optional.of(new RefusedCall(observed, call.arguments(), caller, program));
    }

    private static Optional<String> path(CallListener call) {
        try {
            return Optional.of(ProcessMemory.readPath(call.thread(), call.argument(0)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Uses the kernel's signal, so that the parent sees the same status. */
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
