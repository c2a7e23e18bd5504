// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.enforcer.launch.CallTrace.Tally;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.learned.ContainerRuntimes;
import io.sandbox.recorder.machine.NodeContainer;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** The recording of one container of a node. For one thread. */
final class NodeRun {
    /**
     * What the kernel has counted until now.
     *
     * @param works whether each test call was counted
     */
    record Reading(
            CallTrace trace, CallTrace.Tally tally, TracedArguments arguments, boolean works) {}

    private static final Arch MACHINE = SyscallDb.get().nativeArch();

    private final String id;
    private final boolean ranAlready;
    private final Instant started = Instant.ofEpochMilli(System.currentTimeMillis());

    /** Of all recordings of this container; each replaces the one before. */
    private final String runId;

    /** What the traces before have counted. */
    private final List<ProgramEvidence> earlier = new ArrayList<>();

    private final Signs signs = new Signs();

    /** The numbers of the runtime's programs. */
    private final Set<Integer> runtimePrograms = new TreeSet<>();

    private final Set<String> runtimes = new TreeSet<>();

    private Tally before;

    /**
     * @param ranAlready whether its start was not seen
     * @param before what was counted when it had not begun
     */
    NodeRun(String id, boolean ranAlready, Tally before) {
        this.id = id;
        this.ranAlready = ranAlready;
        this.before = before;
        runId = RunPlan.nextId();
    }

    String id() {
        return id;
    }

    /** To be called for each of its programs. */
    void note(CallTrace.Calls program, CallTrace trace) {
        String path = trace.queryPath(program.path());
        // A host's process that moves into the cgroup is no runtime.
        boolean named = ContainerRun.isCopy(path) || ContainerRuntimes.startsContainers(path);
        if (program.runtime() && named) {
            runtimePrograms.add(program.program());
            runtimes.add(ContainerRun.runtimeOf(path));
        }
    }

    /** Takes what a trace has counted that is closed next. */
    void keep(Reading reading, List<Integer> programs, Tally next) {
        earlier.addAll(calls(reading, programs));
        signs.addAll(signs(reading));
        before = next;
        runtimePrograms.clear();
    }

    private Signs signs(Reading reading) {
        return BpfSigns.ofContainer(before, reading.tally())
                .addIf(!reading.works(), Sign.Kind.END_CALL_MISSING);
    }

    private List<ProgramEvidence> calls(Reading reading, List<Integer> programs) {
        List<CallTrace.Calls> calls = new ArrayList<>();
        for (int program : programs) {
            if (!runtimePrograms.contains(program)) {
                reading.trace().queryProgram(program).ifPresent(calls::add);
            }
        }
        reading.trace().addOthers(calls);
        return new TracedCalls(
                        reading.trace(),
                        calls,
                        started,
                        false,
                        ranAlready,
                        Set.of(),
                        reading.arguments(),
                        -1)
                .programs(Map.of());
    }

    /**
     * The recording until now.
     *
     * @param goesOn whether the container still runs
     * @return empty if its program has not been executed
     */
    Optional<Run> recording(
            NodeContainer container, Reading reading, List<Integer> indexes, boolean goesOn) {
        List<ProgramEvidence> programs = new ArrayList<>(earlier);
        programs.addAll(calls(reading, indexes));
        if (programs.isEmpty()) {
            return Optional.empty();
        }
        Verdict verdict =
                Judge.judge(signs(reading).addAll(signs).addIf(goesOn, Sign.Kind.WENT_ON));
        List<ProgramEvidence> merged = ProgramEvidence.merge(programs);
        long millis = System.currentTimeMillis() - started.toEpochMilli();
        String source = BpfRecorder.SOURCE;
        OptionalInt none = OptionalInt.empty();
        Run run =
                ranAlready
                        ? RunPlan.window(source, started, millis, verdict, merged, false)
                        : plan(container)
                                .recorded(
                                        source, started, millis, none, verdict, merged, runtime());
        return Optional.of(run.named(runId));
    }

    /** Without calls: which of them a filter of the container would see is not known. */
    private List<ProgramEvidence> runtime() {
        return runtimes.stream()
                .map(name -> new ProgramEvidence(name, MACHINE.auditArch(), List.of()))
                .toList();
    }

    static RunPlan plan(NodeContainer container) {
        return RunPlan.ofOthers(
                List.of(container.namespace(), container.workload(), container.name()),
                MACHINE,
                Optional.empty(),
                false,
                ArgumentDetail.CLASSES);
    }

    /** Whether no process is left in the cgroup at this place, below where they are mounted. */
    static boolean hasEnded(Path cgroups, String place) {
        try {
            return Files.readString(Path.of(cgroups + place, "cgroup.events"))
                    .contains("populated 0");
        } catch (IOException e) {
            return true;
        }
    }
}
