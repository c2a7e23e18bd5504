// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.enforcer.launch.TraceCounter;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.NamesOfProgram;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.RunAccess;
import io.sandbox.evidence.RunCapabilities;
import io.sandbox.evidence.RunCapabilities.OfProgram;
import io.sandbox.evidence.RunCapabilities.Use;
import io.sandbox.evidence.RunOperations;
import io.sandbox.evidence.RunOperations.Way;
import io.sandbox.syscalldb.IoUringOperation;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.SyscallDb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** Turns the calls that the kernel has counted into evidence. */
final class TracedCalls {
    /** What {@code OPERATION_WORDS} in C are: a bit for each number of an operation. */
    private static final int NUMBERS = 256;

    private final CallTrace trace;
    private final long startMillis;
    private final boolean detailed;
    private final boolean entered;
    private final Set<String> passed;
    private final TracedArguments arguments;
    private final int probe;
    private boolean probeIsCounted;
    private final Set<ObservedCall> inFlight = new TreeSet<>();

    /** One for each entry of the kernel: a path may be stored twice, so they are merged later. */
    private final List<ProgramEvidence> counted = new ArrayList<>();

    private final List<OfProgram> capabilities = new ArrayList<>();
    private final List<NamesOfProgram<Way>> operations = new ArrayList<>();
    private final Map<Integer, String> paths = new HashMap<>();
    private boolean usesRings;
    private long held;

    /** Of all calls of a whole trace, without their origins. */
    TracedCalls(CallTrace trace, Instant started, TracedArguments arguments, int probe) {
        this(trace, trace.queryCalls(), started, false, false, Set.of(), arguments, probe);
    }

    /**
     * @param detailed whether the evidence has the origin of each call
     * @param entered whether the target's program has reached its entry point; true for a window,
     *     in which calls that were in progress when it opened count as made before
     * @param passed the names of calls to leave out, since they are known already
     * @param probe the number of our canary's call, which is not one of the target
     */
    TracedCalls(
            CallTrace trace,
            List<CallTrace.Calls> calls,
            Instant started,
            boolean detailed,
            boolean entered,
            Set<String> passed,
            TracedArguments arguments,
            int probe) {
        this.trace = trace;
        this.startMillis = started.toEpochMilli();
        this.detailed = detailed;
        this.entered = entered;
        this.passed = passed;
        this.arguments = arguments;
        this.probe = probe;
        calls.forEach(this::add);
    }

    /** The sets are in the order of {@code struct capabilities}, and the bounding set is last. */
    private void addCapabilities(CallTrace.Calls calls) {
        List<Long> sets = calls.capabilities();
        Map<Use, Long> uses = new EnumMap<>(Use.class);
        for (Use use : Use.values()) {
            uses.put(use, sets.get(use.ordinal()));
        }
        held |= sets.get(Use.values().length);
        capabilities.add(new OfProgram(trace.queryPath(calls.path()), uses));
        List<Long> did = sets.subList(Use.values().length + 1, sets.size());
        if (did.stream().anyMatch(each -> each != 0)) {
            operations.add(new NamesOfProgram<>(trace.queryPath(calls.path()), operations(did)));
        }
    }

    /** The sets are in the order of {@code struct operations}, each but the last of four words. */
    private static Map<Way, List<String>> operations(List<Long> sets) {
        BitSet bits = BitSet.valueOf(sets.stream().mapToLong(Long::longValue).toArray());
        Map<Way, List<String>> operations = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            int from = way.ordinal() * NUMBERS;
            List<IoUringOperation> known =
                    way == Way.REGISTERED
                            ? SyscallDb.get().ioUringRegistrations()
                            : SyscallDb.get().ioUringOperations();
            IntFunction<String> name =
                    each -> each < known.size() ? known.get(each).name() : Integer.toString(each);
            operations.put(way, bits.get(from, from + NUMBERS).stream().mapToObj(name).toList());
        }
        return operations;
    }

    private void add(CallTrace.Calls calls) {
        paths.put(calls.program(), trace.queryPath(calls.path()));
        if (!calls.capabilities().isEmpty()) {
            addCapabilities(calls);
        }
        int auditArch = TracedArguments.arch(calls.compat()).auditArch();
        for (CallTrace.Call call : calls.calls()) {
            if (call.number() == probe) {
                probeIsCounted = true;
                continue;
            }
            ObservedCall observed = ObservedCall.of(auditArch, call.number());
            usesRings |= RunOperations.areIn(List.of(observed));
            if (call.before() > 0) {
                inFlight.add(observed);
            }
            if (!passed.contains(observed.displayName())) {
                CallEvidence made = arguments.complete(evidence(call), calls, observed);
                String path = trace.queryPath(calls.path());
                counted.add(new ProgramEvidence(path, auditArch, List.of(made)).in(calls.exec()));
            }
        }
    }

    private CallEvidence evidence(CallTrace.Call call) {
        return new CallEvidence(
                call.number(),
                call.count(),
                Math.max(0, call.firstMillis() - startMillis),
                entered
                        ? OptionalLong.of(Math.min(call.count(), call.before()))
                        : OptionalLong.empty(),
                detailed ? origin(call) : Optional.empty());
    }

    private Optional<Origin> origin(CallTrace.Call call) {
        String module = trace.queryPath(call.path());
        return module.isEmpty() ? Optional.empty() : Optional.of(new Origin(module, call.offset()));
    }

    /** The capabilities of the same programs, with the counters when the run was over. */
    RunCapabilities capabilities(CallTrace.Tally counters) {
        if (counters.get(TraceCounter.CAPABILITIES) == 0) {
            return RunCapabilities.unrecorded(
                    "the kernel has no tracepoint for them (Linux 6.14), nor kprobes");
        }
        return new RunCapabilities(Optional.empty(), held, capabilities);
    }

    /** What the same programs did through io_uring, if they used it. */
    Optional<RunOperations> operations(CallTrace.Tally counters) {
        RunOperations all = new RunOperations(Optional.empty(), operations);
        if (all.programs().isEmpty() && !usesRings) {
            return Optional.empty();
        }
        return Optional.of(
                counters.get(TraceCounter.OPERATIONS) == 0
                        ? RunOperations.unrecorded("the kernel has no tracepoints for them")
                        : all);
    }

    /** Which files and addresses the same programs used, if that was wanted. */
    Optional<RunAccess> access(CallTrace.Tally counters) {
        if (!arguments.detail().files()) {
            return Optional.empty();
        }
        List<NamesOfProgram<RunAccess.Use>> programs = new ArrayList<>();
        for (CallTrace.Use each : trace.queryUses()) {
            String name =
                    each.address().isEmpty()
                            ? trace.queryPath(each.path())
                            : SocketAddress.text(HexFormat.of().parseHex(each.address()));
            Map<RunAccess.Use, List<String>> names = new EnumMap<>(RunAccess.Use.class);
            for (RunAccess.Use use : RunAccess.Use.values()) {
                if ((each.how() >> use.ordinal() & 1) != 0) {
                    names.put(use, List.of(name));
                }
            }
            // What a container runtime used is not the program's.
            if (paths.containsKey(each.program())) {
                programs.add(new NamesOfProgram<>(paths.get(each.program()), names));
            }
        }
        return Optional.of(new RunAccess(counters.get(TraceCounter.LOST_USES), programs));
    }

    /** Whether the call of our canary was counted. */
    boolean includeProbe() {
        return probeIsCounted;
    }

    /** For a window: the calls in progress when it opened, or a thread's last before. */
    List<ObservedCall> inFlight() {
        return List.copyOf(inFlight);
    }

    /** {@code mapped}: the files that the programs map as code, by executable. */
    List<ProgramEvidence> programs(Map<String, Set<String>> mapped) {
        return ProgramEvidence.merge(counted).stream()
                .map(
                        program ->
                                program.mapping(
                                        mapped.getOrDefault(program.executable(), Set.of())))
                .toList();
    }
}
