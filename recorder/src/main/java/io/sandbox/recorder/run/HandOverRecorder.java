// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.KernelCallListener;
import io.sandbox.enforcer.launch.LaunchRequest.Output;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.outcome.CommandFailure;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What the recorders of containers and services have in common. Others start these targets, and the
 * targets hand over the listener of their filter. The command itself runs without a filter of ours.
 */
abstract class HandOverRecorder implements Recorder, ContainerRuns.Observer {
    private static final int TICK_MILLIS = 50;

    final SandboxExec sandboxExec;
    final Observer observer;
    final Waiters waiters = Waiters.KERNEL;
    final ContainerRuns going;

    /** What has ended since the last result. */
    final CollectedRuns runs = new CollectedRuns();

    private final String what;
    private boolean endWasRequested;

    /** Whether a hand-over was refused since the last result. */
    private boolean refusedSome;

    /** {@code what}: what hands over, for messages. */
    HandOverRecorder(SandboxExec sandboxExec, Observer observer, String what) {
        KernelCallListener.requireKernel();
        this.sandboxExec = sandboxExec;
        this.observer = observer;
        this.what = what;
        going = new ContainerRuns(sandboxExec, waiters, this);
    }

    @Override
    public String sourceName() {
        return NotifyRecorder.SOURCE;
    }

    @Override
    public final boolean endWasRequested() {
        return endWasRequested;
    }

    /** Starts the command of a plan, and returns its process. */
    final int startCommand(RunPlan plan, CommandAddition addition) {
        Output output = plan.stdoutToStderr() ? Output.STDERR : Output.STDOUT;
        int process =
                sandboxExec.prepareUnfiltered(
                        plan.command().size(),
                        plan.keepOutput() ? Output.KEEP : output,
                        addition.variable(),
                        addition.at(),
                        addition.words());
        sandboxExec.go();
        return process;
    }

    /** Lets the targets make calls until the condition holds. */
    final void await(RunPlan plan, RunEnd end, BooleanSupplier isOver) {
        Waiter waiter = waiters.of(sandboxExec.descriptor());
        do {
            sandboxExec.await(waiter, end.tickMillis(TICK_MILLIS));
            sandboxExec.pollEvents(
                    event -> {
                        refusedSome |= event instanceof Event.Unrecorded;
                        endWasRequested |= event instanceof Event.Signal;
                        handle(event, plan, end);
                    });
            look();
        } while (!isOver.getAsBoolean());
    }

    /** Notices who has ended, and tells of progress. */
    void look() {
        going.takeOutEnded();
        going.going().forEach(run -> observer.running(run.evidence(), () -> 0));
    }

    abstract void handle(Event event, RunPlan plan, RunEnd end);

    /**
     * The result of a run.
     *
     * @param named the plan under the name of the run
     * @param signs what speaks against the run
     * @param status how it ended, as waitpid(2) has it
     */
    final Result result(RunPlan named, Instant started, Signs signs, RunEnd end, int status) {
        signs.addIf(refusedSome, Sign.Kind.HAND_OVER_REFUSED);
        refusedSome = false;
        return new Result(
                runs.together(sourceName(), named, started, signs, status),
                status,
                runs.processes(),
                false,
                end.timeIsUp(),
                List.of(),
                named.keepOutput() && sandboxExec.showChangedOutput(named.stdoutToStderr()),
                end.finish());
    }

    @Override
    public final void began(String name) {
        // The caller reports them itself.
    }

    @Override
    public final void refused(String reason) {
        throw CommandFailure.ownFailure(what + " handed over something else: " + reason);
    }

    @Override
    public final void ended(String name, Run run, int count) {
        runs.add(run, count);
    }
}
