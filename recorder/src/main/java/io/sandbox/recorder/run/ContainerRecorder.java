// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.KernelCallListener;
import io.sandbox.enforcer.launch.LaunchRequest.Output;
import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.Signals;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.recorder.evidence.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs a command that starts containers, such as {@code podman run}, and records the containers
 * alone: their runtime hands over the listener of their filter. A run is over when the command and
 * all containers have ended.
 */
public final class ContainerRecorder implements Recorder, ContainerRuns.Listener {
    private static final int TICK_MILLIS = 100;

    /** A container that is just ending is not worth a word. */
    private static final long LEFT_AFTER_NANOS = 1_000_000_000L;

    private static final String NO_CONTAINER =
            "no container handed over its listener, so none was recorded (it has none with"
                    + " --privileged, a seccomp profile of its own or a remote engine)";

    private final SandboxExec sandboxExec;
    private final Profiles profiles;
    private final Listener listener;
    private final Waiters waiters = Waiters.KERNEL;
    private final ContainerRuns containers;
    private boolean endWasRequested;

    // Of the run that goes on.
    private final CollectedRuns runs = new CollectedRuns();
    private boolean ended;
    private long endedNanos;
    private boolean leftTold;
    private int waitStatus;

    /** Has the command load profiles. */
    public interface Profiles {
        /**
         * Makes the command's containers ask about each call that is not allowed.
         *
         * @param allowed entries of a list
         */
        Addition asking(List<String> allowed);
    }

    /**
     * What is added to a command.
     *
     * @param variable of its environment, as NAME=VALUE; empty for none
     * @param at behind how many of its words the others are put
     */
    public record Addition(String variable, int at, List<String> words) {}

    /**
     * @param sandboxExec listens already
     */
    public ContainerRecorder(SandboxExec sandboxExec, Profiles profiles, Listener listener) {
        KernelCallListener.requireKernel();
        this.sandboxExec = sandboxExec;
        this.profiles = profiles;
        this.listener = listener;
        containers = new ContainerRuns(sandboxExec, waiters, this);
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
        RunEnd end = new RunEnd(plan.limit(), waiters);
        start(plan, profiles.asking(plan.filter().allowed()));
        try {
            awaitEnd(plan, end);
        } catch (ControlException e) {
            containers.outlive();
            throw e;
        }
        containers.endAll();
        List<String> causes = new ArrayList<>();
        if (end.abandoned()) {
            causes.add("processes of the container were still running");
        }
        if (runs.isEmpty()) {
            causes.add(NO_CONTAINER);
        }
        return new Result(
                runs.together(plan, started, causes, waitStatus),
                waitStatus,
                runs.processes(),
                false,
                end.timeIsUp(),
                List.of(),
                plan.keepOutput() && sandboxExec.showChangedOutput(plan.stdoutToStderr()));
    }

    /**
     * Runs the command as it is, with a profile that asks nobody.
     *
     * @return how it ended, as waitpid(2) has it
     */
    public int runUnrecorded(RunPlan plan, Addition addition) {
        start(plan, addition);
        RunEnd end = new RunEnd(plan.limit(), waiters);
        awaitEnd(plan, end);
        return waitStatus;
    }

    private void start(RunPlan plan, Addition addition) {
        runs.clear();
        ended = false;
        leftTold = false;
        Output output = plan.stdoutToStderr() ? Output.STDERR : Output.STDOUT;
        sandboxExec.prepareUnfiltered(
                plan.command().size(),
                plan.keepOutput() ? Output.KEEP : output,
                addition.variable(),
                addition.at(),
                addition.words());
        sandboxExec.go();
    }

    private void awaitEnd(RunPlan plan, RunEnd end) {
        Waiter waiter = waiters.of(sandboxExec.descriptor());
        while (!(ended && containers.going().isEmpty()) && !end.abandoned()) {
            waiter.await(TICK_MILLIS);
            sandboxExec.pollEvents(event -> handle(event, plan, end));
            containers.look();
            containers.going().forEach(run -> listener.running(run.evidence(), () -> 0));
            tellOfThoseLeft();
            end.pollTime().ifPresent(this::signalAll);
        }
    }

    private void handle(Event event, RunPlan plan, RunEnd end) {
        if (event instanceof Event.HandedOver handed) {
            containers.take(handed, plan);
        } else if (event instanceof Event.Ended command) {
            ended = true;
            endedNanos = waiters.nanoTime();
            waitStatus = command.waitStatus();
        } else if (event instanceof Event.Signal signal) {
            endWasRequested = true;
            if (signal.number() == Signals.SIGKILL) {
                signalAll(Signals.SIGKILL);
            } else {
                end.request().ifPresent(this::signalAll);
            }
        }
    }

    private void tellOfThoseLeft() {
        if (!ended || leftTold || waiters.nanoTime() - endedNanos < LEFT_AFTER_NANOS) {
            return;
        }
        Optional<Integer> left =
                containers.going().stream().flatMap(run -> run.queryLiving().stream()).findFirst();
        left.ifPresent(listener::descendantLeft);
        leftTold = left.isPresent();
    }

    private void signalAll(int signal) {
        for (ContainerRun run : containers.going()) {
            for (int process : run.queryLiving()) {
                PidFd.signal(process, signal);
            }
        }
    }

    @Override
    public void began(String name) {
        // The command tells of its containers itself.
    }

    @Override
    public void refused(String reason) {
        throw CommandFailure.ownFailure("a container handed over something else: " + reason);
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
