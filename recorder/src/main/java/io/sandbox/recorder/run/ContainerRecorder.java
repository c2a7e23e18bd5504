// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.recorder.machine.ContainerRuntime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs a command that starts containers, such as {@code podman run}, and records the containers
 * alone: their runtime hands over the listener of their filter. A run is over when the command and
 * all containers have ended.
 */
public final class ContainerRecorder extends HandOverRecorder {
    /** How long a container may take until it starts again. */
    private static final long RESTART_NANOS = 5_000_000_000L;

    private final Profiles profiles;
    private final boolean restarts;

    /** Empty where calls are not counted in the kernel. */
    private final Optional<Telling> telling;

    // The state of the current run.
    private ProgramEnd commandEnd;
    private int command;
    private long lastSeenNanos;

    /** What the containers of the current run do; null if they ask about their calls. */
    private CountedCommands counted;

    private int handedOver;

    /** Makes the containers of the command load profiles. */
    public interface Profiles {
        /** Makes the command's containers ask about each call that is not among these entries. */
        CommandAddition asking(List<String> allowed);
    }

    /**
     * What containers get whose calls are counted.
     *
     * @param profile makes them tell of their start, and allows all calls
     * @param mark by which the kernel knows the profile
     * @param runtime the path of their runtime's executable, as far as it is known
     */
    public record Telling(Supplier<CommandAddition> profile, long mark, String runtime) {}

    /**
     * @param sandboxExec must be listening already
     * @param telling if calls are counted in the kernel, unless a run is to refuse some; empty if
     *     we answer them
     * @param withoutExec whether what an exec into a container does is left out
     * @param restarts whether containers that have ended may start again
     */
    public ContainerRecorder(
            SandboxExec sandboxExec,
            Profiles profiles,
            Optional<Telling> telling,
            boolean withoutExec,
            boolean restarts,
            Observer observer) {
        super(sandboxExec, observer, "a container");
        if (withoutExec) {
            runs.leaveOutExec();
        }
        this.profiles = profiles;
        this.telling = telling;
        this.restarts = restarts;
    }

    @Override
    public String sourceName() {
        return telling.isPresent() ? BpfRecorder.SOURCE : super.sourceName();
    }

    @Override
    public Result record(RunPlan plan) {
        Instant started = Instant.ofEpochMilli(System.currentTimeMillis());
        RunEnd end = new RunEnd(plan, waiters);
        handedOver = 0;
        int expected = Integer.MAX_VALUE;
        if (telling.isPresent() && !plan.filter().enforced()) {
            expected = runCounted(plan, end);
        } else {
            start(plan, profiles.asking(TargetFilter.unasked(plan)));
            awaitContainers(plan, end);
        }
        int failed = runs.isEmpty() ? ExitCodes.ofWaitStatus(commandEnd.waitStatus()) : 0;
        Signs signs = signs(end.abandoned(), runs.isEmpty(), failed, handedOver, expected);
        return result(plan, started, signs, end, commandEnd.waitStatus());
    }

    /**
     * @param failed the status of a command that failed before it had a container; 0 for others
     * @param handedOver how many filters were handed over
     * @param expected how many the kernel saw being loaded, or could
     */
    static Signs signs(
            boolean abandoned, boolean isEmpty, int failed, int handedOver, int expected) {
        return new Signs()
                .addIf(abandoned, Sign.Kind.CONTAINER_STILL_RUNNING)
                .addIf(handedOver > expected, Sign.Kind.CONTAINER_ENTERED)
                .addIf(isEmpty && failed == 0, Sign.Kind.NO_CONTAINER)
                .addCount(Sign.Kind.NO_CONTAINER_FAILED, failed);
    }

    /** Returns how many filters with the mark the kernel saw being loaded. */
    private int runCounted(RunPlan plan, RunEnd end) {
        // Go's threads in the runtime make some calls by chance.
        List<String> unseen = new ContainerRuntime(telling.get().runtime(), false).unseen();
        counted = new CountedCommands(sandboxExec, plan.under(new RunFilter(false, unseen)));
        try {
            counted.countMarked(telling.get().mark());
            start(plan, telling.get().profile().get());
            awaitContainers(plan, end);
            if (!runs.isEmpty()) {
                runs.add(
                        counted.end(false, Optional.of(telling.get().runtime())),
                        counted.processCount());
            }
            return counted.listenerCount();
        } finally {
            counted.close();
            counted = null;
        }
    }

    private void awaitContainers(RunPlan plan, RunEnd end) {
        try {
            awaitEnd(plan, end);
        } catch (ControlException e) {
            going.outlive();
            throw e;
        }
        going.endAll();
    }

    /**
     * Runs the command as it is, with a profile that asks nobody.
     *
     * @return how it ended, as waitpid(2) has it
     */
    public int runUnrecorded(RunPlan plan, CommandAddition addition) {
        RunEnd end = new RunEnd(plan, waiters);
        start(plan, addition);
        awaitEnd(plan, end);
        end.finish().requireWell();
        return commandEnd.waitStatus();
    }

    private void start(RunPlan plan, CommandAddition addition) {
        runs.clear();
        commandEnd = new ProgramEnd(waiters);
        command = startCommand(plan, addition);
    }

    private void awaitEnd(RunPlan plan, RunEnd end) {
        await(
                plan,
                end,
                () -> {
                    if (commandEnd.wantsDescendant()) {
                        commandEnd.tellDescendant(queryLiving(), observer);
                    }
                    end.pollDriver(observer).ifPresent(this::signalProgram);
                    end.pollTime().ifPresent(this::signalAtLimit);
                    return isOver(end) || end.abandoned();
                });
    }

    /** Who is made to end is not waited for again. */
    private boolean isOver(RunEnd end) {
        if (!commandEnd.hasCome() || !going.going().isEmpty()) {
            lastSeenNanos = waiters.nanoTime();
            return false;
        }
        return !restarts
                || endWasRequested()
                || end.isStopping()
                || end.timeIsUp()
                || waiters.nanoTime() - lastSeenNanos > RESTART_NANOS;
    }

    @Override
    void handle(Event event, RunPlan plan, RunEnd end) {
        if (event instanceof Event.HandedOver handed) {
            handedOver++;
            going.take(handed, plan, null, counted == null);
        } else if (event instanceof Event.Ended ended) {
            commandEnd.note(ended);
        } else if (event instanceof Event.Signal signal) {
            end.request(signal.number()).ifPresent(this::signalForUser);
        }
    }

    private List<Integer> queryLiving() {
        return going.going().stream().flatMap(run -> run.queryLiving().stream()).toList();
    }

    /** Engines pass the signals of their command on to the container. */
    private void signalProgram(int signal) {
        if (commandEnd.hasCome()) {
            signalAll(signal);
        } else {
            PidFd.signal(command, signal);
        }
    }

    /** While the command runs, it gets the user's signals. This one came before its start. */
    private void signalForUser(int signal) {
        if (!commandEnd.hasCome()) {
            PidFd.signal(command, signal);
        }
        signalAll(signal);
    }

    /** In a run that is not recorded, the containers are not known, but their command is. */
    private void signalAtLimit(int signal) {
        if (going.going().isEmpty() && !commandEnd.hasCome()) {
            PidFd.signal(command, signal);
        }
        signalAll(signal);
    }

    private void signalAll(int signal) {
        going.going().forEach(run -> run.signalAll(signal));
    }
}
