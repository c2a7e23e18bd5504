// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Cuts the call numbers into ranges, so that one decision applies to a whole range. */
final class NumberRanges {
    /** The most bits that a test may ignore: each of them doubles the number of ranges. */
    private static final int MAX_FREE_BITS = 8;

    /** If a test ignores more bits, we try the known numbers and this many of the first ones. */
    private static final int TRIED = 1024;

    private final DecisionGraph graph;
    private final DecisionNode root;
    private final long first;
    private final long last;

    /** The numbers at which a range may begin. */
    private final TreeSet<Long> starts = new TreeSet<>();

    private boolean isScattered;

    /**
     * @param first the smallest number to consider, as an unsigned value
     * @param last the largest number to consider
     */
    NumberRanges(DecisionGraph graph, DecisionNode root, long first, long last) {
        this.graph = graph;
        this.root = root;
        this.first = first;
        this.last = last;
        starts.add(first);
        graph.testsOf(root).stream().filter(WordTest::isOfNumber).forEach(this::addStarts);
    }

    private void addStarts(WordTest test) {
        long value = Integer.toUnsignedLong(test.value());
        int free = ~test.mask();
        int block = Integer.numberOfTrailingZeros(test.mask());
        int scattered = free >>> block << block;
        if (test.isOpaque() || Integer.bitCount(scattered) > MAX_FREE_BITS) {
            isScattered = true;
        } else if (test.kind() == WordTest.Kind.GREATER) {
            starts.add(value + 1);
        } else {
            // Goes through all subsets of the free bits, from the empty set back to it.
            int bits = 0;
            do {
                long from = Integer.toUnsignedLong(test.value() | bits);
                starts.add(from);
                starts.add(from + (1L << block));
                bits = bits - scattered & scattered;
            } while (bits != 0);
        }
    }

    /**
     * The ranges from the first to the last number, in order.
     *
     * @param known the numbers of known calls
     * @param withNumber decides about one number if a filter calculates with numbers
     */
    List<NumberRange> cut(Set<Integer> known, Function<OptionalInt, DecisionNode> withNumber) {
        if (isScattered) {
            return tried(known, withNumber);
        }
        List<NumberRange> ranges = new ArrayList<>();
        List<Long> inside = new ArrayList<>(starts.subSet(first, true, last, true));
        for (int i = 0; i < inside.size(); i++) {
            long from = inside.get(i);
            long to = i + 1 < inside.size() ? inside.get(i + 1) - 1 : last;
            add(ranges, from, to, graph.forNumber(root, (int) from));
        }
        return ranges;
    }

    private List<NumberRange> tried(
            Set<Integer> known, Function<OptionalInt, DecisionNode> withNumber) {
        TreeSet<Long> numbers = new TreeSet<>();
        known.forEach(number -> numbers.add(Integer.toUnsignedLong(number)));
        for (int i = 0; i < TRIED; i++) {
            numbers.add(first + i);
        }
        DecisionNode undecided = graph.verdict(Verdict.UNDECIDED);
        List<NumberRange> ranges = new ArrayList<>();
        long next = first;
        for (long number : numbers.subSet(first, true, last, true)) {
            if (next < number) {
                add(ranges, next, number - 1, undecided);
            }
            add(ranges, number, number, withNumber.apply(OptionalInt.of((int) number)));
            next = number + 1;
        }
        if (next <= last) {
            add(ranges, next, last, undecided);
        }
        return ranges;
    }

    private static void add(List<NumberRange> ranges, long from, long to, DecisionNode decision) {
        NumberRange before = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
        if (before != null && before.decision() == decision) {
            ranges.set(ranges.size() - 1, new NumberRange(before.from(), to, decision));
        } else {
            ranges.add(new NumberRange(from, to, decision));
        }
    }
}
