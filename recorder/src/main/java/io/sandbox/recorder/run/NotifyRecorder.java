// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.FailedEnd;
import io.sandbox.enforcer.launch.LaunchRequest;
import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.outcome.Signals;
import io.sandbox.outcome.WaitStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Records what a target's filter asks about (seccomp_unotify(2)): no call is made before it is in
 * the evidence, so none can be lost, and no privilege is needed. The run is over when the kernel
 * says that no process is under the filter any more.
 *
 * <p>A list for {@code libsandbox.so} must begin where that library would load its filter. The
 * library marks its seccomp(2) call ({@code load_mark.h}). The tracer stops the program there, has
 * it load our filter, and skips the call of the library.
 *
 * <p>{@code sandbox-exec} has a copy of the listener, and the kernel writes each call into a page
 * of memory that both processes share ({@code guests/watch.h}). If Java is killed, {@code
 * sandbox-exec} answers in its place, also the call that Java had received but not answered.
 */
final class NotifyRecorder implements Recorder {
    static final String SOURCE = "notify";

    private static final int TICK_MILLIS = 200;

    private final SandboxExec sandboxExec;
    private final Waiters waiters;
    private final Observer observer;
    private boolean endWasRequested;

    /** Whether an earlier run showed that the target's own filter may refuse calls. */
    private boolean mayRefuseItself;

    /** Whether the last run was under enforcement and none of its calls was refused. */
    private boolean refusedNothing;

    // The state of the current run.
    private RunPlan plan;
    private boolean kills;
    private int program;
    private EvidenceCollector evidence;
    private RunEnd end;

    /** Null if it does not matter which tests make the calls. */
    private TestMarks marks;

    private AnsweredCalls calls;
    private Waiter waiter;
    private Waiter hangUp;
    private boolean orphaned;
    private ProgramEnd programEnd;

    NotifyRecorder(SandboxExec sandboxExec, Waiters waiters, Observer observer) {
        this.sandboxExec = sandboxExec;
        this.waiters = waiters;
        this.observer = observer;
    }

    @Override
    public String sourceName() {
        return SOURCE;
    }

    @Override
    public boolean endWasRequested() {
        return endWasRequested;
    }

    @Override
    public Result record(RunPlan newPlan) {
        plan = newPlan;
        kills = plan.filter().enforced() && mayRefuseItself && refusedNothing;
        BpfProgram filter = kills ? TargetFilter.killing(plan) : TargetFilter.asking(plan);
        LaunchRequest request = plan.request(filter.toBytes());
        boolean marked = plan.tests() && plan.seesTests();
        int token = TestMarks.nextToken();
        program =
                sandboxExec.prepareWatched(
                        marked ? request.with(TestMarks.variable(token)) : request);
        Instant started = Instant.ofEpochMilli(System.currentTimeMillis());
        begin(started);
        marks = marked ? new TestMarks(token, evidence.watchTests()) : null;
        sandboxExec.go();
        List<FailedEnd> failures;
        try {
            awaitEnd();
            failures = calls == null ? List.of() : calls.ends().failures();
        } finally {
            if (calls != null) {
                calls.close();
            }
        }
        if (calls != null && calls.interruptedCount() > 0) {
            observer.interrupted();
        }
        long millis = System.currentTimeMillis() - started.toEpochMilli();
        int status =
                calls != null && calls.programRefused()
                        ? WaitStatus.ofSignal(Signals.SIGSYS)
                        : programEnd.waitStatus();
        mayRefuseItself |= calls != null && calls.filterWasLoaded();
        refusedNothing = plan.filter().enforced() && evidence.records() == 0;
        return new Result(
                plan.recorded(
                                SOURCE,
                                started,
                                millis,
                                status,
                                Judge.judge(signs()),
                                evidence.programs())
                        .accessing(calls == null ? Optional.empty() : calls.access()),
                status,
                calls == null ? 0 : calls.processCount(),
                false,
                end.timeIsUp(),
                failures,
                plan.keepOutput() && sandboxExec.showChangedOutput(plan.stdoutToStderr()),
                end.finish());
    }

    private void begin(Instant started) {
        evidence = plan.beginEvidence(started);
        end = new RunEnd(plan, waiters, this::queryProcesses);
        calls = null;
        waiter = waiters.of(sandboxExec.descriptor());
        orphaned = false;
        programEnd = new ProgramEnd(waiters);
    }

    private void awaitEnd() {
        try {
            while (!(programEnd.hasCome() && (calls == null || orphaned)) && !end.abandoned()) {
                sandboxExec.await(waiter, end.tickMillis(TICK_MILLIS));
                sandboxExec.pollEvents(this::handle);
                if (calls != null) {
                    calls.refresh();
                    observer.running(evidence, () -> 0);
                    watchForEnd();
                }
                end.pollDriver(observer)
                        .ifPresent(signal -> programEnd.signal(program, signal, this::signalAll));
                end.pollTime().ifPresent(this::signalAll);
            }
        } catch (ControlException e) {
            // sandbox-exec is gone, but the target runs on: without us, all its calls would fail.
            while (calls != null && !hangUp.await(TICK_MILLIS)) {
                calls.refresh();
            }
            throw e;
        }
    }

    private Stream<Integer> queryProcesses() {
        return calls == null ? Stream.of() : calls.queryLiving().stream();
    }

    private void watchForEnd() {
        if (!orphaned && hangUp.await(0)) {
            orphaned = true;
            // A listener that has hung up always counts as ready, so we could not wait.
            waiter = waiters.of(sandboxExec.descriptor());
        }
        if (!orphaned && programEnd.wantsDescendant()) {
            programEnd.tellDescendant(calls.queryLiving(), observer);
        }
    }

    private void handle(Event event) {
        if (event instanceof Event.Listening listening) {
            listen(listening.listener());
        } else if (event instanceof Event.Ended ended) {
            programEnd.note(ended);
            if (calls != null) {
                calls.ends().programEnded();
            }
        } else if (event instanceof Event.Signal signal) {
            endWasRequested = true;
            end.request(signal.number()).ifPresent(this::signalAll);
        }
    }

    private void listen(CallListener newListener) {
        if (!newListener.enableSyncWakeUp()) {
            observer.slow();
        }
        hangUp = waiters.withEndOfLast(newListener.descriptor());
        waiter = waiters.withEndOfLast(sandboxExec.descriptor(), newListener.descriptor());
        calls = new AnsweredCalls(newListener, plan, program, evidence, marks, null);
    }

    private void signalAll(int signal) {
        if (calls == null) {
            // A request that came between two runs is heard before the listener has come.
            if (!programEnd.hasCome()) {
                PidFd.signal(program, signal);
            }
            return;
        }
        calls.signalAll(signal);
    }

    private Signs signs() {
        boolean killed = kills && WaitStatus.signal(programEnd.waitStatus()) == Signals.SIGSYS;
        return OuterFilter.querySigns(false)
                .addAll(calls == null ? new Signs() : calls.signs())
                .addIf(calls == null, Sign.Kind.NOTHING_RECORDED)
                .addIf(killed, Sign.Kind.OWN_FILTER_KILLS)
                .addIf(end.abandoned(), Sign.Kind.STILL_RUNNING);
    }
}
