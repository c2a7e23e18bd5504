// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.TraceCounter;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Progress;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Programs that others start, counted in the kernel from their first call. Each waits before its
 * execution until it is a member, and has no filter of ours. So no signal takes a call back, and
 * the programs do not depend on us. For one thread.
 */
final class CountedCommands {
    private final SandboxExec sandboxExec;
    private final RunPlan plan;
    private final Instant started = Instant.ofEpochMilli(System.currentTimeMillis());
    private final CallTrace trace;

    /** Begins to count; nobody has joined yet. */
    CountedCommands(SandboxExec sandboxExec, RunPlan plan) {
        this.sandboxExec = sandboxExec;
        this.plan = plan.under(RunFilter.LOG_ALL);
        trace = CallTrace.open(sandboxExec, false);
        TracedArguments.watch(trace, plan.arguments());
    }

    /**
     * Counts a program if it has the right name.
     *
     * @return whether it has
     */
    boolean take(Event.Joining joining, String name) {
        boolean taken = isNamed(joining, name);
        if (taken) {
            trace.join(joining);
        } else {
            sandboxExec.leaveUncounted(joining.peer());
        }
        return taken;
    }

    private static boolean isNamed(Event.Joining joining, String name) {
        try {
            return ContainerState.nameIn(joining.state()).equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    Progress progress() {
        return new BpfRecorder.TallyProgress(trace.queryTally());
    }

    boolean isEmpty() {
        return trace.queryTally().get(TraceCounter.ALIVE) <= 0;
    }

    int processCount() {
        return (int) trace.queryTally().get(TraceCounter.PROCESSES);
    }

    /** Ends the counting and returns the evidence. Who still runs goes on uncounted. */
    Run end() {
        boolean running = !isEmpty();
        int barrier = ProbeNumber.next();
        sandboxExec.canary(barrier);
        trace.stop();
        CallTrace.Tally tally = trace.queryTally();
        TracedCalls calls =
                new TracedCalls(
                        trace,
                        started,
                        plan.detailed(),
                        false,
                        Set.of(),
                        TracedArguments.query(trace, plan.arguments()),
                        barrier);
        boolean nothing = tally.get(TraceCounter.PROCESSES) == 0;
        List<Integer> ends =
                trace.queryFailedEnds().stream().map(CallTrace.FailedEnd::waitStatus).toList();
        Signs signs =
                BpfSigns.ofRun(tally, calls.includeProbe(), false, nothing)
                        .addAll(BpfSigns.ofEnds(tally, ends))
                        .addAll(OuterFilter.querySigns(true))
                        .addIf(running, Sign.Kind.WENT_ON);
        return plan.recorded(
                BpfRecorder.SOURCE,
                started,
                System.currentTimeMillis() - started.toEpochMilli(),
                OptionalInt.empty(),
                Judge.judge(signs),
                calls.programs(Map.of()),
                List.of());
    }

    void close() {
        trace.close();
    }
}
