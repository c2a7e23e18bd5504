// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.audit.SeccompRecord;
import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.evidence.testing.Records;
import io.sandbox.recorder.source.RecordSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * Stands for the environment of a {@link LogRecorder}: the kernel that makes and loses records,
 * {@code sandbox-exec}, and the time. Events happen only while the recorder waits: each wait runs
 * the next step of the test.
 */
class FakeMachine extends FakeConversation implements RecordSource, Waiters {
    static final int PID = FakeListener.NOBODY;
    static final long SESSION = 100;

    /** How long a wait takes if a step follows. */
    private static final long STEP_NANOS = 1_000_000;

    /** More waits without a step show that the recorder hangs. */
    private static final int TOO_MANY_IDLE_WAITS = 10_000;

    private final Deque<Runnable> steps = new ArrayDeque<>();
    private final Deque<SeccompRecord> records = new ArrayDeque<>();
    private int idleWaits;
    private long lost;
    private long lostBefore;
    private String lastStart = "";
    private int canaries;
    private int looks;

    /** From now on, no canary and no barrier arrives, without a reported loss. */
    boolean canariesVanish;

    /** Whether the listener of the filter that a tracer loads arrives. */
    boolean tracerCame = true;

    /** The listener of the filter that a tracer loads; null for a target that cannot be guarded. */
    FakeListener asked;

    /** The answer to a request for a guarded target. */
    String refusal = "refused 125 no tracer";

    String output = "same";

    /** What happens just before each canary, which are counted from 0. */
    IntConsumer atCanary = index -> {};

    /** Which of the canaries arrive. */
    IntPredicate arrives = index -> true;

    /** What happens when the recorder looks for processes; false if it finds one. */
    IntPredicate atLook = index -> true;

    Runnable atStart = () -> {};
    IntConsumer atSignal = signal -> {};

    /** Adds a step, which runs while the recorder waits. */
    FakeMachine then(Runnable step) {
        steps.add(step);
        return this;
    }

    /** Adds a step in which the kernel takes back its question about a call, and logs that. */
    FakeMachine thenTakenBack(int number) {
        int code = Records.USER_NOTIF;
        return then(
                () ->
                        arrive(
                                Records.record(
                                        Records.TIME_MILLIS,
                                        SESSION,
                                        PID,
                                        "/bin/x",
                                        Records.X86_64,
                                        number,
                                        code)));
    }

    FakeMachine thenMessage(String message) {
        return then(() -> say(message));
    }

    FakeMachine thenEnd() {
        return thenMessage("ended 0").thenMessage("empty");
    }

    final void arrive(SeccompRecord record) {
        records.add(record);
    }

    final void arrive(int pid, long session, int number) {
        arrive(record(pid, session, number));
    }

    static SeccompRecord record(int pid, long session, int number) {
        return Records.record(Records.TIME_MILLIS, session, pid, "/bin/x", Records.X86_64, number);
    }

    /** Drops records, and the source notices. */
    final void lose(long count) {
        lost += count;
    }

    /** A helper makes the call {@code number} under a filter that logs. */
    void canary(int number) {
        atCanary.accept(canaries);
        if (arrives.test(canaries++) && !canariesVanish) {
            arrive(7, 7, number);
        }
    }

    /** The target runs. */
    void started() {
        atStart.run();
    }

    /** The recorder looks for the target's processes. */
    void look() {
        if (atLook.test(looks++)) {
            say("empty");
        }
    }

    /** The recorder looks for the target's processes in this session too. */
    void followed(long session) {}

    /** The target's session gets a signal. */
    void signalled(int signal) {
        atSignal.accept(signal);
    }

    /** The recorder waits, so an event may happen. */
    void step(int millis) {
        nanos.addAndGet(STEP_NANOS);
        Runnable step = steps.poll();
        if (step != null) {
            step.run();
        } else {
            nanos.addAndGet(millis * 1_000_000L);
            if (++idleWaits > TOO_MANY_IDLE_WAITS) {
                throw new AssertionError("the recorder waits for ever");
            }
        }
    }

    // The conversation.

    @Override
    public final void send(String message) {
        requests.add(message);
        String[] words = message.split(" ");
        switch (words[0]) {
            case "canary" -> {
                canary(Integer.parseInt(words[1]));
                say("ok");
            }
            case "look" -> {
                say("ok");
                look();
            }
            case "go" -> go();
            case "trace" -> say("refused 125 no such kernel");
            case "nap" -> say("ok");
            case "follow" -> {
                say("ok");
                followed(Long.parseLong(words[1]));
            }
            case "end" -> {
                say("ok");
                signalled(Integer.parseInt(words[1]));
            }
            case "output" -> say("output " + output);
            case "run", "guard" -> {
                lastStart = words[0];
                say("session " + PID + " " + SESSION);
            }
            default -> throw new AssertionError(message);
        }
    }

    private void go() {
        boolean guard = lastStart.equals("guard");
        if (guard && asked == null) {
            say(refusal);
            return;
        }
        say("running");
        if (guard && tracerCame) {
            say("listener");
        }
        started();
    }

    @Override
    public final CallListener takeListener() {
        return asked;
    }

    // The source.

    @Override
    public final String name() {
        return "fake";
    }

    @Override
    public final void drain(Consumer<SeccompRecord> sink) {
        while (!records.isEmpty()) {
            sink.accept(records.remove());
        }
    }

    @Override
    public String whySilent() {
        return "made up";
    }

    @Override
    public final long patienceNanos() {
        return 3_000_000_000L;
    }

    @Override
    public void startCounting() {
        lostBefore = lost;
    }

    @Override
    public final Signs losses() {
        return new Signs().addCount(Sign.Kind.SOCKET_DROPPED, lost - lostBefore);
    }

    @Override
    public final void close() {}

    // The time.

    @Override
    public final Waiter of(int... descriptors) {
        return new Waiter() {
            @Override
            public boolean await(int millis) {
                step(millis);
                if (asked != null) {
                    asked.awaitAnswers();
                }
                return true;
            }

            @Override
            public boolean hasCome(int index) {
                return descriptors[index] == FakeListener.DESCRIPTOR && asked.isOrphaned();
            }
        };
    }

    @Override
    public final Waiter withEndOfLast(int... descriptors) {
        return of(descriptors);
    }
}
