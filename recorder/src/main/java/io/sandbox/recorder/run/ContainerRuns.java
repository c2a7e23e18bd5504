// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.evidence.Run;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Records containers and services whose listeners are handed over to us. Several can be recorded at
 * the same time, each on its own. Every call is in the evidence before it is made. For one thread.
 */
public final class ContainerRuns {
    private static final int TICK_MILLIS = 100;

    private final SandboxExec sandboxExec;
    private final Waiters waiters;
    private final Observer observer;
    private final List<ContainerRun> going = new ArrayList<>();
    private int ended;

    /** Is told which containers begin and end. */
    public interface Observer {
        /** A container or service is recorded from now on. */
        void began(String name);

        /** What was handed over is refused; the calls of its filter are let through unrecorded. */
        void refused(String reason);

        /**
         * The last process of a container has ended, or the recording was ended before.
         *
         * @param processes how many made calls
         */
        void ended(String name, Run run, int processes);
    }

    public ContainerRuns(SandboxExec sandboxExec, Waiters waiters, Observer observer) {
        this.sandboxExec = sandboxExec;
        this.waiters = waiters;
        this.observer = observer;
    }

    /** Begins to record what was handed over; the run is named after the container. */
    void take(Event.HandedOver handed, RunPlan plan) {
        take(handed, plan, null, true);
    }

    /**
     * Begins to record what was handed over if it has the right name. Calls of others are let
     * through.
     *
     * @param name null for any
     * @param asks whether the filter asks about the calls; otherwise they are counted elsewhere
     */
    void take(Event.HandedOver handed, RunPlan plan, String name, boolean asks) {
        ContainerState state;
        try {
            state = ContainerState.parse(handed.state(), handed.peer());
        } catch (IllegalArgumentException e) {
            handed.listener().close();
            sandboxExec.letThrough(handed.number());
            observer.refused(e.getMessage());
            return;
        }
        if (name != null && !name.equals(state.name())) {
            handed.listener().close();
            sandboxExec.letThrough(handed.number());
            return;
        }
        going.add(
                new ContainerRun(
                        handed.number(),
                        state,
                        handed.listener(),
                        plan.named(state.name()),
                        asks,
                        waiters));
        observer.began(state.name());
    }

    /**
     * Records all containers that come, until the user asks for the end, the time is over, or it is
     * enough. Containers that still run then go on unrecorded.
     *
     * @param plan how to record; its limit is the time
     * @param enough is asked, again and again, whether so many containers suffice
     * @return the signal by which the user asked for the end; 0 for none
     */
    public int recordAll(RunPlan plan, IntPredicate enough) {
        RunEnd end = new RunEnd(plan.limit(), waiters);
        Waiter waiter = waiters.of(sandboxExec.descriptor());
        int[] wanted = {0};
        try {
            while (wanted[0] == 0 && end.pollTime().isEmpty() && !enough.test(ended)) {
                sandboxExec.await(waiter, TICK_MILLIS);
                sandboxExec.pollEvents(
                        event -> {
                            if (event instanceof Event.HandedOver handed) {
                                take(handed, plan);
                            }
                            if (event instanceof Event.Signal signal) {
                                wanted[0] = signal.number();
                            }
                        });
                takeOutEnded();
            }
            endAll();
            return wanted[0];
        } catch (ControlException e) {
            outlive();
            throw e;
        }
    }

    /** The containers that are recorded at this moment. */
    List<ContainerRun> going() {
        return going;
    }

    /** Ends the recordings of containers that have ended. */
    void takeOutEnded() {
        for (Iterator<ContainerRun> each = going.iterator(); each.hasNext(); ) {
            ContainerRun run = each.next();
            run.calls().refresh();
            if (run.isOver()) {
                each.remove();
                tellEnd(run);
                sandboxExec.dismiss(run.number());
            }
        }
    }

    /** Ends all recordings. Containers that still run go on unrecorded. */
    void endAll() {
        takeOutEnded();
        for (ContainerRun run : going) {
            tellEnd(run);
            sandboxExec.letThrough(run.number());
        }
        going.clear();
    }

    private void tellEnd(ContainerRun run) {
        ended += run.isExec() ? 0 : 1;
        observer.ended(run.name(), run.end(OptionalInt.empty()), run.processCount());
        run.calls().close();
    }

    /** {@code sandbox-exec} was killed, but if we left, the containers' calls would fail. */
    void outlive() {
        going.forEach(ContainerRun::awaitEnd);
    }
}
