// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.audit.SeccompRecord;
import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.FailedEnd;
import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.enforcer.launch.process.ProcessAge;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunCapabilities;
import io.sandbox.evidence.RunOperations;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.evidence.Verdict;
import io.sandbox.outcome.Signals;
import io.sandbox.recorder.source.ProcessEnds;
import io.sandbox.recorder.source.RecordSource;
import io.sandbox.syscalldb.ObservedCall;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One run of a {@link LogRecorder}: what the target's filter logs, up to the verdict. */
final class LogRun {
    private static final String UNCOUNTED = "some calls were not counted";

    private static final int TICK_MILLIS = 200;

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
    private final Waiters waiters;
    private final Waiter records;
    private final Recorder.Observer observer;
    private final Probes probes;
    private final RunPlan plan;

    /** The call that separates the dynamic linker's calls from the program's; 0 for none. */
    private final int entryMark;

    /** Collects the arguments of calls; null if nothing does. */
    private final CallTrace trace;

    /** Empty if there is a guard; else why there can be none, or "" if none is needed. */
    private final Optional<String> unguarded;

    private final AskedArguments asked;
    private final RecordSighting sighting;
    private final ProcessEnds ends = new ProcessEnds();
    private final Instant begun;
    private final EvidenceCollector evidence;

    /** Null if it does not matter which files are mapped. */
    private final MappedCode mapped;

    private final UnseenCalls unseen;
    private final Attribution attribution;
    private final RunEnd end;

    private final int program;
    private boolean programEnded;
    private Waiter waiter;

    /** Null until the target's filter is in force, and if there is none. */
    private GuardedCalls guard;

    private boolean endedByGuard;
    private boolean orphaned;

    /** The program itself is a child of sandbox-exec, which reports how it ended. */
    private int processes = 1;

    private int looks;
    private long nextLookNanos;
    private boolean empty;
    private int waitStatus;
    private boolean endWasRequested;

    /** Begins to count; the target, which is prepared, must start after this. */
    LogRun(
            LogChannel channel,
            Probes probes,
            RunPlan plan,
            int entryMark,
            CallTrace trace,
            AskedArguments asked,
            Optional<String> unguarded,
            SandboxExec.Session session) {
        sandboxExec = channel.sandboxExec();
        source = channel.source();
        waiters = channel.waiters();
        observer = channel.observer();
        this.probes = probes;
        this.plan = plan;
        this.entryMark = entryMark;
        this.trace = trace;
        this.asked = asked;
        sighting = new RecordSighting(asked);
        this.unguarded = unguarded;
        records = channel.waiter();
        waiter = records;
        source.startCounting();
        begun = Instant.ofEpochMilli(System.currentTimeMillis());
        evidence = plan.beginEvidence(begun);
        unseen = new UnseenCalls(plan);
        mapped = plan.detailed() ? new MappedCode(evidence) : null;
        Optional<Kinship> kinship =
                plan.filter().showsAll()
                        ? Optional.empty()
                        : Optional.of(new LivingKin(session.pid()));
        attribution =
                new Attribution(
                        session.id(),
                        session.pid(),
                        ProcessAge::queryStartMillis,
                        () -> System.currentTimeMillis() - System.nanoTime() / 1_000_000,
                        kinship);
        program = session.pid();
        end = new RunEnd(plan, waiters, () -> ProcessStatus.queryOfSession(session.id()));
    }

    boolean endWasRequested() {
        return endWasRequested;
    }

    /** Follows the target, which has started, to its end. */
    Recorder.Result record() {
        long millis;
        boolean barrierArrived;
        List<FailedEnd> failures;
        try {
            pumpUntil(() -> isOver() || end.abandoned());
            millis = System.currentTimeMillis() - begun.toEpochMilli();
            barrierArrived = guard == null ? settle() : probes.arrive(this::pumpUntil);
            failures = ends.failures();
        } catch (ControlException e) {
            goOnAnswering();
            throw e;
        } finally {
            if (guard != null) {
                guard.close();
            }
            ends.close();
        }
        Verdict verdict = Judge.judge(signs(barrierArrived));
        Run run =
                plan.recorded(
                        source.name(), begun, millis, waitStatus, verdict, evidence.programs());
        return new Recorder.Result(
                withCounted(run),
                waitStatus,
                attribution.processCount(),
                attribution.sessionChanged(),
                end.timeIsUp(),
                failures,
                plan.keepOutput() && sandboxExec.showChangedOutput(plan.stdoutToStderr()),
                end.finish());
    }

    /** The evidence of the records, with what only the kernel's programs beside them saw. */
    private Run withCounted(Run run) {
        if (trace == null) {
            return run;
        }
        CallTrace.Tally tally = trace.queryTally();
        TracedCalls counted =
                new TracedCalls(trace, begun, TracedArguments.query(trace, plan.arguments()), 0);
        if (!BpfSigns.hasAllCalls(tally)) {
            return run.using(RunCapabilities.unrecorded(UNCOUNTED))
                    .submitting(
                            Optional.of(RunOperations.unrecorded(UNCOUNTED))
                                    .filter(each -> RunOperations.areIn(run.calls())))
                    .accessing(counted.access(tally));
        }
        boolean whole = plan.filter().showsAll();
        return run.with(TracedArguments.complete(run.programs(), counted.programs(Map.of()), whole))
                .using(counted.capabilities(tally))
                .submitting(counted.operations(tally))
                .accessing(counted.access(tally));
    }

    /** sandbox-exec is gone, but if we left, the calls that the filter asks about would fail. */
    private void goOnAnswering() {
        if (guard == null) {
            return;
        }
        Waiter hangUp = waiters.withEndOfLast(guard.descriptor());
        while (!guard.isOrphaned()) {
            hangUp.await(TICK_MILLIS);
        }
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
            arrived = probes.arrive(this::pumpUntil);
            before = evidence.records();
            empty = false;
            sandboxExec.look();
            pumpUntil(() -> empty || end.abandoned());
            arrived &= probes.arrive(this::pumpUntil);
        } while (arrived && !end.abandoned() && evidence.records() != before);
        return arrived;
    }

    private Signs signs(boolean barrierArrived) {
        boolean found = guard == null || orphaned;
        Signs signs =
                source.losses()
                        .addAll(OuterFilter.querySigns(false))
                        .addIf(!barrierArrived, Sign.Kind.END_RECORD_MISSING)
                        .addIf(end.abandoned(), Sign.Kind.STILL_RUNNING)
                        .addIf(!end.abandoned() && !found, Sign.Kind.STILL_FILTERED)
                        .addIf(attribution.uncertain(), Sign.Kind.SESSION_LEFT)
                        .addCount(
                                Sign.Kind.TOO_MANY_CALLS,
                                evidence.beyondLimit(),
                                "" + EvidenceCollector.MAX_DISTINCT)
                        .addIf(
                                plan.filter().showsAll() && evidence.records() == 0,
                                Sign.Kind.NOTHING_RECORDED);
        if (guard != null) {
            signs.addAll(guard.signs());
        } else if (unguarded.isEmpty() && evidence.records() > 0) {
            signs.add(Sign.Kind.GUARD_MISSING);
        } else if (unguarded.isPresent() && !plan.filter().enforced() && mayLoadFilters()) {
            signs.add(Sign.Kind.GUARD_IMPOSSIBLE, 0, unguarded.get());
        }
        return signs;
    }

    /** Counts every prctl, because a record does not tell what it was for. */
    private boolean mayLoadFilters() {
        return Run.calls(evidence.programs()).stream()
                .anyMatch(call -> FilterLoads.CALLS.contains(call.displayName()));
    }

    /** Takes in events and records until {@code done}, asked after each batch. */
    private void pumpUntil(BooleanSupplier done) {
        while (true) {
            sandboxExec.pollEvents(this::handle);
            if (done.getAsBoolean()) {
                return;
            }
            sandboxExec.await(waiter, end.tickMillis(TICK_MILLIS));
            watchGuard();
            attribution.noteClock();
            source.drain(this::accept);
            if (mapped != null) {
                synchronized (evidence) {
                    mapped.look(waiters.nanoTime());
                }
            }
            Optional<Long> session;
            while ((session = attribution.pollNewSession()).isPresent()) {
                sandboxExec.follow(session.get());
            }
            if (!isOver()) {
                lookAgain();
                end.pollDriver(observer).ifPresent(this::signalProgram);
                end.pollTime().ifPresent(sandboxExec::endSession);
                observer.running(evidence, () -> Judge.lost(source.losses()));
            }
        }
    }

    /** A daemon has left the program, so its processes get the signal. */
    private void signalProgram(int signal) {
        if (programEnded) {
            sandboxExec.endSession(signal);
        } else {
            PidFd.signal(program, signal);
        }
    }

    private void watchGuard() {
        if (waiter == records) {
            return;
        }
        if (!endedByGuard && guard.haveEndedProgram()) {
            endedByGuard = true;
            sandboxExec.endSession(Signals.SIGKILL);
        }
        if (waiter.hasCome(LISTENER)) {
            orphaned = true;
            // A listener that has hung up always counts as ready, so we could not wait.
            waiter = records;
        }
    }

    /** One walk through /proc can miss a process that forks and ends all the time. */
    private void lookAgain() {
        if (empty && nextLookNanos < waiters.nanoTime()) {
            nextLookNanos = waiters.nanoTime() + LOOK_INTERVAL_NANOS;
            empty = ++looks > LOOKS;
            if (!empty) {
                sandboxExec.look();
            }
        }
    }

    private void accept(SeccompRecord record) {
        if (probes.take(record)) {
            return;
        }
        if (entryMark != 0 && record.syscall() == entryMark) {
            // A process of ours makes this call, and not one of the program's.
            if (attribution.isOfSession(record)) {
                evidence.programEntered();
            }
        } else if (attribution.isOurs(record)) {
            if (attribution.processCount() > processes) {
                processes = attribution.processCount();
                ends.follow(record.pid());
            }
            ends.called(
                    record.arch(), record.syscall(), record.pid(), () -> record.exe().orElse(""));
            boolean failed = plan.filter().enforced() && record.hasCode() && isErrno(record.code());
            if (failed || isTakenBack(record) && !isGuarded(record)) {
                return;
            }
            if (isTakenBack(record)) {
                observer.interrupted();
            }
            synchronized (evidence) {
                evidence.add(sighting.of(record));
                if (mapped != null) {
                    mapped.note(record);
                }
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

    /** Whether the program made it: the loader makes another one that is asked about. */
    private boolean isGuarded(SeccompRecord record) {
        String name = ObservedCall.of(record.arch(), record.syscall()).displayName();
        return (FilterLoads.GUARDED.contains(name) || asked.include(record))
                && !unseen.includeAlways(record.arch(), record.syscall());
    }

    /** How many filters were in force before we started anything. */
    private static int ownFilters() {
        return ProcessStatus.query(LibC.getpid()).filters().orElse(0);
    }

    private void handle(Event event) {
        if (event instanceof Event.Listening listening) {
            guard =
                    new GuardedCalls(
                            listening.listener(), plan, evidence, mapped, 1 + ownFilters());
            waiter =
                    waiters.withEndOfLast(
                            source.descriptor(), sandboxExec.descriptor(), guard.descriptor());
        } else if (event instanceof Event.Ended ended) {
            waitStatus = ended.waitStatus();
            programEnded = true;
            ends.programEnded();
        } else if (event instanceof Event.Left left) {
            observer.descendantLeft(left.pid());
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
}
