// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Signs;
import io.sandbox.evidence.Verdict;
import io.sandbox.recorder.machine.NodeBundles;
import io.sandbox.recorder.machine.NodeContainer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Records the containers of a node whose runtime hands over the listeners of their filters: one for
 * the container, and one for each exec. Their keepers outlive us. For one thread.
 */
public final class NodeListener implements ContainerRuns.Observer {
    private static final int TICK_MILLIS = 100;

    private final SandboxExec sandboxExec;
    private final NodeBundles bundles;
    private final NodeRecorder.Observer observer;
    private final ContainerRuns runs;
    private boolean endWasRequested;

    /** Of each container that goes on, what has ended. */
    private final Map<String, Part> parts = new TreeMap<>();

    /**
     * One run of several listeners of a container.
     *
     * @param id the same in each recording of the container, which replaces the one before
     */
    private record Part(
            String id,
            Instant started,
            boolean window,
            List<Verdict> verdicts,
            List<String> unseen,
            List<ProgramEvidence> programs,
            List<ProgramEvidence> runtime) {
        private static Part begin() {
            return new Part(
                    RunPlan.nextId(),
                    Instant.ofEpochMilli(System.currentTimeMillis()),
                    false,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of());
        }

        private Part with(Run run) {
            List<String> allUnseen = new ArrayList<>(unseen);
            allUnseen.addAll(run.filter().allowed());
            return new Part(
                    id,
                    started,
                    window || run.isWindow(),
                    List.of(Judge.together(append(verdicts, run.verdict()), new Signs())),
                    allUnseen.stream().distinct().toList(),
                    ProgramEvidence.merge(append(programs, run.programs())),
                    ProgramEvidence.merge(append(runtime, run.runtime())));
        }

        private static <T> List<T> append(List<T> some, T one) {
            return append(some, List.of(one));
        }

        private static <T> List<T> append(List<T> some, List<T> others) {
            List<T> all = new ArrayList<>(some);
            all.addAll(others);
            return all;
        }

        private Run run(NodeContainer container) {
            long millis = System.currentTimeMillis() - started.toEpochMilli();
            String source = NotifyRecorder.SOURCE;
            Verdict verdict = verdicts.get(0);
            // Without the container's own listener, its start was not seen.
            Run run =
                    window || programs.stream().allMatch(ProgramEvidence::exec)
                            ? RunPlan.window(source, started, millis, verdict, programs, false)
                            : NodeRun.plan(container)
                                    .under(new RunFilter(false, unseen))
                                    .recorded(
                                            source,
                                            started,
                                            millis,
                                            OptionalInt.empty(),
                                            verdict,
                                            programs,
                                            runtime);
            return run.named(id);
        }
    }

    public NodeListener(
            SandboxExec sandboxExec, NodeBundles bundles, NodeRecorder.Observer observer) {
        this.sandboxExec = sandboxExec;
        this.bundles = bundles;
        this.observer = observer;
        runs = new ContainerRuns(sandboxExec, Waiters.KERNEL, this);
    }

    /**
     * Records until a signal ends it.
     *
     * @param socket at which the runtime hands over
     * @param cgroups where cgroups of version 2 are mounted
     * @param period after which the recordings of what still runs are told
     */
    public void record(Path socket, Path cgroups, Duration period) {
        sandboxExec.listenAndKeep(socket, cgroups);
        observer.said("listening at " + socket);
        Waiter waiter = Waiters.KERNEL.of(sandboxExec.descriptor());
        long told = System.nanoTime();
        while (!endWasRequested) {
            sandboxExec.await(waiter, TICK_MILLIS);
            sandboxExec.pollEvents(
                    event -> {
                        if (event instanceof Event.HandedOver handed) {
                            runs.take(handed, NodeRun.plan(NodeContainer.unknown("")));
                        }
                        endWasRequested |= event instanceof Event.Signal;
                    });
            runs.takeOutEnded();
            if (System.nanoTime() - told > period.toNanos()) {
                told = System.nanoTime();
                parts.keySet().forEach(name -> tell(name, true));
            }
        }
        runs.endAll();
        parts.keySet().forEach(name -> tell(name, true));
        observer.said("ended; so many containers run on unrecorded: " + parts.size());
    }

    @Override
    public void began(String name) {
        parts.computeIfAbsent(name, id -> Part.begin());
    }

    @Override
    public void refused(String reason) {
        observer.said("refused what was handed over: " + reason);
    }

    @Override
    public void ended(String name, Run run, int processes) {
        parts.computeIfPresent(name, (id, part) -> part.with(run));
        if (runs.going().stream().noneMatch(each -> each.name().equals(name))) {
            tell(name, false);
            parts.remove(name);
        }
    }

    private void tell(String name, boolean goesOn) {
        Part part = parts.get(name);
        for (ContainerRun each : runs.going()) {
            if (each.name().equals(name)) {
                part = part.with(each.soFar());
            }
        }
        NodeContainer container = bundles.find(name).orElseGet(() -> NodeContainer.unknown(name));
        if (!container.isPause() && observer.wants(container) && !part.programs().isEmpty()) {
            observer.recorded(container, part.run(container), !goesOn);
        }
    }
}
