// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.enforcer.launch.CallTrace.Tally;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.TraceCounter;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Run;
import io.sandbox.recorder.machine.NodeBundles;
import io.sandbox.recorder.machine.NodeContainer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts the calls of all containers of a Kubernetes node in the kernel, from the first instruction
 * of each. They have no filter of ours and do not know of us, so nothing happens to them if we end.
 * Which container a call belongs to, the kernel tells by its cgroup. For one thread.
 */
public final class NodeRecorder {
    private static final int TICK_MILLIS = 200;

    /** What {@code preload/src/bpf/shared.h} calls NODE_PROGRAMS and NODE_PATHS. */
    private static final int MAX_PROGRAMS = 2048;

    private static final int MAX_PATHS = 8192;

    private final SandboxExec sandboxExec;
    private final Waiter waiter;
    private final Path cgroups;
    private final Path folder;

    /** The folder as a part of paths, as the kernel has them. */
    private final String pods;

    private final NodeBundles bundles;
    private final Observer observer;

    /** By the place of their cgroup, in the order of their start. */
    private final Map<String, NodeRun> running = new TreeMap<>();

    /** The place of the container of each program that the kernel told of; "" for none. */
    private final List<String> places = new ArrayList<>();

    private final int probe = ProbeNumber.next();
    private CallTrace trace;

    /** What was counted before anything was recorded, and at the last look. */
    private Tally nothing;

    private Tally before;

    /** How many test calls the trace should have counted. */
    private long canaries;

    private boolean endWasRequested;

    public interface Observer {
        boolean wants(NodeContainer container);

        /** A recording, which replaces an earlier one of the same container. */
        void recorded(NodeContainer container, Run run, boolean ended);

        /** Something that the user should know. */
        void said(String what);
    }

    /**
     * @param cgroups where cgroups of version 2 are mounted
     * @param folder the cgroup of the pods
     */
    public NodeRecorder(
            SandboxExec sandboxExec,
            Path cgroups,
            Path folder,
            NodeBundles bundles,
            Observer observer) {
        this.sandboxExec = sandboxExec;
        this.cgroups = cgroups;
        this.folder = folder;
        pods = "/" + cgroups.relativize(folder.toAbsolutePath()) + "/";
        this.bundles = bundles;
        this.observer = observer;
        waiter = Waiters.KERNEL.of(sandboxExec.descriptor());
    }

    /** Records until a signal ends it; after each {@code period}, tells of what still runs. */
    public void record(Duration period) {
        take(open());
        sandboxExec.leaveSignals();
        look(true);
        observer.said("recording the pods of " + folder);
        long told = System.nanoTime();
        while (!endWasRequested) {
            waiter.await(TICK_MILLIS);
            sandboxExec.pollEvents(event -> endWasRequested |= event instanceof Event.Signal);
            look(false);
            tell(false);
            if (isNearlyFull()) {
                renew();
            }
            if (System.nanoTime() - told > period.toNanos()) {
                told = System.nanoTime();
                tell(true);
            }
        }
        tell(true);
        trace.close();
        observer.said("ended; so many containers run on unrecorded: " + running.size());
    }

    /** Begins to count; the requests to a trace that is open go to the new one. */
    private CallTrace open() {
        CallTrace opened = CallTrace.open(sandboxExec, CallTrace.Whose.NODE, false);
        TracedArguments.watch(opened, ArgumentDetail.CLASSES);
        nothing = opened.queryTally();
        opened.attachCgroup(folder.toString());
        return opened;
    }

    private void take(CallTrace opened) {
        trace = opened;
        before = nothing;
        canaries = 0;
        places.clear();
        places.add("");
    }

    /**
     * Finds the containers of which the kernel has told since the last time.
     *
     * @param first whether those that are found ran already
     */
    private void look(boolean first) {
        Tally now = trace.queryTally();
        long count = Math.min(MAX_PROGRAMS - 1, now.get(TraceCounter.PROGRAMS));
        for (int i = places.size(); i <= count; i++) {
            Optional<CallTrace.Calls> program = trace.queryProgram(i);
            if (program.isEmpty() || program.get().group() == 0) {
                break; // the kernel is about to write it
            }
            String path = trace.queryPath(program.get().group());
            // If the node is a container itself, what is above its cgroup is not seen by us.
            Map.Entry<String, String> found =
                    NodeContainer.inCgroup(path.substring(Math.max(0, path.indexOf(pods))))
                            .orElse(null);
            places.add(found == null ? "" : found.getKey());
            if (found != null) {
                running.computeIfAbsent(
                                found.getKey(), key -> new NodeRun(found.getValue(), first, before))
                        .note(program.get(), trace);
            }
        }
        before = now;
    }

    /** Tells the recordings of the containers that have ended, or of all. */
    private void tell(boolean all) {
        Map<String, Boolean> told = new TreeMap<>();
        for (String place : running.keySet()) {
            boolean ended = NodeRun.hasEnded(cgroups, place);
            if (ended || all) {
                told.put(place, ended);
            }
        }
        if (told.isEmpty()) {
            return;
        }
        // Since the last look, they may have executed programs.
        look(false);
        NodeRun.Reading reading = read();
        told.forEach(
                (place, ended) -> {
                    NodeRun run = running.get(place);
                    Optional<NodeContainer> known = bundles.find(run.id());
                    NodeContainer container =
                            known.orElseGet(() -> NodeContainer.unknown(run.id()));
                    if (!container.isPause() && observer.wants(container)) {
                        run.recording(container, reading, indexes(place), !ended)
                                .ifPresent(result -> observer.recorded(container, result, ended));
                    }
                    if (ended) {
                        running.remove(place);
                    }
                });
    }

    private NodeRun.Reading read() {
        sandboxExec.canary(probe);
        canaries++;
        Tally tally = trace.queryTally();
        TracedArguments arguments = TracedArguments.query(trace, ArgumentDetail.CLASSES);
        List<CallTrace.Calls> unknown = new ArrayList<>(trace.queryProgram(0).stream().toList());
        trace.addOthers(unknown);
        boolean counted =
                unknown.stream()
                        .flatMap(calls -> calls.calls().stream())
                        .anyMatch(call -> call.number() == probe && call.count() == canaries);
        return new NodeRun.Reading(trace, tally, arguments, counted);
    }

    private List<Integer> indexes(String place) {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i).equals(place)) {
                indexes.add(i);
            }
        }
        return indexes;
    }

    private boolean isNearlyFull() {
        return before.get(TraceCounter.PROGRAMS) > MAX_PROGRAMS / 4 * 3
                || before.get(TraceCounter.PATHS) > MAX_PATHS / 4 * 3;
    }

    /** Has another trace take the place of this one. Both count for a while, so nothing is lost. */
    private void renew() {
        CallTrace next = open();
        trace.swap();
        look(false);
        NodeRun.Reading reading = read();
        running.forEach((place, run) -> run.keep(reading, indexes(place), nothing));
        trace.close();
        take(next);
        observer.said("the kernel's tables were emptied, and all containers go on being recorded");
    }
}
