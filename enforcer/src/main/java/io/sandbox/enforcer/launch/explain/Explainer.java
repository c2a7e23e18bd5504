// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.explain;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.ExitCodes;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.LaunchRequest;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.Signals;
import io.sandbox.enforcer.launch.WaitStatus;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.enforcer.seccomp.BpfProgram;

/**
 * Runs a program under a filter whose verdict is to end the process, and does so in the kernel's
 * place: the filter asks, we look at the call and at who makes it, and the process dies. It makes
 * no such call, as under the filter itself. For one thread.
 */
public final class Explainer {
    private static final int TICK_MILLIS = 500;

    private final SandboxExec sandboxExec;
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

    public Explainer(SandboxExec sandboxExec, Observer observer) {
        this.sandboxExec = sandboxExec;
        this.observer = observer;
        waiter = Waiters.KERNEL.of(sandboxExec.descriptor());
    }

    /**
     * Runs the program, which is the last {@code count} of our arguments, to the end of its last
     * process, or until the user asks for the end when the program itself has ended.
     *
     * @return the exit status that it would have had under the filter itself
     * @throws CommandFailure when it cannot be run
     */
    public int run(int count, FilterStart from, BpfProgram filter) {
        program =
                sandboxExec.prepareWatched(
                        new LaunchRequest(
                                count,
                                LaunchRequest.Output.STDOUT,
                                from,
                                true,
                                filter.askingBeforeKill().toBytes()));
        sandboxExec.go();
        while (!isOver()) {
            waiter.await(TICK_MILLIS);
            answerAll();
            sandboxExec.pollEvents(this::handle);
        }
        if (calls != null) {
            calls.close();
        }
        return ExitCodes.ofWaitStatus(
                programRefused ? WaitStatus.ofSignal(Signals.SIGSYS) : waitStatus);
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
            calls = listening.listener();
            waiter = Waiters.KERNEL.of(sandboxExec.descriptor(), calls.descriptor());
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
        while (calls.poll()) {
            CallRefusal.refuse(calls).ifPresent(this::note);
        }
    }

    private void note(RefusedCall refused) {
        programRefused |= refused.process() == program;
        observer.refused(refused);
    }
}
