// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.explain.CallRefusal;
import io.sandbox.enforcer.launch.explain.RefusedCall;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.RunAccess;
import io.sandbox.evidence.Sighting;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.outcome.Signals;
import io.sandbox.recorder.source.ProcessEnds;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Adds each call that a target's filter asks about to the evidence, and then answers it. A thread
 * of its own waits in the kernel for the next call and does nothing else: the target stands still
 * until its call is answered, so recording costs the time that an answer takes.
 *
 * <p>Only the thread that created the object may call its methods.
 *
 * <p>A target is ended before it loads a filter that hands calls to a tracer: our question has
 * precedence over such a filter (seccomp(2)), so the tracer would not be asked, and the call would
 * be made whatever the tracer decides. The filter is read from the memory of the program before the
 * kernel reads it. Whoever can change that memory in between could also have changed it before, or
 * left out the load. The look therefore protects the program, and gives nobody a new way around its
 * filter.
 */
final class AnsweredCalls implements AutoCloseable {
    private final CallListener calls;
    private final boolean refuses;
    private final int program;
    private final EvidenceCollector evidence;

    /** Null if there is no container runtime. */
    private final RuntimePhase runtime;

    private final Callers callers;
    private final CallSighting sighting;
    private final InterruptedCalls interrupted;

    /** Calls that the filter asks about only because they can load another. */
    private final UnseenCalls unseen;

    private final FilterLoads loads = new FilterLoads();

    /** Null if it does not matter which files and addresses are used. */
    private final AskedAccess access;

    /** Null if it does not matter which files are mapped. */
    private final MappedCode mapped;

    /** Null if it does not matter which tests make the calls. */
    private final TestMarks marks;

    private final AnsweringThread thread;

    /** Read before anything else that the thread writes: the thread sets it last. */
    private final AtomicLong answered = new AtomicLong();

    private boolean programRefused;

    /** Held while a call is taken into the evidence. */
    private final Object taking = new Object();

    /**
     * @param calls closed with this
     * @param program the target's first process
     * @param evidence from now on, the caller may only read it, and only after {@link #refresh}
     * @param marks null if it does not matter which tests make the calls
     * @param runtime takes what a container runtime does before the target; null if there is none
     */
    AnsweredCalls(
            CallListener calls,
            RunPlan plan,
            int program,
            EvidenceCollector evidence,
            TestMarks marks,
            RuntimePhase runtime) {
        this.marks = marks;
        this.runtime = runtime;
        this.calls = calls;
        this.program = program;
        this.evidence = evidence;
        refuses = plan.filter().enforced();
        callers = new Callers(plan.filter().showsAll());
        callers.add(program);
        mapped = plan.detailed() ? new MappedCode(evidence) : null;
        boolean seesReturns =
                plan.filter().showsAll() && (runtime == null || runtime.returnsAreSeen());
        interrupted = new InterruptedCalls(seesReturns, plan.from() == FilterStart.EXEC);
        sighting = new CallSighting(calls);
        unseen = new UnseenCalls(plan);
        access = plan.arguments().files() && !refuses ? new AskedAccess() : null;
        thread = new AnsweringThread(calls, this::answer);
        thread.start();
    }

    private void answer() {
        synchronized (taking) {
            if (thread.isStopped()) {
                answerUnrecorded();
            } else {
                record();
            }
        }
    }

    private void record() {
        Callers.Known caller = callers.identify(calls);
        loads.note(calls);
        if (runtime != null && runtime.isOf(calls, caller)) {
            runtime.evidence().add(sighting.by(caller));
            answered.lazySet(runtime.evidence().records());
            letThroughOrEnd();
            return;
        }
        Optional<Sighting> before = interrupted.note(calls, caller);
        if (marks != null && marks.note(calls, caller.process())) {
            calls.letThrough();
            return;
        }
        before.ifPresent(evidence::add);
        if (unseen.isEmpty() || !unseen.include(calls)) {
            evidence.add(sighting.by(caller));
        }
        if (mapped != null) {
            mapped.note(calls, caller);
        }
        if (access != null) {
            access.note(calls, caller);
        }
        if (refuses) {
            if (loads.found().areRefused()) {
                loads.found().programEnded();
            }
            Optional<RefusedCall> refused = CallRefusal.refuse(calls);
            programRefused |= refused.isPresent() && refused.get().process() == program;
            answered.lazySet(evidence.records());
        } else {
            // This must come before the answer: after it, the target may end.
            answered.lazySet(evidence.records());
            letThroughOrEnd();
        }
    }

    private void letThroughOrEnd() {
        if (loads.found().isInVain()) {
            // Our answer would have precedence over the tracer's, so no call is made any more.
            loads.found().programEnded();
            callers.signalAll(Signals.SIGKILL);
        } else {
            calls.letThrough();
        }
    }

    /** Our filter stays when nobody records any more, and so does what speaks against a load. */
    private void answerUnrecorded() {
        FilterLoads later = new FilterLoads();
        later.note(calls);
        if (!later.found().isInVain()) {
            calls.letThrough();
        } else {
            ProcessStatus.query(calls.thread())
                    .process()
                    .ifPresent(process -> PidFd.signal(process, Signals.SIGKILL, calls::isWaiting));
        }
    }

    /**
     * Makes the evidence visible to the calling thread. While processes are left, only the sums are
     * visible; afterwards all of it is.
     *
     * @throws IllegalStateException when the calls cannot be answered any more
     */
    void refresh() {
        answered.get();
        thread.requireGoingOn();
    }

    int processCount() {
        return callers.processCount();
    }

    /** How the target's other processes end. */
    ProcessEnds ends() {
        return callers.ends();
    }

    /** The target's processes that have made a call and still exist. */
    Set<Integer> queryLiving() {
        return callers.queryLiving();
    }

    void signalAll(int signal) {
        callers.signalAll(signal);
    }

    long interruptedCount() {
        return interrupted.count();
    }

    private long missingCount() {
        // A process that is killed for one call takes the questions of its other threads with it.
        return refuses && evidence.records() > 0 ? 0 : interrupted.missingCount();
    }

    /** Whether the target's first process was killed for a call. */
    boolean programRefused() {
        return programRefused;
    }

    /** What may be missing. Ask only after the target's last call. */
    Signs signs() {
        return loads.found()
                .signs(false)
                .addCount(Sign.Kind.QUESTION_LOST, missingCount())
                .addCount(
                        Sign.Kind.TOO_MANY_CALLS,
                        evidence.beyondLimit(),
                        "" + EvidenceCollector.MAX_DISTINCT);
    }

    /** Which files and addresses were used, if that was wanted. Ask only after the last call. */
    Optional<RunAccess> access() {
        return Optional.ofNullable(access).map(AskedAccess::access);
    }

    /** Whether the target loaded a filter itself. Ask only after its last call. */
    boolean filterWasLoaded() {
        return loads.found().areLoaded();
    }

    /** All that is known is visible here. */
    <T> T whileTheyWait(Supplier<T> look) {
        synchronized (taking) {
            return look.get();
        }
    }

    /** Ends the recording. As long as we live, further calls are let through. */
    void stop() {
        synchronized (taking) {
            thread.stop();
        }
    }

    @Override
    public void close() {
        thread.stop();
        callers.ends().close();
        thread.close();
        if (access != null) {
            access.close();
        }
    }
}
