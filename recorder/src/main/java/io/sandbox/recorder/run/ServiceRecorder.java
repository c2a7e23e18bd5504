// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.Signals;
import io.sandbox.outcome.WaitStatus;
import io.sandbox.recorder.machine.ServiceUnit;
import io.sandbox.recorder.machine.Systemd;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Restarts a service with a drop-in that has its commands hand over the listener of their filter,
 * runs a command that exercises it, if there is one, and stops it. A run is over when all of its
 * processes have ended.
 */
public final class ServiceRecorder extends HandOverRecorder {
    private static final long START_NANOS = 2_000_000_000L;
    private static final long LOOK_NANOS = 500_000_000L;

    /** For processes that end by themselves after the stop. */
    private static final long STOP_NANOS = 5_000_000_000L;

    private final ServiceDropIn dropIn;

    /** Whether calls are counted in the kernel, unless a run is to refuse some. */
    private final boolean counts;

    /** The counted commands of the current run; null if they hand over their filters instead. */
    private CountedCommands counted;

    /** The process that exercises the service; 0 while there is none. */
    private int command;

    private int commandStatus;

    /** The processes that handed over their listeners. */
    private final Set<Integer> handedOver = new HashSet<>();

    private ServiceUnit.State state;

    /** Whether the service failed before it could be exercised. */
    private boolean failedToStart;

    /** Whether processes of a recorded run outlived its stop, which KillMode= can want. */
    private boolean usuallyOutlived;

    /** The capability that the service is to lack. */
    private long lacking;

    /** The processes of the last start and its stop, which had to hand over. */
    private Set<Integer> commands;

    /**
     * @param dropIn closed by the caller
     * @param counts whether calls are counted in the kernel; otherwise we answer them
     */
    public ServiceRecorder(
            SandboxExec sandboxExec, ServiceDropIn dropIn, boolean counts, Observer observer) {
        super(sandboxExec, observer, "the service");
        this.dropIn = dropIn;
        this.counts = counts;
        sandboxExec.listenToUnit(dropIn.socket(), dropIn.unit().name(), counts);
    }

    @Override
    public String sourceName() {
        return counts ? BpfRecorder.SOURCE : super.sourceName();
    }

    @Override
    public boolean lack(long capability) {
        lacking = capability;
        return true;
    }

    @Override
    public Result record(RunPlan plan) {
        Instant started = Instant.ofEpochMilli(System.currentTimeMillis());
        RunPlan named = plan.named(dropIn.unit().name());
        RunEnd end = begin(plan);
        handedOver.clear();
        int status;
        if (counts && !plan.filter().enforced()) {
            dropIn.installJoining(lacking);
            status = runCounted(plan, named, end);
        } else {
            dropIn.installAsking(plan);
            status = runOnce(plan, end, !plan.filter().enforced());
        }
        Signs signs =
                signs(runs.isEmpty(), commands, state.restarts(), handedOver)
                        .addIf(failedToStart && !runs.isEmpty(), Sign.Kind.SERVICE_FAILED);
        return result(named, started, signs, end, status);
    }

    /** A service that runs has the place where its next start is to be ready. */
    private RunEnd begin(RunPlan plan) {
        if (plan.drive().isPresent()) {
            await(plan, new RunEnd(Optional.empty(), waiters), dropIn.stop());
        }
        return new RunEnd(plan, waiters);
    }

    private int runCounted(RunPlan plan, RunPlan named, RunEnd end) {
        counted = new CountedCommands(sandboxExec, named.under(RunFilter.LOG_ALL));
        try {
            int status = runOnce(plan, end, lacking == 0);
            if (!handedOver.isEmpty()) {
                runs.add(counted.end(!counted.isEmpty(), Optional.empty()), counted.processCount());
            }
            return status;
        } finally {
            counted.close();
            counted = null;
        }
    }

    /**
     * @param commands those of the last start and of its stop; none if systemd has forgotten them
     * @param restarts the starts before the last one, each of which had a command that handed over
     */
    static Signs signs(
            boolean isEmpty, Set<Integer> commands, int restarts, Set<Integer> handedOver) {
        boolean isWhole =
                !commands.isEmpty()
                        && handedOver.containsAll(commands)
                        && handedOver.size() >= commands.size() + restarts;
        return new Signs()
                .addIf(isEmpty, Sign.Kind.NO_SERVICE)
                .addIf(!isEmpty && !isWhole, Sign.Kind.COMMAND_UNRECORDED);
    }

    /**
     * Runs the service with these settings. Their filter asks nobody.
     *
     * @return how it ended, as waitpid(2) has it
     */
    public int runUnrecorded(RunPlan plan, String settings) {
        RunEnd end = begin(plan);
        dropIn.install(settings);
        int status = runOnce(plan, end, false);
        end.finish().requireWell();
        return status;
    }

    /** How the service went in the last run, before it was stopped. */
    public ServiceUnit.State lastState() {
        return state;
    }

    /**
     * From the start of the service to its end; a service that fails makes the status 1.
     *
     * @param usual whether nothing is taken away
     */
    private int runOnce(RunPlan plan, RunEnd end, boolean usual) {
        runs.clear();
        command = 0;
        commandStatus = 0;
        boolean outlived = false;
        Set<Integer> before = dropIn.unit().queryProcesses();
        try {
            failedToStart = !await(plan, end, dropIn.restart()).isEmpty();
            if (!failedToStart) {
                exercise(plan, end);
            }
            state = dropIn.unit().queryState();
            String trouble = await(plan, end, dropIn.stop());
            commands = dropIn.queryStarted();
            if (!trouble.isEmpty()) {
                throw CommandFailure.ownFailure(dropIn.unit().name() + ": " + trouble);
            }
            outlived = outlives(plan, end, usual, before);
            going.endAll();
        } catch (ControlException e) {
            going.outlive();
            throw e;
        }
        boolean failed = state.hasFailed() || state.restarts() > 0 || outlived;
        return failed && commandStatus == 0 ? WaitStatus.ofExit(1) : commandStatus;
    }

    /**
     * Waits until the processes have ended, or long enough.
     *
     * @param usual whether the run took nothing away
     * @param before the processes that the start of the service left alone
     * @return whether some outlived the stop for what the run took away; they have been killed
     */
    private boolean outlives(RunPlan plan, RunEnd end, boolean usual, Set<Integer> before) {
        long latest = waiters.nanoTime() + STOP_NANOS;
        BooleanSupplier isLate = () -> waiters.nanoTime() - latest > 0;
        // A request by D-Bus can start the service again at any time.
        BooleanSupplier isUp = () -> dropIn.unit().queryState().isUp();
        await(plan, end, () -> nobodyIsLeft() || isUp.getAsBoolean() || isLate.getAsBoolean());
        if (usual) {
            usuallyOutlived = !nobodyIsLeft() && !isUp.getAsBoolean();
        }
        if (usual || usuallyOutlived) {
            return false;
        }
        Set<Integer> left = new HashSet<>();
        await(
                plan,
                end,
                () -> {
                    left.clear();
                    left.addAll(dropIn.unit().queryProcesses());
                    left.removeAll(before);
                    return left.isEmpty() || isUp.getAsBoolean() || isLate.getAsBoolean();
                });
        if (left.isEmpty() || isUp.getAsBoolean()) {
            return false;
        }
        left.forEach(process -> PidFd.signal(process, Signals.SIGKILL));
        return true;
    }

    private void exercise(RunPlan plan, RunEnd end) {
        // A service of Type=simple counts as started before its program is executed.
        long latest = waiters.nanoTime() + START_NANOS;
        await(plan, end, () -> hasBegun() || waiters.nanoTime() - latest > 0);
        if (endWasRequested()) {
            return;
        }
        boolean commanded = !plan.command().isEmpty();
        command = commanded ? startCommand(plan, CommandAddition.NOTHING) : 0;
        long[] next = {waiters.nanoTime() + LOOK_NANOS};
        await(
                plan,
                end,
                () -> {
                    end.pollTime().ifPresent(this::signalCommand);
                    OptionalInt signal = end.pollDriver(observer);
                    if (commanded || end.isStopping()) {
                        return command == 0;
                    }
                    signal.ifPresent(dropIn.unit()::signal);
                    if (waiters.nanoTime() - next[0] < 0) {
                        return endWasRequested() || end.timeIsUp();
                    }
                    next[0] = waiters.nanoTime() + LOOK_NANOS;
                    return endWasRequested()
                            || nobodyIsLeft() && dropIn.unit().queryState().isOver();
                });
    }

    private boolean nobodyIsLeft() {
        return going.going().isEmpty() && (counted == null || counted.isEmpty());
    }

    private boolean hasBegun() {
        return !runs.isEmpty()
                || counted != null && counted.processCount() > 0
                || going.going().stream().anyMatch(run -> run.evidence().records() > 0);
    }

    private void signalCommand(int signal) {
        if (command != 0) {
            PidFd.signal(command, signal);
        }
    }

    private String await(RunPlan plan, RunEnd end, Systemd.Job job) {
        await(plan, end, () -> job.isOver(0));
        return job.complaint();
    }

    @Override
    void look() {
        super.look();
        if (counted != null) {
            observer.running(counted.progress(), () -> 0);
        }
    }

    @Override
    void handle(Event event, RunPlan plan, RunEnd end) {
        if (event instanceof Event.HandedOver handed) {
            handedOver.add(handed.peer());
            going.take(handed, plan, dropIn.name(), true);
        } else if (event instanceof Event.Joining joining && counted != null) {
            if (counted.take(joining, dropIn.name())) {
                handedOver.add(joining.peer());
            }
        } else if (event instanceof Event.Joining joining) {
            sandboxExec.leaveUncounted(joining.peer());
        } else if (event instanceof Event.Ended ended) {
            command = 0;
            commandStatus = ended.waitStatus();
        } else if (event instanceof Event.Signal signal) {
            // While the command runs, it gets the user's signals. This one came before its start.
            end.request(signal.number()).ifPresent(this::signalCommand);
        }
    }
}
