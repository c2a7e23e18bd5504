// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import java.time.Instant;
import java.util.List;

/**
 * Runs a command that starts containers, such as {@code podman run}, and records the containers
 * alone: their runtime hands over the listener of their filter. A run is over when the command and
 * all containers have ended.
 */
public final class ContainerRecorder extends HandOverRecorder {
    private final Profiles profiles;

    // The state of the current run.
    private ProgramEnd commandEnd;
    private int command;

    /** Makes the containers of the command load profiles. */
    public interface Profiles {
        /**
         * Makes the command's containers ask about each call that is not allowed.
         *
         * @param allowed entries of a list
         */
        CommandAddition asking(List<String> allowed);
    }

    /**
     * @param sandboxExec must be listening already
     */
    public ContainerRecorder(SandboxExec sandboxExec, Profiles profiles, Listener listener) {
        super(sandboxExec, listener, "a container");
        this.profiles = profiles;
    }

    @Override
    public Result record(RunPlan plan) {
        Instant started = Instant.ofEpochMilli(System.currentTimeMillis());
        RunEnd end = new RunEnd(plan, waiters);
        start(plan, profiles.asking(TargetFilter.unasked(plan)));
        try {
            awaitEnd(plan, end);
        } catch (ControlException e) {
            going.outlive();
            throw e;
        }
        going.endAll();
        Signs signs =
                new Signs()
                        .addIf(end.abandoned(), Sign.Kind.CONTAINER_STILL_RUNNING)
                        .addIf(runs.isEmpty(), Sign.Kind.NO_CONTAINER);
        return result(plan, started, signs, end, commandEnd.waitStatus());
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
                        commandEnd.tellDescendant(queryLiving(), listener);
                    }
                    end.pollDriver(listener).ifPresent(this::signalProgram);
                    end.pollTime().ifPresent(this::signalAll);
                    return commandEnd.hasCome() && going.going().isEmpty() || end.abandoned();
                });
    }

    @Override
    void handle(Event event, RunPlan plan, RunEnd end) {
        if (event instanceof Event.HandedOver handed) {
            going.take(handed, plan);
        } else if (event instanceof Event.Ended ended) {
            commandEnd.note(ended);
        } else if (event instanceof Event.Signal signal) {
            requestEnd();
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

    private void signalAll(int signal) {
        going.going().forEach(run -> run.signalAll(signal));
    }
}
