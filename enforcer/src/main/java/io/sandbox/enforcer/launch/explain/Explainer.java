// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.explain;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.LaunchRequest;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.outcome.Signals;
import io.sandbox.outcome.WaitStatus;
import io.sandbox.syscalldb.SyscallDb;

/**
 * Runs a program under a filter that kills, but kills in place of the kernel: the filter asks, we
 * look at the call and its caller, and kill the process before the call is made. For one thread.
 *
 * <p>No audit records are read for this, so it needs no privilege and misses nothing. The process
 * gets SIGSYS, as from the kernel, and SIGKILL if it catches or blocks SIGSYS. A ptrace tracer
 * would see the call too, but the program could notice the tracer. Two things differ from a run
 * without an explanation: the program is our child, and if a filter of its own refuses the call
 * with an errno, that filter wins over the question. A program that wants a listener of its own is
 * killed too, since ours takes its place.
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
     * Runs the program, the last {@code count} of our arguments, until its last process has ended.
     * If the program itself has ended, a request of the user ends this too.
     *
     * @return the exit status that the program would have under the unchanged filter
     * @throws CommandFailure when it cannot be run
     */
    public int run(int count, FilterStart from, BpfProgram filter) {
        byte[] asking = filter.askingBeforeKill(SyscallDb.get().nativeArch()).toBytes();
        LaunchRequest.Output output = LaunchRequest.Output.STDOUT;
        program = sandboxExec.prepareWatched(new LaunchRequest(count, output, from, true, asking));
        sandboxExec.go();
        while (!isOver()) {
            sandboxExec.await(waiter, TICK_MILLIS);
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
