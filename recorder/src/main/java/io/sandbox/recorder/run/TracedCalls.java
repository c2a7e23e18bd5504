// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.enforcer.launch.process.ObservedCall;
import io.sandbox.enforcer.launch.process.Origin;
import io.sandbox.recorder.evidence.CallEvidence;
import io.sandbox.recorder.evidence.ProgramEvidence;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Turns the calls that the kernel has counted into evidence. */
final class TracedCalls {
    private final CallTrace trace;
    private final long startMillis;
    private final boolean detailed;
    private final boolean entered;
    private final Set<String> passed;
    private final Arch machine = SyscallDb.get().nativeArch();
    private final Arch compat;
    private final Set<Integer> probes = new HashSet<>();
    private final Set<ObservedCall> inFlight = new TreeSet<>();
    private final Map<ProgramEvidenceKey, Map<Integer, CallEvidence>> programs = new TreeMap<>();

    private record ProgramEvidenceKey(String executable, int auditArch)
            implements Comparable<ProgramEvidenceKey> {
        @Override
        public int compareTo(ProgramEvidenceKey other) {
            int byPath = executable.compareTo(other.executable);
            return byPath != 0 ? byPath : Integer.compareUnsigned(auditArch, other.auditArch);
        }
    }

    /**
     * @param detailed whether the evidence has the origin of each call
     * @param entered whether the target's program has reached its entry point
     * @param passed the names of calls to leave out
     */
    TracedCalls(
            CallTrace trace,
            Instant started,
            boolean detailed,
            boolean entered,
            Set<String> passed) {
        this.trace = trace;
        this.startMillis = started.toEpochMilli();
        this.detailed = detailed;
        this.entered = entered;
        this.passed = passed;
        compat =
                machine.secondary().stream()
                        .flatMap(name -> SyscallDb.get().archByName(name).stream())
                        .filter(arch -> arch.auditArch() != machine.auditArch())
                        .findFirst()
                        .orElse(machine);
        trace.queryCalls().forEach(this::add);
    }

    private void add(CallTrace.Calls counted) {
        int auditArch = (counted.compat() ? compat : machine).auditArch();
        for (CallTrace.Call call : counted.calls()) {
            ObservedCall observed = ObservedCall.of(auditArch, call.number());
            if (call.before() > 0) {
                inFlight.add(observed);
            }
            if (ProbeNumber.isProbe(call.number())) {
                probes.add(call.number());
            } else if (!passed.contains(observed.displayName())) {
                programs.computeIfAbsent(
                                new ProgramEvidenceKey(trace.queryPath(counted.path()), auditArch),
                                key -> new TreeMap<>())
                        .merge(call.number(), evidence(call), TracedCalls::sum);
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

    /**
     * The sum of two entries for one call: a path may be stored twice, and an executable may have
     * several ABIs.
     */
    private static CallEvidence sum(CallEvidence a, CallEvidence b) {
        CallEvidence first = a.firstMillis() <= b.firstMillis() ? a : b;
        return new CallEvidence(
                a.number(),
                a.count() + b.count(),
                first.firstMillis(),
                a.beforeEntry().isPresent()
                        ? OptionalLong.of(a.beforeEntry().getAsLong() + b.beforeEntry().getAsLong())
                        : OptionalLong.empty(),
                first.origin());
    }

    /** Whether the call of a canary was counted. */
    boolean include(int probe) {
        return probes.contains(probe);
    }

    /**
     * For a window: the calls that were in progress when it opened, or that a thread had made last
     * before.
     */
    List<ObservedCall> inFlight() {
        return List.copyOf(inFlight);
    }

    /**
     * @param mapped the files that the programs map as code, by executable
     */
    List<ProgramEvidence> programs(Map<String, Set<String>> mapped) {
        List<ProgramEvidence> result = new ArrayList<>();
        programs.forEach(
                (key, calls) ->
                        result.add(
                                new ProgramEvidence(
                                                key.executable(),
                                                key.auditArch(),
                                                List.copyOf(calls.values()))
                                        .mapping(mapped.getOrDefault(key.executable(), Set.of()))));
        return result;
    }
}
