// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.KernelCallListener;
import io.sandbox.enforcer.launch.LaunchRequest.Output;
import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.WaitStatus;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.recorder.evidence.Run;
import io.sandbox.recorder.machine.ServiceUnit;
import io.sandbox.recorder.machine.Systemd;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Restarts a service with a drop-in that has its commands hand over the listener of their filter,
 * runs a command that exercises it, if there is one, and stops it. A run is over when all of its
 * processes have ended.
 */
public final class ServiceRecorder implements Recorder, ContainerRuns.Listener {
    private static final int TICK_MILLIS = 50;
    private static final long START_NANOS = 2_000_000_000L;
    private static final long LOOK_NANOS = 500_000_000L;

    private final SandboxExec sandboxExec;
    private final ServiceDropIn dropIn;
    private final Listener listener;
    private final Waiters waiters = Waiters.KERNEL;
    private final ContainerRuns commands;
    private final CollectedRuns runs = new CollectedRuns();
    private boolean endWasRequested;
    private boolean commandEnded;
    private int commandStatus;
    private ServiceUnit.State state;

    /**
     * @param dropIn closed by the caller
     */
    public ServiceRecorder(SandboxExec sandboxExec, ServiceDropIn dropIn, Listener listener) {
        KernelCallListener.requireKernel();
        this.sandboxExec = sandboxExec;
        this.dropIn = dropIn;
        this.listener = listener;
        commands = new ContainerRuns(sandboxExec, waiters, this);
        sandboxExec.listenToUnit(dropIn.socket(), dropIn.unit().name());
    }

    @Override
    public String sourceName() {
        return NotifyRecorder.SOURCE;
    }

    @Override
    public boolean endWasRequested() {
        return endWasRequested;
    }

    @Override
    public Result record(RunPlan plan) {
        Instant started = Instant.ofEpochMilli(System.currentTimeMillis());
        RunPlan named = plan.named(dropIn.unit().name());
        dropIn.installAsking(plan);
        RunEnd end = new RunEnd(plan.limit(), waiters);
        int status = runOnce(plan, end);
        List<String> causes = new ArrayList<>();
        if (runs.isEmpty()) {
            causes.add("the service handed over nothing, so none of its calls was recorded");
        }
        return new Result(
                runs.together(named, started, causes, status),
                status,
                runs.processes(),
                false,
                end.timeIsUp(),
                List.of(),
                plan.keepOutput() && sandboxExec.showChangedOutput(plan.stdoutToStderr()));
    }

    /**
     * Runs the service with these settings, which ask nobody.
     *
     * @return how it ended, as waitpid(2) has it
     */
    public int runUnrecorded(RunPlan plan, String settings) {
        dropIn.install(settings);
        return runOnce(plan, new RunEnd(plan.limit(), waiters));
    }

    /** How the service went in the last run, before it was stopped. */
    public ServiceUnit.State lastState() {
        return state;
    }

    /** From the start of the service to its end; a service that fails makes the status 1. */
    private int runOnce(RunPlan plan, RunEnd end) {
        runs.clear();
        commandStatus = 0;
        try {
            String complaint = await(plan, dropIn.restart());
            if (complaint.isEmpty()) {
                exercise(plan, end);
            }
            state = dropIn.unit().queryState();
            String trouble = await(plan, dropIn.stop());
            if (!trouble.isEmpty()) {
                throw CommandFailure.ownFailure(dropIn.unit().name() + ": " + trouble);
            }
            // By D-Bus it can be started again at any time.
            await(plan, () -> commands.going().isEmpty() || dropIn.unit().queryState().isUp());
            commands.endAll();
        } catch (ControlException e) {
            commands.outlive();
            throw e;
        }
        boolean failed = state.hasFailed() || state.restarts() > 0;
        return failed && commandStatus == 0 ? WaitStatus.ofExit(1) : commandStatus;
    }

    private void exercise(RunPlan plan, RunEnd end) {
        // A service of Type=simple counts as started before its program is executed.
        long latest = waiters.nanoTime() + START_NANOS;
        await(plan, () -> hasBegun() || waiters.nanoTime() - latest > 0);
        int command = plan.command().isEmpty() ? 0 : startCommand(plan);
        commandEnded = false;
        long[] next = {waiters.nanoTime() + LOOK_NANOS};
        await(
                plan,
                () -> {
                    end.pollTime().ifPresent(signal -> signal(command, signal));
                    if (command != 0) {
                        return commandEnded;
                    }
                    if (waiters.nanoTime() - next[0] < 0) {
                        return endWasRequested || end.timeIsUp();
                    }
                    next[0] = waiters.nanoTime() + LOOK_NANOS;
                    return endWasRequested
                            || commands.going().isEmpty() && dropIn.unit().queryState().isOver();
                });
    }

    private boolean hasBegun() {
        return !runs.isEmpty()
                || commands.going().stream().anyMatch(run -> run.evidence().records() > 0);
    }

    private int startCommand(RunPlan plan) {
        Output output = plan.stdoutToStderr() ? Output.STDERR : Output.STDOUT;
        int process =
                sandboxExec.prepareUnfiltered(
                        plan.command().size(),
                        plan.keepOutput() ? Output.KEEP : output,
                        "",
                        1,
                        List.of());
        sandboxExec.go();
        return process;
    }

    private static void signal(int process, int signal) {
        if (process != 0) {
            PidFd.signal(process, signal);
        }
    }

    private String await(RunPlan plan, Systemd.Job job) {
        await(plan, () -> job.isOver(0));
        return job.complaint();
    }

    /** Lets the service make calls until something is so. */
    private void await(RunPlan plan, BooleanSupplier isOver) {
        Waiter waiter = waiters.of(sandboxExec.descriptor());
        do {
            waiter.await(TICK_MILLIS);
            sandboxExec.pollEvents(event -> handle(event, plan));
            commands.look();
            commands.going().forEach(run -> listener.running(run.evidence(), () -> 0));
        } while (!isOver.getAsBoolean());
    }

    private void handle(Event event, RunPlan plan) {
        if (event instanceof Event.HandedOver handed) {
            commands.take(handed, plan, dropIn.name());
        } else if (event instanceof Event.Ended ended) {
            commandEnded = true;
            commandStatus = ended.waitStatus();
        } else if (event instanceof Event.Signal) {
            endWasRequested = true;
        }
    }

    @Override
    public void began(String name) {
        // Each of its commands comes by itself.
    }

    @Override
    public void refused(String reason) {
        throw CommandFailure.ownFailure("the service handed over something else: " + reason);
    }

    @Override
    public void ended(String name, Run run, int count) {
        runs.add(run, count);
    }

    @Override
    public void close() {
        // Each run closes its own listener.
    }
}
