// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.recorder.source.RecordSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Records what a target's filter logs, in this order: the source is opened, and a canary arrives
 * through it; the target starts, runs, and every process of its session ends; a barrier arrives;
 * then, and only then, comes the verdict. It can do this several times, one {@link LogRun} after
 * the other. For one thread.
 */
final class LogRecorder implements Recorder {
    private static final int TICK_MILLIS = 200;

    private final SandboxExec sandboxExec;
    private final RecordSource source;
    private final LogChannel channel;
    private final Probes probes;

    /** Why no target can be guarded here; empty if no attempt has failed. */
    private String unguardedReason = "";

    private boolean endWasRequested;

    LogRecorder(SandboxExec sandboxExec, RecordSource source, Waiters waiters, Observer observer) {
        this.sandboxExec = sandboxExec;
        this.source = source;
        Waiter waiter = waiters.of(source.descriptor(), sandboxExec.descriptor());
        channel = new LogChannel(sandboxExec, source, waiters, waiter, observer);
        probes = new Probes(channel);
    }

    @Override
    public String sourceName() {
        return source.name();
    }

    /** Whether a logged call reaches the source. Ask before the target is started. */
    boolean canaryArrives() {
        return probes.arrive(this::pumpUntil);
    }

    /** Takes in what comes while there is no target. */
    private void pumpUntil(BooleanSupplier done) {
        while (true) {
            sandboxExec.pollEvents(event -> endWasRequested |= event instanceof Event.Signal);
            if (done.getAsBoolean()) {
                return;
            }
            channel.waiter().await(TICK_MILLIS);
            source.drain(probes::take);
        }
    }

    @Override
    public boolean lack(long capability) {
        sandboxExec.lack(capability);
        return true;
    }

    @Override
    public Result record(RunPlan plan) {
        try (CallTrace arguments = openTrace(plan)) {
            if (plan.isQuiet()) {
                sandboxExec.napDuringRun();
            }
            // Only with --from exec does the recording hold the dynamic linker's calls, which the
            // mark separates from the program's.
            boolean marked = plan.detailed() && plan.from() == FilterStart.EXEC;
            boolean asks = plan.arguments().limit() > 0 && arguments == null;
            LogRun run =
                    start(
                            plan,
                            marked ? ProbeNumber.next() : 0,
                            arguments,
                            asks ? AskedArguments.of(plan) : AskedArguments.NONE);
            try {
                return run.record();
            } finally {
                endWasRequested |= run.endWasRequested();
            }
        }
    }

    /**
     * Collects the arguments of calls, and what they are about, which no record has; null if the
     * kernel cannot.
     */
    private CallTrace openTrace(RunPlan plan) {
        boolean files = plan.arguments().files();
        if (plan.arguments().limit() == 0 && !files) {
            return null;
        }
        try {
            CallTrace trace = CallTrace.open(sandboxExec, CallTrace.Whose.STARTED, files);
            TracedArguments.watch(trace, plan.arguments());
            return trace;
        } catch (SourceException e) {
            if (files) {
                throw CommandFailure.ownFailure(
                        "records do not tell of files, and the kernel cannot here: "
                                + e.getMessage()
                                + " (the source notify can)");
            }
            return null;
        }
    }

    /**
     * Starts the target, guarded if possible. The library can load a list without a tracer, but
     * only a tracer can take the listener of a filter, which the guard needs.
     */
    private LogRun start(RunPlan plan, int entryMark, CallTrace trace, AskedArguments asked) {
        boolean byLibrary = plan.from() == FilterStart.PRELOAD;
        boolean guarded = !byLibrary || !plan.filter().enforced() && unguardedReason.isEmpty();
        SandboxExec.Session session =
                guarded
                        ? sandboxExec.prepareGuarded(
                                plan.request(TargetFilter.guarded(plan, asked).toBytes()),
                                entryMark)
                        : sandboxExec.prepare(plan.request(TargetFilter.encode(plan)), entryMark);
        LogRun run =
                new LogRun(
                        channel,
                        probes,
                        plan,
                        entryMark,
                        trace,
                        guarded ? asked : AskedArguments.NONE,
                        guarded ? Optional.empty() : Optional.of(unguardedReason),
                        session);
        try {
            sandboxExec.go();
            return run;
        } catch (CommandFailure e) {
            if (!byLibrary || !guarded || e.status() != ExitCodes.OWN_FAILURE) {
                throw e;
            }
            unguardedReason = e.getMessage();
            return start(plan, entryMark, trace, asked);
        }
    }

    @Override
    public boolean endWasRequested() {
        return endWasRequested;
    }

    @Override
    public void close() {
        source.close();
    }
}
