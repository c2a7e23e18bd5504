// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.enforcer.launch.FailedEnd;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.TraceCounter;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Progress;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Programs that others start, counted in the kernel from their first call. The commands of a
 * service wait before their execution until they are members, and have no filter of ours. Who loads
 * a profile with our mark, in a container or in an exec into it, is a member from then on. So no
 * signal takes a call back, and the programs do not depend on us. For one thread.
 */
final class CountedCommands {
    private final SandboxExec sandboxExec;
    private final RunPlan plan;
    private final Instant started = Instant.ofEpochMilli(System.currentTimeMillis());
    private final CallTrace trace;

    /** Begins to count; nobody has joined yet. */
    CountedCommands(SandboxExec sandboxExec, RunPlan plan) {
        this.sandboxExec = sandboxExec;
        this.plan = plan;
        trace = CallTrace.open(sandboxExec, CallTrace.Whose.FOUND, plan.arguments().files());
        TracedArguments.watch(trace, plan.arguments());
    }

    /** Counts a program if it has the right name, and returns whether it has. */
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

    /** Counts those who load a profile with this mark. */
    void countMarked(long mark) {
        trace.countMarked(mark);
    }

    /** How many filters with the mark were loaded. */
    int listenerCount() {
        return (int) trace.queryTally().get(TraceCounter.LISTENERS);
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

    /**
     * Ends the counting and returns the evidence. Who still runs goes on uncounted.
     *
     * @param running whether a program still runs
     * @param runtime the executable of a container runtime; empty if there is none
     */
    Run end(boolean running, Optional<String> runtime) {
        int barrier = ProbeNumber.next();
        sandboxExec.canary(barrier);
        trace.stop();
        CallTrace.Tally tally = trace.queryTally();
        TracedArguments arguments = TracedArguments.query(trace, plan.arguments());
        Map<Boolean, List<CallTrace.Calls>> counted =
                trace.queryCalls().stream()
                        .collect(Collectors.partitioningBy(CallTrace.Calls::runtime));
        TracedCalls calls = traced(counted.get(false), arguments, barrier);
        TracedCalls ofRuntime = traced(counted.get(true), arguments, barrier);
        boolean nothing = tally.get(TraceCounter.PROCESSES) == 0;
        List<Integer> ends =
                trace.queryFailedEnds(List.of()).stream().map(FailedEnd::waitStatus).toList();
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
                        ContainerRun.namedAfter(runtime, ofRuntime.programs(Map.of())))
                .using(calls.capabilities(tally))
                .submitting(calls.operations(tally))
                .accessing(calls.access(tally));
    }

    private TracedCalls traced(
            List<CallTrace.Calls> counted, TracedArguments arguments, int barrier) {
        return new TracedCalls(
                trace, counted, started, plan.detailed(), false, Set.of(), arguments, barrier);
    }

    void close() {
        trace.close();
    }
}
