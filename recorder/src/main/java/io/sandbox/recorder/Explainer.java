package io.sandbox.recorder;

import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.recorder.Supervisor.Event;
import io.sandbox.recorder.evidence.ObservedCall;
import io.sandbox.recorder.source.CallListener;
import io.sandbox.recorder.source.CallListener.Question;
import io.sandbox.recorder.source.PidFd;
import io.sandbox.recorder.source.Waiter;
import java.util.Optional;

/**
 * Runs a program under a filter whose verdict is to end the process, and does so in the kernel's
 * place: the filter asks, we look at the call and at who makes it, and the process dies. It makes
 * no such call, as under the filter itself. For one thread.
 */
public final class Explainer {
    private static final int SIGKILL = 9;
    private static final int TICK_MILLIS = 500;

    /** Long enough to write a core file; only process 1 of a PID namespace survives SIGSYS. */
    private static final int SIGSYS_PATIENCE_MILLIS = 10_000;

    private final Supervisor supervisor;
    private final Observer observer;
    private CallListener calls;
    private Waiter waiter;
    private int program;
    private boolean programRefused;
    private boolean ended;
    private boolean descendantsTold;
    private boolean abandoned;
    private int waitStatus;

    /** Told of what happens. */
    public interface Observer {
        void refused(RefusedCall call);

        /** The program has ended, and descendants of it go on. */
        void descendantsLeft();
    }

    public Explainer(Supervisor supervisor, Observer observer) {
        this.supervisor = supervisor;
        this.observer = observer;
        waiter = new Waiter(supervisor.descriptor());
    }

    /**
     * Runs the program, which is the last {@code count} of our arguments, to the end of its last
     * process, or until the user asks for the end when the program itself has ended.
     *
     * @return the exit status that it would have had under the filter itself
     * @throws LearnException when it cannot be run
     */
    public int run(int count, Supervisor.From from, BpfProgram filter) {
        program = supervisor.prepareWatched(count, from, filter.askingBeforeKill());
        supervisor.go();
        while (!isOver()) {
            waiter.await(TICK_MILLIS);
            answerAll();
            supervisor.pollEvents(this::handle);
        }
        if (calls != null) {
            calls.close();
        }
        return ExitCodes.ofWaitStatus(programRefused ? Caller.SIGSYS : waitStatus);
    }

    private boolean isOver() {
        if (!ended) {
            return false;
        }
        if (calls == null || abandoned || calls.isOrphaned()) {
            return true;
        }
        if (!descendantsTold && !waiter.await(TICK_MILLIS)) {
            descendantsTold = true;
            observer.descendantsLeft();
        }
        return false;
    }

    private void handle(Event event) {
        if (event instanceof Event.Listening listening) {
            calls = new CallListener(listening.descriptor());
            waiter = new Waiter(supervisor.descriptor(), calls.descriptor());
        } else if (event instanceof Event.Ended end) {
            ended = true;
            waitStatus = end.waitStatus();
        } else if (event instanceof Event.Signal) {
            abandoned = true;
        }
    }

    private void answerAll() {
        if (calls == null) {
            return;
        }
        Optional<Question> question;
        while ((question = calls.poll()).isPresent()) {
            refuse(question.get());
        }
    }

    private void refuse(Question question) {
        Caller caller = Caller.query(question.thread(), question.instruction());
        Optional<PidFd> process = PidFd.open(caller.process());
        if (process.isEmpty()) {
            return;
        }
        try (PidFd held = process.get()) {
            // What was read, and is held, is the caller's if it still waits.
            if (!calls.isWaiting(question)) {
                return;
            }
            end(held, caller);
        }
        programRefused |= caller.process() == program;
        observer.refused(
                new RefusedCall(
                        ObservedCall.of(question.auditArch(), question.number()),
                        question.arguments(),
                        caller));
    }

    /** By the signal that the kernel would use, so that its parent sees the same. */
    private static void end(PidFd process, Caller caller) {
        if (caller.diesOfSigsys()) {
            process.signal(Caller.SIGSYS);
            if (process.awaitEnd(SIGSYS_PATIENCE_MILLIS)) {
                return;
            }
        }
        process.signal(SIGKILL);
    }
}
