// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import io.sandbox.policy.bpf.CallCases.Case;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * What filters decide about the calls of one architecture.
 *
 * @param otherwise the verdict on a call that is neither in {@code calls} nor in {@code ranges}
 * @param calls the calls with another verdict, sorted by number
 * @param ranges long ranges of numbers with another verdict; a call in a range is also in {@code
 *     calls} if it has a name
 * @param isWhole false if the filters have too many paths to follow; nothing is known then
 */
public record ArchMeaning(
        Arch arch,
        Verdict otherwise,
        List<CallCases> calls,
        List<CallCases> ranges,
        boolean isWhole) {
    /** A longer range is not listed number by number. */
    private static final int MAX_LISTED = 512;

    public ArchMeaning {
        calls = List.copyOf(calls);
        ranges = List.copyOf(ranges);
    }

    /** {@code filters}, the newest first. */
    static ArchMeaning of(List<FilterCode> filters, Arch arch) {
        try {
            return new Reader(filters, arch).read();
        } catch (Work.Exceeded e) {
            return new ArchMeaning(arch, Verdict.UNDECIDED, List.of(), List.of(), false);
        }
    }

    /** Whether all calls have one verdict. */
    public boolean isUniform() {
        return isWhole && calls.isEmpty() && ranges.isEmpty();
    }

    private static final class Reader {
        private final Work work = new Work();
        private final DecisionGraph graph = new DecisionGraph(work);
        private final List<FilterCode> filters;
        private final Arch arch;
        private final boolean is32Bit;
        private final SyscallTable table;
        private final Map<DecisionNode, List<Case>> cases = new HashMap<>();

        Reader(List<FilterCode> filters, Arch arch) {
            this.filters = filters;
            this.arch = arch;
            is32Bit = arch.has32BitArguments();
            table = SyscallDb.get().table(arch);
        }

        ArchMeaning read() {
            TreeSet<Integer> known = new TreeSet<>();
            table.all().forEach(call -> known.add(call.number()));
            long first = arch.name().equals("x32") ? SyscallTable.X32_BIT : 0;
            long last = first + SyscallTable.X32_BIT - 1;
            List<NumberRange> ranges =
                    new NumberRanges(graph, decide(OptionalInt.empty()), first, last)
                            .cut(known, this::decide);
            Verdict otherwise = usual(ranges);
            List<CallCases> calls = new ArrayList<>();
            List<CallCases> many = new ArrayList<>();
            for (NumberRange range : ranges) {
                if (otherwise.equals(range.decision().verdict())) {
                    continue;
                }
                List<Case> decided =
                        cases.computeIfAbsent(
                                range.decision(),
                                node -> CaseList.of(node, otherwise, is32Bit, graph, work));
                if (range.size() > MAX_LISTED) {
                    many.add(cases(range.from(), range.to(), decided, otherwise));
                    known.subSet((int) range.from(), true, (int) range.to(), true)
                            .forEach(n -> calls.add(cases(n, n, decided, otherwise)));
                } else {
                    for (long number = range.from(); number <= range.to(); number++) {
                        calls.add(cases(number, number, decided, otherwise));
                    }
                }
            }
            return new ArchMeaning(arch, otherwise, calls, many, true);
        }

        private DecisionNode decide(OptionalInt number) {
            return new SymbolicRun(filters, arch.auditArch(), is32Bit, number, graph, work)
                    .decide();
        }

        /** The verdict on the largest range, which holds numbers that no call has. */
        private static Verdict usual(List<NumberRange> ranges) {
            DecisionNode node =
                    ranges.stream()
                            .max(Comparator.comparingLong(NumberRange::size))
                            .orElseThrow()
                            .decision();
            while (!node.isVerdict()) {
                node = node.otherwise();
            }
            return node.verdict();
        }

        private CallCases cases(long from, long to, List<Case> decided, Verdict otherwise) {
            Optional<String> name =
                    from == to ? table.byNumber((int) from).map(Syscall::name) : Optional.empty();
            return new CallCases(name, from, to, decided, otherwise);
        }
    }
}
