// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.audit.SeccompRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A machine on which a target of several processes runs, with events in random order: calls, forks
 * and ends, processes that change their session, records of others, losses, signals, and walks
 * through /proc that overlook a process. It notes what really happened.
 *
 * <p>It keeps these guarantees of the kernel: records arrive in the order in which they were made.
 * A listener hangs up exactly when the last process has ended. Without a listener, a walk overlooks
 * only a process that forks and ends meanwhile, whose fork leaves a record, or one of an unknown
 * session.
 */
final class RandomTarget extends FakeMachine {
    private static final long UNSET = 0xffffffffL;
    private static final int FORK = 56;
    private static final int PTRACE = 101;
    private static final int SIGKILL = 9;

    private record Process(int pid, long session, boolean seen) {}

    private final Random random;

    private final boolean lossy;
    private final boolean fickle;

    /** The percentage of canaries that vanish without a reported loss. */
    private final int vanishing;

    private final Set<Long> followed = new HashSet<>(Set.of(SESSION));

    /** Records that were made and have not arrived yet, in order. */
    private final Deque<SeccompRecord> onTheWay = new ArrayDeque<>();

    private final List<Process> living = new ArrayList<>();

    /** How often the target made each call. */
    final Map<Integer, Long> made = new TreeMap<>();

    private int nextPid = PID + 1;
    private long nextSession = SESSION + 1;
    private boolean running;
    private boolean counting;
    private boolean mainEnded;
    private boolean lookedFor;
    private int signals;
    private boolean barrierMade;

    /** Whether a record that may have been the target's was lost. */
    boolean lostSome;

    boolean lostABarrier;

    /** Whether a required barrier was missing. */
    boolean lacksBarrier;

    boolean leftItsSession;

    /**
     * @param guarded whether its filter has a listener
     * @param lossy whether records may be lost
     * @param fickle whether processes may leave their session for none
     */
    RandomTarget(Random random, boolean guarded, boolean lossy, boolean fickle) {
        this.random = random;
        asked = guarded ? new FakeListener() : null;
        this.lossy = lossy;
        this.fickle = fickle;
        vanishing = lossy ? random.nextInt(90) : 0;
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    @Override
    public void startCounting() {
        super.startCounting();
        counting = true;
    }

    @Override
    void started() {
        running = true;
        living.add(new Process(PID, SESSION, false));
    }

    @Override
    void canary(int number) {
        if (chance(vanishing)) {
            lostABarrier = true;
        } else {
            make(record(7, 7, number));
            barrierMade = true;
        }
    }

    @Override
    void look() {
        if (asked == null) {
            checkBarrier();
        }
        lookedFor = true;
        walk();
    }

    /** Called when a barrier must have arrived. */
    void checkBarrier() {
        lacksBarrier |= !barrierMade;
        barrierMade = false;
    }

    @Override
    void followed(long session) {
        followed.add(session);
    }

    @Override
    void signalled(int signal) {
        if (signal == SIGKILL ? chance(80) : chance(40)) {
            List.copyOf(living).forEach(this::end);
            walkLater();
        }
    }

    @Override
    void step(int millis) {
        super.step(random.nextInt(millis));
        happen();
        int arriving = random.nextInt(4);
        for (int i = 0; i < arriving && !onTheWay.isEmpty(); i++) {
            arrive(onTheWay.remove());
        }
    }

    private void happen() {
        int dice = random.nextInt(100);
        if (dice < 10) {
            make(record(8, 50, random.nextInt(5)));
        } else if (dice < 12 && mainEnded && signals < 3) {
            signals++;
            say("signal 2");
        } else if (running && !living.isEmpty()) {
            act(living.get(random.nextInt(living.size())));
        }
        if (lookedFor && chance(30)) {
            walk();
        }
        if (asked != null && running && living.isEmpty() && chance(30)) {
            asked.hangUp();
        }
    }

    private void act(Process process) {
        int dice = random.nextInt(100);
        if (dice < 5 && asked != null) {
            made.merge(PTRACE, 1L, Long::sum);
            asked.ask(PTRACE);
        } else if (dice < 50) {
            call(process, random.nextInt(20));
        } else if (dice < 65) {
            fork(process);
        } else if (dice < 72 && process.seen) {
            changeSession(process);
        } else if (dice < 95) {
            end(process);
            walkLater();
        }
    }

    private void walkLater() {
        if (mainEnded) {
            lookedFor = true;
        }
    }

    private Process replace(Process process, long session) {
        Process changed = new Process(process.pid, session, true);
        living.set(living.indexOf(process), changed);
        return changed;
    }

    private void call(Process process, int number) {
        made.merge(number, 1L, Long::sum);
        make(record(process.pid, process.session, number));
        replace(process, process.session);
    }

    private Process fork(Process process) {
        call(process, FORK);
        Process child = new Process(nextPid++, process.session, false);
        living.add(child);
        return child;
    }

    /** Only a process whose calls are known can be followed, so it makes a call at once. */
    private void changeSession(Process process) {
        boolean toNone = fickle && chance(50) && process.session != UNSET;
        leftItsSession |= toNone;
        if (process.session != UNSET) {
            call(replace(process, toNone ? UNSET : nextSession++), random.nextInt(20));
        }
    }

    private void end(Process process) {
        living.removeIf(other -> other.pid == process.pid);
        if (process.pid == PID) {
            mainEnded = true;
            say("ended 0");
            lookedFor = true;
        }
    }

    private void walk() {
        if (!mainEnded) {
            return;
        }
        List<Process> visible = living.stream().filter(p -> followed.contains(p.session)).toList();
        if (visible.size() == 1 && chance(50)) {
            Process parent = visible.get(0);
            fork(parent);
            end(parent);
            lookedFor = false;
            say("empty");
        } else if (visible.isEmpty() || asked != null && chance(20)) {
            lookedFor = false;
            say("empty");
        }
    }

    private void make(SeccompRecord record) {
        if (lossy && chance(1)) {
            lose(1);
            lostSome |= counting;
        } else {
            onTheWay.add(record);
        }
    }

    boolean isOver() {
        return living.isEmpty();
    }

    boolean wasLookedForOften() {
        return requests.stream().filter("look"::equals).count() >= 10;
    }
}
