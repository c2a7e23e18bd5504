// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What filters decide together when all are in force. The strictest verdict on a call counts.
 *
 * @param arches the machine's own architecture, then the others whose calls its kernel accepts,
 *     then all others that the filters have rules for
 * @param others the verdict on calls of every other architecture; empty if it depends on the call
 */
public record FilterMeaning(List<ArchMeaning> arches, Optional<Verdict> others) {
    public FilterMeaning {
        arches = List.copyOf(arches);
    }

    /**
     * @param filters the newest first
     * @param machine the architecture of the machine that runs the filters
     */
    public static FilterMeaning of(List<FilterCode> filters, Arch machine) {
        List<ArchMeaning> arches = new ArrayList<>();
        arches.add(ArchMeaning.of(filters, machine));
        List<String> secondary = machine.secondary();
        for (Arch arch : SyscallDb.get().arches()) {
            if (secondary.contains(arch.name())) {
                arches.add(ArchMeaning.of(filters, arch));
            }
        }
        for (Arch arch : distinguished(filters)) {
            if (arch != machine && !secondary.contains(arch.name())) {
                arches.add(ArchMeaning.of(filters, arch));
            }
        }
        return new FilterMeaning(arches, others(filters));
    }

    /**
     * Guesses which machine the filters are for: this one if they have rules for its architecture
     * or for none, otherwise the first architecture that they have rules for.
     */
    public static Arch machineOf(List<FilterCode> filters) {
        Arch here = SyscallDb.get().nativeArch();
        List<Arch> known = distinguished(filters);
        return known.isEmpty() || known.contains(here) ? here : known.get(0);
    }

    /** The architectures on which the filters decide otherwise than on an unknown one. */
    private static List<Arch> distinguished(List<FilterCode> filters) {
        Set<Integer> constants = constants(filters);
        List<Arch> found = new ArrayList<>();
        for (Arch arch : SyscallDb.get().arches()) {
            if (!constants.contains(arch.auditArch())) {
                continue;
            }
            try {
                Work work = new Work();
                DecisionGraph graph = new DecisionGraph(work);
                boolean is32Bit = arch.has32BitArguments();
                DecisionNode ofArch = run(filters, arch.auditArch(), is32Bit, graph, work);
                if (ofArch != run(filters, unknown(constants), is32Bit, graph, work)) {
                    found.add(arch);
                }
            } catch (Work.Exceeded e) {
                found.add(arch);
            }
        }
        return found;
    }

    private static Optional<Verdict> others(List<FilterCode> filters) {
        try {
            Work work = new Work();
            DecisionGraph graph = new DecisionGraph(work);
            DecisionNode root = run(filters, unknown(constants(filters)), false, graph, work);
            return Optional.ofNullable(root.verdict())
                    .filter(verdict -> !verdict.equals(Verdict.UNDECIDED));
        } catch (Work.Exceeded e) {
            return Optional.empty();
        }
    }

    private static DecisionNode run(
            List<FilterCode> filters,
            int auditArch,
            boolean is32Bit,
            DecisionGraph graph,
            Work work) {
        return new SymbolicRun(filters, auditArch, is32Bit, OptionalInt.empty(), graph, work)
                .decide();
    }

    /** All constants in the filters; the architectures that they compare with are among them. */
    private static Set<Integer> constants(List<FilterCode> filters) {
        Set<Integer> constants = new HashSet<>();
        for (FilterCode filter : filters) {
            for (int i = 0; i < filter.length(); i++) {
                constants.add(filter.k(i));
            }
        }
        return constants;
    }

    /** An AUDIT_ARCH value that no machine has and no filter compares with. */
    private static int unknown(Set<Integer> constants) {
        int value = 0x4242_4242;
        while (constants.contains(value)) {
            value++;
        }
        return value;
    }
}
