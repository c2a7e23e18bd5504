// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.OwnFilters;
import io.sandbox.evidence.Signs;
import io.sandbox.outcome.Signals;

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
    private final int sharedFilters;

    /**
     * @param calls closed with this
     * @param sharedFilters how many filters each process of the target has that it did not load
     */
    GuardedCalls(CallListener calls, RunPlan plan, EvidenceCollector evidence, int sharedFilters) {
        this.calls = calls;
        this.sharedFilters = sharedFilters;
        unseen = new UnseenCalls(plan);
        this.evidence = evidence;
        sighting = new CallSighting(calls);
    }

    /** Answers calls that wait, but perhaps not all. */
    void answerWaiting() {
        for (int i = 0; i < MAX_ROUND && calls.poll(); i++) {
            Callers.Known caller = callers.identify(calls);
            boolean outranked = isOutranked();
            loads.note(calls);
            if (!unseen.include(calls)) {
                evidence.add(sighting.by(caller));
            }
            if (outranked || ownFilters().areRefused()) {
                ownFilters().programEnded();
                callers.signalAll(Signals.SIGKILL);
            } else {
                calls.letThrough();
            }
        }
    }

    /** Whether the process's filter may hand it to a tracer; but our question goes first. */
    private boolean isOutranked() {
        return ownFilters().mayHandOver()
                && ProcessStatus.query(calls.thread()).filters().orElse(Integer.MAX_VALUE)
                        > sharedFilters;
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

    /** What may be missing because of filters that the target loads itself. */
    Signs signs() {
        return loads.found().signs(true);
    }

    @Override
    public void close() {
        calls.close();
    }
}
