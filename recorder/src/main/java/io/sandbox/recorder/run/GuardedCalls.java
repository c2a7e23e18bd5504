// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.recorder.evidence.EvidenceCollector;
import io.sandbox.recorder.evidence.OwnFilters;

/**
 * The few calls of a logged target that its filter asks about instead of logging them ({@link
 * io.sandbox.enforcer.seccomp.BpfProgram#guardingEvidence}), because through them the target could
 * keep other calls from being logged. Each becomes evidence if it would have left a record, and is
 * then let through. For one thread.
 */
final class GuardedCalls implements AutoCloseable {
    private final CallListener calls;
    private final EvidenceCollector evidence;
    private final Callers callers = new Callers(false);
    private final UnseenCalls unseen;
    private final CallSighting sighting;
    private final FilterLoads loads = new FilterLoads();

    /**
     * @param calls closed with this
     */
    GuardedCalls(CallListener calls, RunPlan plan, EvidenceCollector evidence) {
        this.calls = calls;
        unseen = new UnseenCalls(plan);
        this.evidence = evidence;
        sighting = new CallSighting(calls);
    }

    /** Answers all calls that wait. */
    void answerWaiting() {
        while (calls.poll()) {
            loads.note(calls);
            if (!unseen.include(calls)) {
                evidence.add(sighting.by(callers.identify(calls)));
            }
            calls.letThrough();
        }
    }

    /** Whether the kernel says that no process under the target's filter is left. */
    boolean isOrphaned() {
        return calls.isOrphaned();
    }

    int descriptor() {
        return calls.descriptor();
    }

    OwnFilters ownFilters() {
        return loads.found();
    }

    @Override
    public void close() {
        calls.close();
    }
}
