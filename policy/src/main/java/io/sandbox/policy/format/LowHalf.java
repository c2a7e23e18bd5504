// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.meaning.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * Translates comparisons of an argument's lower 32 bits, which some formats have. Our conditions
 * compare all 64 bits, so the result is alternatives that test bits.
 */
final class LowHalf {
    static final long MASK = 0xffffffffL;

    /**
     * @param value the value; only its lower half counts
     * @return the alternatives; none if the comparison never holds
     */
    static List<List<Condition>> compare(int argument, Operator operator, long value) {
        Condition equal = Condition.masked(argument, MASK, value & MASK);
        List<List<Condition>> alternatives = new ArrayList<>();
        switch (operator) {
            case EQ, MASKED_EQ -> alternatives.add(List.of(equal));
            case NE -> alternatives.addAll(Region.negation(equal));
            case LT -> addOrdered(alternatives, equal, false);
            case GT -> addOrdered(alternatives, equal, true);
            case LE -> {
                addOrdered(alternatives, equal, false);
                alternatives.add(List.of(equal));
            }
            case GE -> {
                addOrdered(alternatives, equal, true);
                alternatives.add(List.of(equal));
            }
        }
        return alternatives;
    }

    /** Adds an alternative for each bit that decides: those above are equal, it differs. */
    private static void addOrdered(
            List<List<Condition>> alternatives, Condition equal, boolean greater) {
        for (long bit = Long.highestOneBit(MASK); bit != 0; bit >>>= 1) {
            boolean set = (equal.value() & bit) != 0;
            if (set != greater) {
                long mask = MASK & -bit;
                long value = (equal.value() ^ bit) & mask;
                alternatives.add(List.of(Condition.masked(equal.argument(), mask, value)));
            }
        }
    }
}
