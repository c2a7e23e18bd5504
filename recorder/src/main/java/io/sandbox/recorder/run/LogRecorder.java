// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.audit.SeccompRecord;
import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.enforcer.launch.process.ProcessAge;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.outcome.Signals;
import io.sandbox.recorder.source.ProcessEnds;
import io.sandbox.recorder.source.RecordSource;
import io.sandbox.syscalldb.ObservedCall;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Records what a target's filter logs, in this order: the source is opened, and a canary arrives
 * through it; the target starts, runs, and every process of its session ends; a barrier arrives;
 * then, and only then, comes the verdict. It can do this several times, one run after the other.
 * For one thread.
 */
final class LogRecorder implements Recorder {
    private static final int TICK_MILLIS = 200;

    /** The time limit for a probe while records of other programs arrive without a pause. */
    private static final long FLOOD_PATIENCE_NANOS = 60_000_000_000L;

    private static final long PROBE_INTERVAL_NANOS = 1_000_000_000L;

    /** How often to look for a process that exists according to the kernel, but was not found. */
    private static final long LOOK_INTERVAL_NANOS = 1_000_000_000L;

    /** How many times to look for such a process. */
    private static final int LOOKS = 10;

    // linux/seccomp.h
    private static final int USER_NOTIF = 0x7fc0_0000;
    private static final int ERRNO = 0x0005_0000;
    private static final int ACTION = 0xffff_0000;

    /** The index of the target's listener among the descriptors that we wait for. */
    private static final int LISTENER = 2;

    private final SandboxExec sandboxExec;
    private final RecordSource source;
    private final Listener listener;
    private final Waiters waiters;
    private final Waiter records;
    private final Set<Integer> probes = new HashSet<>();
    private final RecordSighting sighting = new RecordSighting();

    private Waiter waiter;
    private boolean probeSeen;
    private long lastArrivalNanos;

    /** Why no target can be guarded here; null if no attempt has failed. */
    private String unguardedReason;

    // The state of the current run; null before the first.
    private EvidenceCollector evidence;

    /** Null if it does not matter which files are mapped. */
    private MappedCode mapped;

    /** Null if nothing collects the arguments of calls. */
    private CallTrace arguments;

    private UnseenCalls unseen;
    private Attribution attribution;
    private ProcessEnds ends;
    private int processes;
    private int entryMark;
    private RunPlan plan;
    private GuardedCalls guard;
    private boolean orphaned;
    private int looks;
    private long nextLookNanos;
    private Instant begun;
    private RunEnd end;
    private boolean empty;
    private int waitStatus;
    private boolean endWasRequested;

    LogRecorder(SandboxExec sandboxExec, RecordSource source, Waiters waiters, Listener listener) {
        this.sandboxExec = sandboxExec;
        this.source = source;
        this.listener = listener;
        this.waiters = waiters;
        this.records = waiters.of(source.descriptor(), sandboxExec.descriptor());
        this.waiter = records;
    }

    @Override
    public String sourceName() {
        return source.name();
    }

    /** Whether a logged call reaches the source. Ask before the target is started. */
    boolean canaryArrives() {
        return probe();
    }

    /** With the arguments of calls, which no record has, if the kernel can collect them. */
    @Override
    public Result record(RunPlan newPlan) {
        try (CallTrace trace = openTrace(newPlan)) {
            arguments = trace;
            return recordLogged(newPlan);
        } finally {
            arguments = null;
        }
    }

    private CallTrace openTrace(RunPlan newPlan) {
        if (newPlan.arguments().limit() == 0) {
            return null;
        }
        try {
            CallTrace trace = CallTrace.open(sandboxExec, false);
            TracedArguments.watch(trace, newPlan.arguments());
            return trace;
        } catch (SourceException e) {
            return null;
        }
    }

    private List<ProgramEvidence> programs() {
        if (arguments == null || !BpfSigns.ofTally(arguments.queryTally()).all().isEmpty()) {
            return evidence.programs();
        }
        TracedCalls counted =
                new TracedCalls(
                        arguments,
                        begun,
                        false,
                        false,
                        Set.of(),
                        TracedArguments.query(arguments, plan.arguments()),
                        0);
        return TracedArguments.complete(evidence.programs(), counted.programs(Map.of()));
    }

    private Result recordLogged(RunPlan newPlan) {
        plan = newPlan;
        // Only with --from exec does the recording hold the dynamic linker's calls, which the mark
        // separates from the program's.
        boolean marked = plan.detailed() && plan.from() == FilterStart.EXEC;
        entryMark = marked ? ProbeNumber.next() : 0;
        boolean guarded = start();
        Instant started = begun;
        long millis;
        boolean barrierArrived;
        List<ProcessEnds.End> failures;
        try {
            pumpUntil(() -> isOver() || end.abandoned());
            millis = System.currentTimeMillis() - started.toEpochMilli();
            barrierArrived = guard == null ? settle() : probe();
            failures = ends.failures();
        } catch (ControlException e) {
            goOnAnswering();
            throw e;
        } finally {
            closeGuard();
            ends.close();
        }
        Run run =
                plan.recorded(
                        source.name(),
                        started,
                        millis,
                        waitStatus,
                        Judge.judge(signs(guarded, barrierArrived)),
                        programs());
        return new Result(
                run,
                waitStatus,
                attribution.processCount(),
                attribution.sessionChanged(),
                end.timeIsUp(),
                failures,
                plan.keepOutput() && sandboxExec.showChangedOutput(plan.stdoutToStderr()));
    }

    /**
     * Starts the target, guarded if possible. The library can load a list without a tracer, but
     * only a tracer can take the listener of a filter, which the guard needs.
     *
     * @return whether it is guarded
     */
    private boolean start() {
        boolean byLibrary = plan.from() == FilterStart.PRELOAD;
        if (byLibrary && (plan.filter().enforced() || unguardedReason != null)) {
            begin(sandboxExec.prepare(plan.request(TargetFilter.encode(plan)), entryMark));
            sandboxExec.go();
            return false;
        }
        begin(
                sandboxExec.prepareGuarded(
                        plan.request(TargetFilter.guarded(plan).toBytes()), entryMark));
        try {
            sandboxExec.go();
            return true;
        } catch (CommandFailure e) {
            if (!byLibrary || e.status() != ExitCodes.OWN_FAILURE) {
                throw e;
            }
            unguardedReason = e.getMessage();
            return start();
        }
    }

    private void begin(SandboxExec.Session session) {
        source.startCounting();
        begun = Instant.ofEpochMilli(System.currentTimeMillis());
        evidence = plan.beginEvidence(begun);
        unseen = new UnseenCalls(plan);
        mapped = plan.detailed() ? new MappedCode(evidence) : null;
        attribution =
                new Attribution(
                        session.id(),
                        session.pid(),
                        ProcessAge::queryStartMillis,
                        LogRecorder::clockOffset,
                        plan.filter().showsAll()
                                ? Optional.empty()
                                : Optional.of(Kinship.to(session.pid())));
        ends = new ProcessEnds();
        // The program itself is a child of sandbox-exec, which reports how it ended.
        processes = 1;
        end = new RunEnd(plan.limit(), waiters);
        empty = false;
        guard = null;
        orphaned = false;
        looks = 0;
        nextLookNanos = 0;
    }

    /**
     * sandbox-exec is gone, but the target still runs. If we left, the calls that its filter asks
     * about would fail.
     */
    private void goOnAnswering() {
        if (guard == null) {
            return;
        }
        Waiter questions = waiters.of(guard.descriptor());
        while (!guard.isOrphaned()) {
            questions.await(TICK_MILLIS);
            guard.answerWaiting();
        }
    }

    private void closeGuard() {
        if (guard != null) {
            guard.close();
        }
        waiter = records;
    }

    /**
     * Whether no process of the target is left. For a guarded target the kernel has to say so too;
     * but after many looks that found no process, we give up.
     */
    private boolean isOver() {
        return empty && (guard == null || orphaned || looks > LOOKS);
    }

    /**
     * Makes sure that the last process of a target without a guard has ended. One look through
     * /proc can miss a process that forks and ends all the time. But such a process makes calls,
     * which leave records. So the target has ended if the look found no process, and no record came
     * between a barrier before the look and a barrier after it.
     */
    private boolean settle() {
        long before;
        boolean arrived;
        do {
            pumpUntil(() -> empty || end.abandoned());
            arrived = probe();
            before = evidence.records();
            empty = false;
            sandboxExec.look();
            pumpUntil(() -> empty || end.abandoned());
            arrived &= probe();
        } while (arrived && !end.abandoned() && evidence.records() != before);
        return arrived;
    }

    private Signs signs(boolean guarded, boolean barrierArrived) {
        boolean found = guard == null || orphaned;
        boolean unguarded = !guarded && !plan.filter().enforced() && mayLoadFilters();
        Signs signs =
                source.losses()
                        .addAll(OuterFilter.querySigns(false))
                        .addIf(!barrierArrived, Sign.Kind.END_RECORD_MISSING)
                        .addIf(end.abandoned(), Sign.Kind.STILL_RUNNING)
                        .addIf(!end.abandoned() && !found, Sign.Kind.STILL_FILTERED)
                        .addIf(attribution.uncertain(), Sign.Kind.SESSION_LEFT)
                        .addCount(Sign.Kind.TOO_MANY_CALLS, evidence.beyondLimit())
                        .addIf(
                                plan.filter().showsAll() && evidence.records() == 0,
                                Sign.Kind.NOTHING_RECORDED);
        if (guard != null) {
            signs.addAll(guard.signs());
        } else if (guarded && evidence.records() > 0) {
            signs.add(Sign.Kind.GUARD_MISSING);
        } else if (unguarded) {
            signs.add(Sign.Kind.GUARD_IMPOSSIBLE, 0, unguardedReason);
        }
        return signs;
    }

    /** Counts every prctl, because a record does not tell what it was for. */
    private boolean mayLoadFilters() {
        return evidence.programs().stream()
                .flatMap(
                        program ->
                                program.calls().stream()
                                        .map(
                                                call ->
                                                        ObservedCall.of(
                                                                program.auditArch(),
                                                                call.number())))
                .anyMatch(call -> FilterLoads.CALLS.contains(call.displayName()));
    }

    /**
     * Makes a call that nobody else makes and waits for its record. Records arrive in the order in
     * which the kernel queued them, so all earlier ones have arrived by then. Its record may be
     * dropped on the way, so another call is made every second.
     */
    private boolean probe() {
        probes.clear();
        probeSeen = false;
        long begin = waiters.nanoTime();
        lastArrivalNanos = begin;
        while (!probeSeen
                && lastArrivalNanos + source.patienceNanos() > waiters.nanoTime()
                && begin + FLOOD_PATIENCE_NANOS > waiters.nanoTime()) {
            int number = ProbeNumber.next();
            probes.add(number);
            sandboxExec.canary(number);
            long next = waiters.nanoTime() + PROBE_INTERVAL_NANOS;
            pumpUntil(() -> probeSeen || next < waiters.nanoTime());
        }
        return probeSeen;
    }

    /**
     * Takes in events and records until {@code done}, which is asked after each batch of events.
     */
    private void pumpUntil(BooleanSupplier done) {
        while (true) {
            sandboxExec.pollEvents(this::handle);
            if (done.getAsBoolean()) {
                return;
            }
            if (waiter.await(TICK_MILLIS)) {
                answerGuarded();
            }
            if (attribution != null) {
                attribution.noteClock();
            }
            source.drain(this::accept);
            if (mapped != null) {
                mapped.look(waiters.nanoTime());
            }
            followSessions();
            if (attribution != null && !isOver()) {
                lookAgain();
                end.pollTime().ifPresent(sandboxExec::endSession);
                listener.running(evidence, () -> Judge.lost(source.losses()));
            }
        }
    }

    private void answerGuarded() {
        if (waiter == records || !waiter.hasCome(LISTENER)) {
            return;
        }
        boolean ended = guard.ownFilters().hasEndedProgram();
        guard.answerWaiting();
        if (!ended && guard.ownFilters().hasEndedProgram()) {
            sandboxExec.endSession(Signals.SIGKILL);
        }
        if (guard.isOrphaned()) {
            orphaned = true;
            // A listener that has hung up always counts as ready, so we could not wait.
            waiter = records;
        }
    }

    /**
     * One walk through /proc can miss a process that forks and ends all the time, so it looks
     * again.
     */
    private void lookAgain() {
        if (empty && nextLookNanos < waiters.nanoTime()) {
            nextLookNanos = waiters.nanoTime() + LOOK_INTERVAL_NANOS;
            empty = ++looks > LOOKS;
            if (!empty) {
                sandboxExec.look();
            }
        }
    }

    private void followSessions() {
        if (attribution == null) {
            return;
        }
        Optional<Long> session;
        while ((session = attribution.pollNewSession()).isPresent()) {
            sandboxExec.follow(session.get());
        }
    }

    private void accept(SeccompRecord record) {
        lastArrivalNanos = waiters.nanoTime();
        if (probes.contains(record.syscall())) {
            probeSeen = true;
        } else if (entryMark != 0 && record.syscall() == entryMark) {
            // A process of ours makes this call, and not one of the program's.
            if (attribution != null && attribution.isOfSession(record)) {
                evidence.programEntered();
            }
        } else if (attribution != null && attribution.isOurs(record)) {
            followNewProcess(record.pid());
            boolean failed = plan.filter().enforced() && record.hasCode() && isErrno(record.code());
            if (failed || isTakenBack(record) && !isGuarded(record)) {
                return;
            }
            evidence.add(sighting.of(record));
            if (mapped != null) {
                mapped.note(record);
            }
        }
    }

    /**
     * Whether the filter asked about the call, and a signal took the question back. The guard has
     * the kernel log exactly these of its questions (SECCOMP_FILTER_FLAG_LOG). The call failed with
     * EINTR, or was made again, and then we were asked again.
     */
    private static boolean isTakenBack(SeccompRecord record) {
        return record.hasCode() && record.code() == USER_NOTIF;
    }

    /** Under a list that kills for other calls, such a call failed as the list says. */
    private static boolean isErrno(int code) {
        return (code & ACTION) == ERRNO;
    }

    /**
     * Whether the program made the call: the loader has it make another one that is asked about.
     */
    private boolean isGuarded(SeccompRecord record) {
        String name = ObservedCall.of(record.arch(), record.syscall()).displayName();
        return FilterLoads.GUARDED.contains(name)
                && !unseen.includeAlways(record.arch(), record.syscall());
    }

    private void followNewProcess(int pid) {
        if (attribution.processCount() > processes) {
            processes = attribution.processCount();
            ends.follow(pid);
        }
    }

    private static long clockOffset() {
        return System.currentTimeMillis() - System.nanoTime() / 1_000_000;
    }

    /** How many filters were in force before we started anything. */
    private static int ownFilters() {
        int self = (int) ProcessHandle.current().pid();
        return ProcessStatus.query(self).filters().orElse(0);
    }

    private void handle(Event event) {
        if (event instanceof Event.Listening listening) {
            guard = new GuardedCalls(listening.listener(), plan, evidence, 1 + ownFilters());
            waiter = waiters.of(source.descriptor(), sandboxExec.descriptor(), guard.descriptor());
        } else if (event instanceof Event.Ended ended) {
            waitStatus = ended.waitStatus();
            ends.programEnded();
        } else if (event instanceof Event.Left left) {
            listener.descendantLeft(left.pid());
        } else if (event instanceof Event.Empty) {
            empty = true;
        } else if (event instanceof Event.Signal signal) {
            endWasRequested = true;
            // sandbox-exec has already sent SIGKILL to the session.
            if (signal.number() != Signals.SIGKILL) {
                end.request().ifPresent(sandboxExec::endSession);
            }
        }
    }

    @Override
    public boolean endWasRequested() {
        return endWasRequested;
    }

    @Override
    public void close() {
        source.close();
    }
}
