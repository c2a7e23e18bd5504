// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Runs filters symbolically, in the kernel's order, on a call of which only the architecture is
 * known. It follows all paths at once. Paths that reach an instruction with equal values are
 * merged. Jumps go forward only, so one pass over the instructions is enough.
 *
 * <p>The result is a graph of tests that ends in verdicts. It has at most one node for each
 * instruction and each combination of register values there.
 *
 * <p>All jumps go forward and equal states are merged, so the graph is hardly larger than the
 * filters. A filter that is made to be different exceeds a limit ({@link Work}), and that is said.
 */
final class SymbolicRun {
    private final List<FilterCode> filters;
    private final List<LiveRegisters> live;
    private final int arch;
    private final boolean is32Bit;
    private final OptionalInt number;
    private final Work work;
    private final DecisionGraph graph;

    /** For each instruction of each filter, the states in which paths reach it. */
    private final List<List<Map<Registers, State>>> states = new ArrayList<>();

    /** One instruction with certain register values. The fields are set when it is run. */
    private static final class State {
        private WordTest test;
        private State then;
        private State otherwise;
        private DecisionNode decision;
    }

    /**
     * @param filters the newest first
     * @param number the call's number if it is known too
     */
    SymbolicRun(
            List<FilterCode> filters,
            int auditArch,
            boolean is32Bit,
            OptionalInt number,
            DecisionGraph graph,
            Work work) {
        this.filters = filters;
        live = filters.stream().map(LiveRegisters::new).toList();
        arch = auditArch;
        this.is32Bit = is32Bit;
        this.number = number;
        this.graph = graph;
        this.work = work;
        for (FilterCode filter : filters) {
            List<Map<Registers, State>> ofFilter = new ArrayList<>();
            for (int i = 0; i < filter.length(); i++) {
                ofFilter.add(null);
            }
            states.add(ofFilter);
        }
    }

    DecisionNode decide() {
        State first = state(0, 0, Registers.atStart(Verdict.ALLOW));
        for (int filter = 0; filter < filters.size(); filter++) {
            for (int at = 0; at < filters.get(filter).length(); at++) {
                Map<Registers, State> here = states.get(filter).get(at);
                if (here != null) {
                    for (Map.Entry<Registers, State> state : here.entrySet()) {
                        run(filter, at, state.getKey(), state.getValue());
                    }
                }
            }
        }
        for (int filter = filters.size() - 1; filter >= 0; filter--) {
            for (int at = filters.get(filter).length() - 1; at >= 0; at--) {
                Map<Registers, State> here = states.get(filter).get(at);
                if (here != null) {
                    here.values().forEach(this::decideFrom);
                }
            }
        }
        return first.decision;
    }

    private void decideFrom(State state) {
        if (state.decision == null) {
            state.decision =
                    state.test == null
                            ? state.then.decision
                            : graph.test(state.test, state.then.decision, state.otherwise.decision);
        }
    }

    private State state(int filter, int at, Registers registers) {
        Map<Registers, State> here = states.get(filter).get(at);
        if (here == null) {
            here = new LinkedHashMap<>(2);
            states.get(filter).set(at, here);
        }
        return here.computeIfAbsent(
                registers.onlyLive(live.get(filter).at(at)), key -> new State());
    }

    private void run(int filter, int at, Registers registers, State state) {
        work.add(Work.NEW_STATE);
        FilterCode code = filters.get(filter);
        Comparison comparison = code.comparison(at);
        if (comparison != null) {
            long operand = code.usesX(at) ? registers.x() : Symbol.constant(code.k(at));
            compare(filter, at, comparison, operand, registers, state);
            return;
        }
        switch (code.opcode(at)) {
            case BpfNumbers.JUMP ->
                    state.then = state(filter, (int) code.jumpTarget(at), registers);
            case BpfNumbers.RETURN -> end(filter, Symbol.constant(code.k(at)), registers, state);
            case BpfNumbers.RETURN_A -> end(filter, registers.a(), registers, state);
            default -> {
                long operand = code.usesX(at) ? registers.x() : Symbol.constant(code.k(at));
                if (code.arithmetic(at) == Arithmetic.DIVIDE
                        && (operand == 0 || !Symbol.isConstant(operand))) {
                    // A division by zero ends the filter with 0.
                    end(filter, operand, registers, state);
                } else {
                    state.then = state(filter, at + 1, after(code, at, operand, registers));
                }
            }
        }
    }

    private Registers after(FilterCode code, int at, long operand, Registers before) {
        int k = code.k(at);
        return switch (code.opcode(at)) {
            case BpfNumbers.LOAD -> before.withA(load(code, k));
            case BpfNumbers.LOAD_LENGTH -> before.withA(BpfNumbers.DATA_BYTES);
            case BpfNumbers.LOAD_X_LENGTH -> before.withX(BpfNumbers.DATA_BYTES);
            case BpfNumbers.LOAD_CONSTANT -> before.withA(Symbol.constant(k));
            case BpfNumbers.LOAD_X_CONSTANT -> before.withX(Symbol.constant(k));
            case BpfNumbers.LOAD_MEMORY -> before.withA(before.memory().get(k));
            case BpfNumbers.LOAD_X_MEMORY -> before.withX(before.memory().get(k));
            case BpfNumbers.STORE -> before.withMemory(k, before.a());
            case BpfNumbers.STORE_X -> before.withMemory(k, before.x());
            case BpfNumbers.A_TO_X -> before.withX(before.a());
            case BpfNumbers.X_TO_A -> before.withA(before.x());
            case BpfNumbers.NEGATE ->
                    before.withA(Symbol.apply(Arithmetic.SUBTRACT, 0, before.a()));
            default -> before.withA(Symbol.apply(code.arithmetic(at), before.a(), operand));
        };
    }

    private long load(FilterCode code, int offset) {
        if (offset == BpfNumbers.ARCH_OFFSET) {
            return Symbol.constant(arch);
        }
        if (offset == BpfNumbers.NR_OFFSET && number.isPresent()) {
            return Symbol.constant(number.getAsInt());
        }
        boolean isLower = offset % Long.BYTES == 0 == code.isLittleEndian();
        if (offset >= BpfNumbers.ARGUMENTS_OFFSET) {
            // Symbols have the lower word of an argument first, on every machine.
            int lower = offset & -Long.BYTES;
            return isLower
                    ? Symbol.word(lower, -1)
                    : is32Bit ? 0 : Symbol.word(lower + Integer.BYTES, -1);
        }
        return Symbol.word(offset, -1);
    }

    private void end(int filter, long returned, Registers registers, State state) {
        if (!Symbol.isConstant(returned)) {
            state.decision = graph.verdict(Verdict.UNDECIDED);
            return;
        }
        Verdict verdict = registers.before().orStricter(Verdict.of((int) returned));
        if (filter + 1 == filters.size() || verdict.isStrictest()) {
            state.decision = graph.verdict(verdict);
        } else {
            state.then = state(filter + 1, 0, Registers.atStart(verdict));
        }
    }

    private void compare(
            int filter,
            int at,
            Comparison comparison,
            long operand,
            Registers registers,
            State state) {
        FilterCode code = filters.get(filter);
        long a = registers.a();
        if (Symbol.isConstant(a) && Symbol.isConstant(operand)) {
            boolean holds = comparison.holds((int) a, (int) operand);
            state.then = state(filter, code.target(at, holds), registers);
            return;
        }
        WordComparison test = WordComparison.of(comparison, a, operand, at);
        if (test.test() == null) {
            state.then = state(filter, code.target(at, test.holdsIf()), registers);
            return;
        }
        state.test = test.test();
        state.then = state(filter, code.target(at, test.holdsIf()), registers);
        state.otherwise = state(filter, code.target(at, !test.holdsIf()), registers);
    }
}
