// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.enforcer.launch.FailedEnd;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.enforcer.launch.TraceCounter;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Progress;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Signs;
import io.sandbox.evidence.Verdict;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.PolicyText;
import io.sandbox.syscalldb.ObservedCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts the calls of a target in the kernel. The counters are read when all tasks of the target
 * have ended, so no record can be lost on its way to us. A canary before the run and another one
 * after it show that the counters work.
 */
public final class BpfRecorder implements Recorder {
    public static final String SOURCE = "bpf";

    private static final int TICK_MILLIS = 200;

    private final SandboxExec sandboxExec;
    private final Waiters waiters;
    private final Waiter waiter;
    private final Observer observer;
    private boolean endWasRequested;

    /** Whether the target loaded a filter of its own in an earlier run. */
    private boolean refusesItself;

    // State of the current run.
    private CallTrace trace;
    private int program;
    private RunEnd end;
    private ProgramEnd programEnd;

    /**
     * Opens a recorder for processes that run already.
     *
     * @throws CommandFailure if calls cannot be counted on this machine
     */
    public static BpfRecorder open(SandboxExec sandboxExec, Observer observer) {
        BpfRecorder recorder = new BpfRecorder(sandboxExec, Waiters.KERNEL, observer);
        try {
            recorder.require();
        } catch (SourceException e) {
            throw CommandFailure.ownFailure(e.getMessage());
        }
        return recorder;
    }

    BpfRecorder(SandboxExec sandboxExec, Waiters waiters, Observer observer) {
        this.sandboxExec = sandboxExec;
        this.waiters = waiters;
        this.observer = observer;
        waiter = waiters.of(sandboxExec.descriptor());
    }

    /** Counts a test call. Throws {@link SourceException} if calls cannot be counted here. */
    void require() {
        try (CallTrace probing = CallTrace.open(sandboxExec, CallTrace.Whose.STARTED, false)) {
            int probe = ProbeNumber.next();
            sandboxExec.canary(probe);
            if (!new TracedCalls(probing, Instant.EPOCH, TracedArguments.NONE, probe)
                    .includeProbe()) {
                throw new SourceException("bpf: a test call was not counted");
            }
        }
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
    public boolean lack(long capability) {
        sandboxExec.lack(capability);
        return true;
    }

    @Override
    public Result record(RunPlan newPlan) {
        RunPlan plan = newPlan;
        if (!plan.filter().enforced()
                && plan.filter().allowed().stream().anyMatch(entry -> entry.contains("("))) {
            // Arguments are not seen, so calls with conditions cannot be left out of the evidence.
            plan = plan.under(RunFilter.LOG_ALL);
        }
        boolean refusals = refusesItself || plan.filter().enforced();
        CallTrace.Whose whose = refusals ? CallTrace.Whose.REFUSED : CallTrace.Whose.STARTED;
        try (CallTrace opened = CallTrace.open(sandboxExec, whose, plan.arguments().files())) {
            trace = opened;
            TracedArguments.watch(trace, plan.arguments());
            return recordTraced(plan, newPlan);
        }
    }

    /** {@code wanted} tells a first run from those of which most is known. */
    private Result recordTraced(RunPlan plan, RunPlan wanted) {
        boolean marked = plan.detailed() && plan.from() == FilterStart.EXEC;
        byte[] filter = TargetFilter.counted(plan);
        program = trace.prepare(plan.request(filter), marked ? ProbeNumber.next() : 0);
        Instant started = Instant.ofEpochMilli(System.currentTimeMillis());
        end = new RunEnd(wanted, waiters, Settling::queryProcesses);
        programEnd = new ProgramEnd(waiters);
        if (plan.isQuiet()) {
            sandboxExec.napDuringRun();
        }
        sandboxExec.go();
        awaitEnd();
        long millis = System.currentTimeMillis() - started.toEpochMilli();
        CallTrace.Tally tally = trace.queryTally();
        int barrier = ProbeNumber.next();
        sandboxExec.canary(barrier);
        boolean entered = plan.from() == FilterStart.ENTRY || tally.get(TraceCounter.ENTERED) != 0;
        List<CallTrace.Calls> counted = trace.queryCalls();
        TracedCalls calls =
                new TracedCalls(
                        trace,
                        counted,
                        started,
                        plan.detailed(),
                        entered,
                        passed(plan.filter()),
                        TracedArguments.query(trace, plan.arguments()),
                        barrier);
        refusesItself |= tally.get(TraceCounter.FILTERS) > 0;
        List<FailedEnd> failures = trace.queryFailedEnds(counted);
        List<Integer> ends =
                Stream.concat(
                                Stream.of(programEnd.waitStatus()),
                                failures.stream().map(FailedEnd::waitStatus))
                        .toList();
        Signs outer = OuterFilter.querySigns(true);
        boolean empty = plan.filter().showsAll() && calls.programs(Map.of()).isEmpty();
        Signs signs = BpfSigns.ofRun(tally, calls.includeProbe(), end.abandoned(), empty);
        // Under enforcement, and under another's filter, SIGSYS is no sign of anything else.
        if (!plan.filter().enforced() && outer.all().isEmpty()) {
            signs.addAll(BpfSigns.ofEnds(tally, ends));
        }
        Verdict verdict = Judge.judge(signs.addAll(outer));
        int status = programEnd.waitStatus();
        return new Result(
                plan.recorded(SOURCE, started, millis, status, verdict, calls.programs(Map.of()))
                        .using(calls.capabilities(tally))
                        .submitting(calls.operations(tally))
                        .accessing(calls.access(tally)),
                status,
                (int) tally.get(TraceCounter.PROCESSES),
                false,
                end.timeIsUp(),
                failures,
                plan.keepOutput() && sandboxExec.showChangedOutput(plan.stdoutToStderr()),
                end.finish());
    }

    /** The names of calls of which all are known, or fail as they are meant to. */
    private static Set<String> passed(RunFilter filter) {
        return PolicyText.parseEntries(String.join(":", filter.allowed())).stream()
                .filter(entry -> entry.conditions().isEmpty())
                .map(entry -> entry.call().toString())
                .collect(Collectors.toSet());
    }

    private void awaitEnd() {
        while (!end.abandoned()) {
            sandboxExec.await(waiter, end.tickMillis(TICK_MILLIS));
            sandboxExec.pollEvents(this::handle);
            CallTrace.Tally tally = trace.queryTally();
            if (programEnd.hasCome() && tally.get(TraceCounter.ALIVE) <= 0) {
                return;
            }
            observer.running(new TallyProgress(tally), () -> lost(tally));
            if (programEnd.wantsDescendant()) {
                programEnd.tellDescendant(trace.queryMembers(), observer);
            }
            end.pollDriver(observer)
                    .ifPresent(signal -> programEnd.signal(program, signal, this::signalAll));
            end.pollTime().ifPresent(this::signalAll);
        }
    }

    private void handle(Event event) {
        if (event instanceof Event.Ended ended) {
            programEnd.note(ended);
        } else if (event instanceof Event.Signal signal) {
            endWasRequested = true;
            end.request(signal.number()).ifPresent(this::signalAll);
        }
    }

    private void signalAll(int signal) {
        for (int process : trace.queryMembers()) {
            PidFd.signal(process, signal, () -> trace.queryMembers().contains(process));
        }
    }

    private static long lost(CallTrace.Tally tally) {
        return Judge.lost(BpfSigns.ofTally(tally));
    }

    /**
     * Records processes that run already, without touching them. The recording ends when the user
     * asks for it, when the time is over, or when the last process has ended.
     */
    public Window recordWindow(
            WindowTarget target,
            Optional<Duration> limit,
            boolean detailed,
            ArgumentDetail arguments) {
        try (CallTrace opened =
                CallTrace.open(sandboxExec, CallTrace.Whose.FOUND, arguments.files())) {
            trace = opened;
            TracedArguments.watch(trace, arguments);
            sandboxExec.leaveSignals();
            target.attach(trace);
            Instant started = Instant.ofEpochMilli(System.currentTimeMillis());
            awaitEndOfWindow(limit);
            long millis = System.currentTimeMillis() - started.toEpochMilli();
            Map<String, Set<String>> mapped =
                    detailed ? MappedCode.queryAll(trace.queryMembers()) : Map.of();
            int barrier = ProbeNumber.next();
            sandboxExec.canary(barrier);
            trace.stop();
            CallTrace.Tally tally = trace.queryTally();
            TracedCalls calls =
                    new TracedCalls(
                            trace,
                            trace.queryCalls(),
                            started,
                            detailed,
                            true,
                            Set.of(),
                            TracedArguments.query(trace, arguments),
                            barrier);
            Run run =
                    RunPlan.window(
                                    SOURCE,
                                    started,
                                    millis,
                                    Judge.judge(BpfSigns.ofWindow(tally, calls.includeProbe())),
                                    calls.programs(mapped),
                                    detailed)
                            .using(calls.capabilities(tally))
                            .submitting(calls.operations(tally))
                            .accessing(calls.access(tally));
            return new Window(run, (int) tally.get(TraceCounter.PROCESSES), calls.inFlight());
        }
    }

    private void awaitEndOfWindow(Optional<Duration> limit) {
        long end = waiters.nanoTime() + limit.map(Duration::toNanos).orElse(Long.MAX_VALUE / 2);
        while (true) {
            sandboxExec.await(waiter, TICK_MILLIS);
            sandboxExec.pollEvents(event -> endWasRequested |= event instanceof Event.Signal);
            // A process may have ended while it was marked, so "alive" may be too high.
            boolean left = !trace.queryMembers().isEmpty();
            CallTrace.Tally tally = trace.queryTally();
            if (endWasRequested || !left || waiters.nanoTime() - end >= 0) {
                return;
            }
            observer.running(new TallyProgress(tally), () -> lost(tally));
        }
    }

    /**
     * The evidence of processes that ran before the recording began.
     *
     * @param processes how many processes made calls
     * @param inFlight the calls that were in progress when the window opened, or that a thread had
     *     made last before
     */
    public record Window(Run run, int processes, List<ObservedCall> inFlight) {
        public Window {
            inFlight = List.copyOf(inFlight);
        }
    }

    /** The progress of a recording, from the counters in the kernel. */
    record TallyProgress(CallTrace.Tally tally) implements Progress {
        @Override
        public long records() {
            return tally.get(TraceCounter.CALLS);
        }

        @Override
        public int callCount() {
            return (int) tally.get(TraceCounter.DISTINCT);
        }

        @Override
        public Optional<ObservedCall> lastCall() {
            return Optional.empty();
        }
    }
}
