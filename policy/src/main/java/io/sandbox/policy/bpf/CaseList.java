// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import io.sandbox.policy.Condition;
import io.sandbox.policy.bpf.CallCases.Case;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes a decision as a list of cases. The first case that holds decides, so a case need not
 * repeat what earlier cases have excluded. Only tests that lead to a verdict become conditions.
 * Each decision needs a new object.
 */
final class CaseList {
    /** A longer list would be unreadable. */
    private static final int MAX_CASES = 512;

    /** The limit for nested tests; more of them would need too many conditions as well. */
    private static final int MAX_DEPTH = 4 * Rule.MAX_CONDITIONS;

    /** A case: for each argument the values for which it holds, and its verdict. */
    private record Entry(List<ArgumentSpan> spans, Verdict verdict) {}

    private final DecisionGraph graph;
    private final boolean is32Bit;
    private final Work work;
    private final List<Entry> entries = new ArrayList<>();
    private int depth;

    private CaseList(DecisionGraph graph, boolean is32Bit, Work work) {
        this.graph = graph;
        this.is32Bit = is32Bit;
        this.work = work;
    }

    /**
     * @param otherwise the verdict if no case holds; it gets no case of its own
     * @return one case with {@link Verdict#UNDECIDED} if the decision needs too many cases, or
     *     conditions that a policy cannot express
     */
    static List<Case> of(
            DecisionNode decision,
            Verdict otherwise,
            boolean is32Bit,
            DecisionGraph graph,
            Work work) {
        CaseList list = new CaseList(graph, is32Bit, work);
        ArgumentBounds[] all = new ArgumentBounds[Condition.ARGUMENTS];
        Arrays.fill(all, is32Bit ? ArgumentBounds.ANY_32_BIT : ArgumentBounds.ANY);
        try {
            list.list(decision, all, all, graph.verdict(otherwise));
        } catch (TooComplex e) {
            return List.of(new Case(List.of(), Verdict.UNDECIDED));
        }
        List<Case> cases = new ArrayList<>();
        for (Entry entry : list.entries) {
            List<Condition> conditions = new ArrayList<>();
            for (int i = 0; i < Condition.ARGUMENTS; i++) {
                conditions.addAll(entry.spans.get(i).conditions(i));
            }
            cases.add(new Case(conditions, entry.verdict));
        }
        return cases;
    }

    /** Thrown for a decision that only the disassembly can show. */
    private static final class TooComplex extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooComplex() {
            super(null, null, false, false);
        }
    }

    /**
     * Adds the cases of a decision.
     *
     * @param said the bounds that become conditions of each case
     * @param known the values that arguments can still have: the values within {@code said} that no
     *     earlier case has excluded
     * @param next the decision that the later cases express; a path that reaches it gets no case
     * @return whether no path reaches {@code next}
     */
    private boolean list(
            DecisionNode decision,
            ArgumentBounds[] said,
            ArgumentBounds[] known,
            DecisionNode next) {
        if (++depth > MAX_DEPTH) {
            throw new TooComplex();
        }
        DecisionNode node = decision;
        ArgumentBounds[] left = known;
        while (node != next && !node.isVerdict()) {
            work.add(1);
            int argument = argument(node.test());
            Boolean result = left[argument].result(node.test());
            if (result != null) {
                node = result ? node.then() : node.otherwise();
                continue;
            }
            boolean first = comesFirst(node, next);
            DecisionNode rest = first ? node.otherwise() : node.then();
            if (listFirst(node, first, argument, said, left)) {
                left = without(left, argument, node.test(), first);
            }
            node = rest;
        }
        depth--;
        if (node == next) {
            return false;
        }
        add(said, left, node.verdict());
        return true;
    }

    private static int argument(WordTest test) {
        if (test.isOpaque() || test.offset() < BpfNumbers.ARGUMENTS_OFFSET) {
            throw new TooComplex();
        }
        return (test.offset() - BpfNumbers.ARGUMENTS_OFFSET) / Long.BYTES;
    }

    /** The result of a test that becomes a condition; cases for the other result follow later. */
    private boolean comesFirst(DecisionNode node, DecisionNode next) {
        WordTest test = node.test();
        if (node.otherwise() == next) {
            return true;
        }
        boolean isOrder = test.kind() == WordTest.Kind.GREATER;
        boolean canBeNegated = isOrder || Integer.bitCount(test.mask()) == 1;
        if (node.then() == next && canBeNegated) {
            return false;
        }
        // "Not equal" takes two cases, which pays off if only the later cases need the rest.
        boolean ends = node.otherwise().isVerdict();
        boolean isWord = test.mask() == -1;
        if (isWord || canBeNegated) {
            return !ends
                    || !(node.then() == next
                            || !node.then().isVerdict()
                                    && (isOrder || graph.reaches(node.then(), next)));
        }
        return true;
    }

    private boolean listFirst(
            DecisionNode node,
            boolean result,
            int argument,
            ArgumentBounds[] said,
            ArgumentBounds[] left) {
        WordTest test = node.test();
        boolean isUnequal = !result && test.kind() == WordTest.Kind.EQUAL && test.mask() == -1;
        if (!isUnequal) {
            return list(
                    result ? node.then() : node.otherwise(),
                    with(said, argument, said[argument].with(test, result)),
                    with(left, argument, left[argument].with(test, result)),
                    result ? node.otherwise() : node.then());
        }
        boolean complete = true;
        for (boolean above : new boolean[] {false, true}) {
            ArgumentBounds beside = left[argument].beside(test, above);
            if (beside != null) {
                complete &=
                        list(
                                node.otherwise(),
                                with(said, argument, said[argument].beside(test, above)),
                                with(left, argument, beside),
                                node.then());
            }
        }
        return complete;
    }

    /** The values that are left after the cases for one result of a test. */
    private static ArgumentBounds[] without(
            ArgumentBounds[] left, int argument, WordTest test, boolean result) {
        ArgumentBounds bounds = left[argument];
        boolean canBeNegated =
                test.kind() == WordTest.Kind.GREATER || Integer.bitCount(test.mask()) == 1;
        if (!result || canBeNegated) {
            return with(left, argument, bounds.with(test, !result));
        }
        return test.mask() == -1 ? with(left, argument, bounds.withoutEqual(test)) : left;
    }

    private static ArgumentBounds[] with(
            ArgumentBounds[] all, int argument, ArgumentBounds bounds) {
        ArgumentBounds[] changed = all.clone();
        changed[argument] = bounds;
        return changed;
    }

    private void add(ArgumentBounds[] said, ArgumentBounds[] left, Verdict verdict) {
        List<List<ArgumentSpan>> combinations = new ArrayList<>();
        combinations.add(List.of());
        for (int i = 0; i < Condition.ARGUMENTS; i++) {
            ArgumentBounds bounds = said[i];
            if (!bounds.hasAnyLower() && left[i].hasOneUpper()) {
                bounds = bounds.withUpperOf(left[i]);
            }
            List<List<ArgumentSpan>> longer = new ArrayList<>();
            for (ArgumentSpan span : ArgumentSpan.of(bounds, is32Bit)) {
                for (List<ArgumentSpan> combination : combinations) {
                    List<ArgumentSpan> one = new ArrayList<>(combination);
                    one.add(span);
                    longer.add(one);
                }
            }
            combinations = longer;
            if (combinations.size() > MAX_CASES) {
                throw new TooComplex();
            }
        }
        combinations.forEach(spans -> addJoined(new Entry(spans, verdict)));
        if (entries.size() > MAX_CASES) {
            throw new TooComplex();
        }
    }

    /** Adds a case, joined with an earlier one if all cases between them have its verdict. */
    private void addJoined(Entry added) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            work.add(1);
            Entry before = entries.get(i);
            if (!before.verdict.equals(added.verdict)) {
                break;
            }
            Optional<Entry> joined = joined(before, added);
            if (joined.isPresent()) {
                entries.remove(i);
                addJoined(joined.get());
                return;
            }
        }
        entries.add(added);
    }

    private static Optional<Entry> joined(Entry one, Entry other) {
        int different = -1;
        for (int i = 0; i < one.spans.size(); i++) {
            if (!one.spans.get(i).equals(other.spans.get(i))) {
                if (different >= 0) {
                    return Optional.empty();
                }
                different = i;
            }
        }
        if (different < 0) {
            return Optional.of(one);
        }
        int argument = different;
        return one.spans
                .get(argument)
                .joined(other.spans.get(argument))
                .map(
                        span -> {
                            List<ArgumentSpan> spans = new ArrayList<>(one.spans);
                            spans.set(argument, span);
                            return new Entry(spans, one.verdict);
                        });
    }
}
