// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.recorder.evidence.EvidenceCollector;
import io.sandbox.recorder.evidence.OwnFilters;

/**
 * The few calls of a logged target that are asked about instead ({@link
 * io.sandbox.enforcer.seccomp.BpfProgram#guardingEvidence}), since others could be kept from being
 * logged by them. Each is taken into the evidence if it would have left a record, and then let
 * through. For one thread.
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

    /** Whether no process under the target's filter is left, by the kernel's word. */
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
