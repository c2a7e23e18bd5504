// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.syscalldb.ObservedCall;
import java.util.Set;

/**
 * Tells the calls of a container runtime from those of the container. The runtime loads the filter
 * into the container's first process and then executes the program, so the filter sees what it does
 * in between. For one thread.
 */
final class RuntimePhase {
    private static final Set<String> EXECUTIONS = Set.of("execve", "execveat");

    private final EvidenceCollector evidence;
    private final boolean returnsAreSeen;
    private boolean over;

    /** The first process's executable while it is the runtime; null before its first call. */
    private String runtime;

    /** The process and the thread that may have executed the program since, or 0. */
    private int executing;

    private int executingThread;

    /**
     * @param evidence takes the runtime's calls
     * @param returnsAreSeen whether we are asked when a signal handler returns
     */
    RuntimePhase(EvidenceCollector evidence, boolean returnsAreSeen) {
        this.evidence = evidence;
        this.returnsAreSeen = returnsAreSeen;
    }

    boolean returnsAreSeen() {
        return returnsAreSeen;
    }

    EvidenceCollector evidence() {
        return evidence;
    }

    /** Whether the runtime made the call. To be asked for every call, in order. */
    boolean isOf(CallListener call, Callers.Known caller) {
        if (over) {
            return false;
        }
        if (runtime == null) {
            runtime = ProcessStatus.queryImage(call.thread());
        } else if (executing != 0 && executing == caller.process()) {
            over = hasExecuted(call);
        }
        if (EXECUTIONS.contains(ObservedCall.of(call.auditArch(), call.number()).displayName())) {
            executing = caller.process();
            executingThread = call.thread();
        }
        return !over;
    }

    /** Whether the program runs. A failed execution is repeated while other threads go on. */
    private boolean hasExecuted(CallListener call) {
        String image = ProcessStatus.queryImage(call.thread());
        boolean unseen = image.isEmpty() && call.thread() == executingThread;
        return unseen || !image.equals(runtime);
    }
}
