// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.Signs;
import io.sandbox.outcome.Signals;

/**
 * The few calls of a logged target that its filter asks about instead of logging them, because
 * through them the target could keep other calls from being logged ({@link
 * io.sandbox.enforcer.seccomp.BpfProgram#guardingEvidence}), or because their arguments count
 * ({@link AskedArguments}). Each becomes evidence if it would have left a record, and is then let
 * through. A thread of its own answers, so that the target does not wait for records to be read.
 * Only the thread that created the object may call its methods.
 */
final class GuardedCalls implements AutoCloseable {
    private final CallListener calls;
    private final EvidenceCollector evidence;

    /** Null if it does not matter which files are mapped. */
    private final MappedCode mapped;

    private final Callers callers = new Callers(false);
    private final UnseenCalls unseen;
    private final CallSighting sighting;
    private final FilterLoads loads = new FilterLoads();
    private final int sharedFilters;
    private final AnsweringThread thread;
    private volatile boolean closed;

    /**
     * @param calls closed with this
     * @param evidence whoever uses it, or what is mapped, must hold its lock
     * @param sharedFilters how many filters each process of the target has that it did not load
     */
    GuardedCalls(
            CallListener calls,
            RunPlan plan,
            EvidenceCollector evidence,
            MappedCode mapped,
            int sharedFilters) {
        this.calls = calls;
        this.sharedFilters = sharedFilters;
        this.mapped = mapped;
        unseen = new UnseenCalls(plan);
        this.evidence = evidence;
        sighting = new CallSighting(calls);
        calls.enableSyncWakeUp();
        thread = new AnsweringThread(calls, this::answer);
        thread.start();
    }

    /** When nobody records any more, our filter and what it asks about stay. */
    private void answer() {
        Callers.Known caller = callers.identify(calls);
        // The process's filter may hand it to a tracer; but our question goes first.
        boolean outranked =
                loads.found().mayHandOver()
                        && ProcessStatus.query(calls.thread()).filters().orElse(Integer.MAX_VALUE)
                                > sharedFilters;
        boolean ends;
        synchronized (evidence) {
            loads.note(calls);
            if (!closed && !unseen.include(calls)) {
                evidence.add(sighting.by(caller));
                if (mapped != null) {
                    mapped.note(calls, caller);
                }
            }
            ends = outranked || loads.found().areRefused();
            if (ends) {
                loads.found().programEnded();
            }
        }
        if (ends) {
            callers.signalAll(Signals.SIGKILL);
        } else {
            calls.letThrough();
        }
    }

    /** Whether the target had to be ended. */
    boolean haveEndedProgram() {
        thread.requireGoingOn();
        synchronized (evidence) {
            return loads.found().hasEndedProgram();
        }
    }

    /** Whether the kernel says that no process under the target's filter is left. */
    boolean isOrphaned() {
        return calls.isOrphaned();
    }

    int descriptor() {
        return calls.descriptor();
    }

    /** What may be missing because of filters that the target loads itself. */
    Signs signs() {
        synchronized (evidence) {
            return loads.found().signs(true);
        }
    }

    /** What runs on is answered as long as we live, but not recorded. */
    @Override
    public void close() {
        closed = true;
        if (isOrphaned()) {
            thread.close();
        }
    }
}
