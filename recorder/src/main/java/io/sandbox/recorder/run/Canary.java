// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.outcome.CommandFailure;

/**
 * A call that leaves a record and does nothing else, so that a log without any other record still
 * shows that records reach it. {@link ProbeNumber} recognises it.
 *
 * <p>It is a call, and not a user message of audit: its record takes the way that the evidence
 * takes. It needs no capability, and it proves that the action "log" works on this machine.
 */
public final class Canary {
    private Canary() {}

    /** Throws {@link CommandFailure} if the kernel would not write the record. */
    public static void make(SandboxExec sandboxExec) {
        try {
            SourceChoice.requireLogAction();
        } catch (SourceException e) {
            throw CommandFailure.ownFailure(e.getMessage());
        }
        sandboxExec.canary(ProbeNumber.next());
    }
}
