// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The policy for one of the executables that ran.
 *
 * @param arch its name; the AUDIT_ARCH value in hex if we have no table of it
 * @param policy the policy that its calls give
 */
public record ProgramPolicy(String executable, String arch, LearnedPolicy policy) {
    /**
     * The policies of each executable and architecture, sorted. Calls of x32 belong to x86_64.
     *
     * @param argumentLimit as for {@link LearnedConditions#of}
     */
    public static List<ProgramPolicy> of(Recording recording, int argumentLimit) {
        Map<String, Map<Integer, List<ObservedCall>>> programs = new TreeMap<>();
        for (Run run : recording.runs()) {
            for (ProgramEvidence program : run.programs()) {
                List<ObservedCall> calls =
                        programs.computeIfAbsent(program.executable(), key -> new TreeMap<>())
                                .computeIfAbsent(program.auditArch(), key -> new ArrayList<>());
                for (CallEvidence call : program.calls()) {
                    calls.add(ObservedCall.of(program.auditArch(), call.number()));
                }
            }
        }
        List<ProgramPolicy> policies = new ArrayList<>();
        programs.forEach(
                (executable, byArch) -> {
                    LearnedConditions conditions =
                            LearnedConditions.ofExecutable(recording, argumentLimit, executable);
                    byArch.forEach(
                            (auditArch, calls) ->
                                    policies.add(of(executable, auditArch, calls, conditions)));
                });
        return policies;
    }

    private static ProgramPolicy of(
            String executable,
            int auditArch,
            List<ObservedCall> calls,
            LearnedConditions conditions) {
        Optional<Arch> arch = SyscallDb.get().archByAuditValue(auditArch);
        LearnedPolicy policy =
                arch.map(known -> LearnedPolicy.of(calls, known, conditions))
                        .orElseGet(() -> LearnedPolicy.inexpressible(calls));
        return new ProgramPolicy(executable, ObservedCall.archName(auditArch), policy);
    }
}
