package io.sandbox.recorder;

import io.sandbox.audit.SeccompRecord;
import io.sandbox.recorder.Supervisor.Event;
import io.sandbox.recorder.source.Losses;
import io.sandbox.recorder.source.RecordSource;
import io.sandbox.recorder.source.Waiter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The main job, in order: the source is open and a canary has come through before the target
 * exists; the target runs; every process of its session ends; a barrier comes through; then, and
 * only then, the verdict. One thread does all of it, so nothing here is shared.
 */
public final class Recorder implements AutoCloseable {
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final int TICK_MILLIS = 200;

    /** How long at most, when somebody else's records never cease to arrive. */
    private static final long FLOOD_PATIENCE_NANOS = 60_000_000_000L;

    private static final long PROBE_INTERVAL_NANOS = 1_000_000_000L;

    private final Supervisor supervisor;
    private final RecordSource source;
    private final Listener listener;
    private final Waiter waiter;
    private final Recording recording = new Recording();
    private final Set<Integer> probes = new HashSet<>();

    private Attribution attribution;
    private boolean probeSeen;
    private long lastArrivalNanos;
    private boolean empty;
    private boolean abandoned;
    private int waitStatus;
    private int endRequests;

    /** Told about progress, for the user's eyes only. */
    public interface Listener {
        /** Called often while the target runs. */
        void running(Recording recording);

        /** The program has ended, and descendants of it go on; {@code pid} is one of them. */
        void descendantLeft(int pid);
    }

    /** How a run went: the evidence, the verdict on it, and how the target ended. */
    public record Result(
            Recording recording,
            Verdict verdict,
            int waitStatus,
            int processes,
            boolean sessionChanged,
            long nanos) {}

    public Recorder(Supervisor supervisor, RecordSource source, Listener listener) {
        this.supervisor = supervisor;
        this.source = source;
        this.listener = listener;
        this.waiter = new Waiter(source.descriptor(), supervisor.descriptor());
    }

    /** The source in use, as {@code --source} names it. */
    public String sourceName() {
        return source.name();
    }

    /** Whether a logged call reaches the source at all. Ask before the target is started. */
    public boolean canaryArrives() {
        boolean arrived = probe();
        source.startCounting();
        return arrived;
    }

    /**
     * Runs the target, which is the last {@code count} of our arguments, to the end of its last
     * process.
     *
     * @throws LearnException when it cannot be run
     */
    public Result record(int count, boolean stdoutToStderr, Supervisor.From from) {
        Supervisor.Session session = supervisor.prepare(count, stdoutToStderr, from);
        attribution = new Attribution(session.id(), ProcessAge::queryStartMillis);
        long start = System.nanoTime();
        supervisor.go();
        pumpUntil(() -> empty || abandoned);
        long duration = System.nanoTime() - start;
        boolean barrierArrived = settle();
        return new Result(
                recording,
                judge(barrierArrived),
                waitStatus,
                attribution.processCount(),
                attribution.sessionChanged(),
                duration);
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
            pumpUntil(() -> empty || abandoned);
            arrived = probe();
            before = recording.records();
            empty = false;
            supervisor.look();
            pumpUntil(() -> empty || abandoned);
            arrived &= probe();
        } while (arrived && !abandoned && recording.records() != before);
        return arrived;
    }

    private Verdict judge(boolean barrierArrived) {
        Losses losses = source.losses();
        List<String> causes = new ArrayList<>(losses.causes());
        long lost = losses.count();
        if (!barrierArrived) {
            causes.add("the record that marks the end did not arrive");
        }
        if (abandoned) {
            causes.add("processes of the program were still running");
        }
        if (attribution.uncertain()) {
            causes.add(
                    "a process left its audit session and could not be followed, so calls may be"
                            + " missing");
        }
        if (recording.beyondLimit() > 0) {
            causes.add("more than " + Recording.MAX_DISTINCT + " distinct calls");
            lost += recording.beyondLimit();
        }
        if (recording.records() == 0) {
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
        long begin = System.nanoTime();
        lastArrivalNanos = begin;
        while (!probeSeen
                && lastArrivalNanos + source.patienceNanos() > System.nanoTime()
                && begin + FLOOD_PATIENCE_NANOS > System.nanoTime()) {
            int number = ProbeNumber.next();
            probes.add(number);
            supervisor.canary(number);
            long next = System.nanoTime() + PROBE_INTERVAL_NANOS;
            pumpUntil(() -> probeSeen || next < System.nanoTime());
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
                listener.running(recording);
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
        lastArrivalNanos = System.nanoTime();
        if (attribution != null && attribution.isOurs(record)) {
            recording.add(record);
        } else if (probes.contains(record.syscall())) {
            probeSeen = true;
        }
    }

    private void handle(Event event) {
        if (event instanceof Event.Ended end) {
            waitStatus = end.waitStatus();
        } else if (event instanceof Event.Left left) {
            listener.descendantLeft(left.pid());
        } else if (event instanceof Event.Empty) {
            empty = true;
        } else if (event instanceof Event.Signal) {
            endSession();
        }
    }

    /** Each request of the user's is more pressing than the one before. */
    private void endSession() {
        endRequests++;
        if (endRequests <= 2) {
            supervisor.endSession(endRequests == 1 ? SIGTERM : SIGKILL);
        } else {
            abandoned = true;
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
