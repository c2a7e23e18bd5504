// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.OwnFilters;

/**
 * The few calls of a logged target that its filter asks about instead of logging them ({@link
 * io.sandbox.enforcer.seccomp.BpfProgram#guardingEvidence}), because through them the target could
 * keep other calls from being logged. Each becomes evidence if it would have left a record, and is
 * then let through. For one thread.
 */
final class GuardedCalls implements AutoCloseable {
    /** Processes that ask all the time must not keep us from everything else. */
    private static final int MAX_ROUND = 64;

    private final CallListener calls;
    private final EvidenceCollector evidence;
    private final Callers callers = new Callers(false);
    private final UnseenCalls unseen;
    private final CallSighting sighting;
    private final FilterLoads loads = new FilterLoads();
    private long lastId;
    private boolean questionLost;

    /**
     * @param calls closed with this
     */
    GuardedCalls(CallListener calls, RunPlan plan, EvidenceCollector evidence) {
        this.calls = calls;
        unseen = new UnseenCalls(plan);
        this.evidence = evidence;
        sighting = new CallSighting(calls);
    }

    /** Answers calls that wait, but perhaps not all. */
    void answerWaiting() {
        for (int i = 0; i < MAX_ROUND && calls.poll(); i++) {
            questionLost |= lastId != 0 && calls.id() != lastId + 1;
            lastId = calls.id();
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

    /**
     * Whether the kernel took a question back, which leaves a gap in their numbers. It does so when
     * a signal comes before we have read the question. The call has then failed with EINTR, or is
     * made again.
     */
    boolean questionWasLost() {
        return questionLost;
    }

    @Override
    public void close() {
        calls.close();
    }
}
