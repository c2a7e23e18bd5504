package io.sandbox.recorder;

import io.sandbox.audit.SeccompRecord;
import io.sandbox.recorder.Supervisor.Event;
import io.sandbox.recorder.evidence.EvidenceCollector;
import io.sandbox.recorder.evidence.Run;
import io.sandbox.recorder.evidence.Verdict;
import io.sandbox.recorder.source.Losses;
import io.sandbox.recorder.source.RecordSource;
import io.sandbox.recorder.source.Waiter;
import io.sandbox.recorder.source.Waiters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Records what a target's filter logs, in order: the source is open and a canary has come through
 * before the target exists; the target runs; every process of its session ends; a barrier comes
 * through; then, and only then, the verdict. It can do this several times, one run after the other.
 * One thread does all of it, so nothing here is shared.
 */
final class LogRecorder implements Recorder {
    private static final int TICK_MILLIS = 200;

    /** How long at most, when somebody else's records never cease to arrive. */
    private static final long FLOOD_PATIENCE_NANOS = 60_000_000_000L;

    private static final long PROBE_INTERVAL_NANOS = 1_000_000_000L;

    private final Supervisor supervisor;
    private final RecordSource source;
    private final Listener listener;
    private final Waiters waiters;
    private final Waiter waiter;
    private final Set<Integer> probes = new HashSet<>();
    private final RecordSighting sighting = new RecordSighting();

    private boolean probeSeen;
    private long lastArrivalNanos;

    // Of the run that goes on; null before the first.
    private EvidenceCollector evidence;
    private Attribution attribution;
    private int entryMark;
    private RunEnd end;
    private boolean empty;
    private int waitStatus;
    private boolean endWasRequested;

    LogRecorder(Supervisor supervisor, RecordSource source, Waiters waiters, Listener listener) {
        this.supervisor = supervisor;
        this.source = source;
        this.listener = listener;
        this.waiters = waiters;
        this.waiter = waiters.of(source.descriptor(), supervisor.descriptor());
    }

    @Override
    public String sourceName() {
        return source.name();
    }

    /** Whether a logged call reaches the source at all. Ask before the target is started. */
    boolean canaryArrives() {
        return probe();
    }

    @Override
    public Result record(RunPlan plan) {
        // Only there the dynamic linker is recorded, and the program told from it.
        boolean marked = plan.detailed() && plan.from() == Supervisor.From.exec;
        entryMark = marked ? ProbeNumber.next() : 0;
        Supervisor.Session session = supervisor.prepare(plan, entryMark);
        source.startCounting();
        Instant started = Instant.ofEpochMilli(System.currentTimeMillis());
        begin(plan, session, started);
        supervisor.go();
        pumpUntil(() -> empty || end.abandoned());
        long millis = System.currentTimeMillis() - started.toEpochMilli();
        boolean barrierArrived = settle();
        Run run =
                plan.recorded(
                        source.name(),
                        started,
                        millis,
                        waitStatus,
                        judge(plan, barrierArrived),
                        evidence.programs());
        return new Result(
                run,
                waitStatus,
                attribution.processCount(),
                attribution.sessionChanged(),
                end.timeIsUp(),
                plan.keepOutput() && supervisor.showChangedOutput(plan.stdoutToStderr()));
    }

    private void begin(RunPlan plan, Supervisor.Session session, Instant started) {
        evidence = plan.beginEvidence(started);
        attribution = new Attribution(session.id(), ProcessAge::queryStartMillis);
        end = new RunEnd(plan.limit(), waiters);
        empty = false;
    }

    /**
     * Makes sure that the target's last process has ended. One look through /proc can miss a
     * process that forks and ends all the time; but to do so it must make calls, and these leave
     * records. So it holds when nobody was found and no record came between a barrier before the
     * look and one after it.
     */
    private boolean settle() {
        long before;
        boolean arrived;
        do {
            pumpUntil(() -> empty || end.abandoned());
            arrived = probe();
            before = evidence.records();
            empty = false;
            supervisor.look();
            pumpUntil(() -> empty || end.abandoned());
            arrived &= probe();
        } while (arrived && !end.abandoned() && evidence.records() != before);
        return arrived;
    }

    private Verdict judge(RunPlan plan, boolean barrierArrived) {
        Losses losses = source.losses();
        List<String> causes = new ArrayList<>(losses.causes());
        long lost = losses.count();
        if (!barrierArrived) {
            causes.add("the record that marks the end did not arrive");
        }
        if (end.abandoned()) {
            causes.add("processes of the program were still running");
        }
        if (attribution.uncertain()) {
            causes.add(
                    "a process left its audit session and could not be followed, so calls may be"
                            + " missing");
        }
        if (evidence.beyondLimit() > 0) {
            causes.add("more than " + EvidenceCollector.MAX_DISTINCT + " distinct calls");
            lost += evidence.beyondLimit();
        }
        if (plan.filter().showsAll() && evidence.records() == 0) {
            causes.add("no call of the program was recorded, so its filter was never in force");
        }
        return causes.isEmpty() ? new Verdict.Complete() : new Verdict.Incomplete(lost, causes);
    }

    /**
     * Makes a call that nobody else makes and waits for its record. Records arrive in the order in
     * which the kernel queued them, so all earlier ones are here by then. A record that was dropped
     * on the way never comes, so there is another call every second.
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
            supervisor.canary(number);
            long next = waiters.nanoTime() + PROBE_INTERVAL_NANOS;
            pumpUntil(() -> probeSeen || next < waiters.nanoTime());
        }
        return probeSeen;
    }

    /** Takes in events and records until {@code done}, which is looked at after each batch. */
    private void pumpUntil(BooleanSupplier done) {
        while (true) {
            supervisor.pollEvents(this::handle);
            if (done.getAsBoolean()) {
                return;
            }
            waiter.await(TICK_MILLIS);
            source.drain(this::accept);
            followSessions();
            if (attribution != null && !empty) {
                end.pollTime().ifPresent(supervisor::endSession);
                listener.running(evidence, () -> source.losses().count());
            }
        }
    }

    private void followSessions() {
        if (attribution == null) {
            return;
        }
        Optional<Long> session;
        while ((session = attribution.pollNewSession()).isPresent()) {
            supervisor.follow(session.get());
        }
    }

    private void accept(SeccompRecord record) {
        lastArrivalNanos = waiters.nanoTime();
        if (attribution != null && attribution.isOurs(record)) {
            if (entryMark != 0 && record.syscall() == entryMark) {
                evidence.programEntered();
            } else {
                evidence.add(sighting.of(record));
            }
        } else if (probes.contains(record.syscall())) {
            probeSeen = true;
        }
    }

    private void handle(Event event) {
        if (event instanceof Event.Ended ended) {
            waitStatus = ended.waitStatus();
        } else if (event instanceof Event.Left left) {
            listener.descendantLeft(left.pid());
        } else if (event instanceof Event.Empty) {
            empty = true;
        } else if (event instanceof Event.Signal signal) {
            endWasRequested = true;
            // That one sandbox-exec has sent to the session itself.
            if (signal.number() != RunEnd.SIGKILL) {
                end.request().ifPresent(supervisor::endSession);
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
