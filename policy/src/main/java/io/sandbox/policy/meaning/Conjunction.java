// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** "Both hold", in few conditions: most formats take only one for each argument. */
final class Conjunction {
    /**
     * @return empty if both can never hold together, as far as that can be told
     * @throws IllegalArgumentException if it takes more conditions than a rule can have
     */
    static Optional<List<Condition>> of(List<Condition> one, List<Condition> other) {
        if (!Region.overlap(one, other)) {
            return Optional.empty();
        }
        List<List<Condition>> both =
                Region.product(List.of(one), List.of(other))
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "more than " + Rule.MAX_CONDITIONS));
        return both.isEmpty() ? Optional.empty() : simplified(both.get(0));
    }

    private static Optional<List<Condition>> simplified(List<Condition> all) {
        List<Condition> left = new ArrayList<>(all);
        for (int i = 0; i < left.size(); i++) {
            Condition one = left.get(i);
            for (int j = left.size() - 1; j >= 0; j--) {
                Condition other = left.get(j);
                if (i == j || one.argument() != other.argument()) {
                    continue;
                }
                if (isExactUnder(one, other)) {
                    one = Condition.of(one.argument(), Operator.EQ, one.value());
                    left.set(i, one);
                }
                if (implies(one, other)) {
                    left.remove(j);
                    i -= j < i ? 1 : 0;
                } else if (one.operator() == Operator.EQ) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(left);
    }

    /** Whether the lower bits are all that is left of an argument, so that they are its value. */
    private static boolean isExactUnder(Condition bits, Condition limit) {
        boolean low = bits.operator() == Operator.MASKED_EQ && isLow(bits.mask());
        return low
                && switch (limit.operator()) {
                    case LT -> Long.compareUnsigned(limit.value() - 1, bits.mask()) <= 0;
                    case LE -> Long.compareUnsigned(limit.value(), bits.mask()) <= 0;
                    default -> false;
                };
    }

    private static boolean isLow(long mask) {
        return (mask & mask + 1) == 0;
    }

    /** False in cases that are hard to decide. */
    private static boolean implies(Condition one, Condition other) {
        long value = one.value();
        return switch (one.operator()) {
            case EQ -> other.holds(value);
            case MASKED_EQ ->
                    isLow(one.mask())
                            && Long.compareUnsigned(other.value(), one.mask()) <= 0
                            && other.holds(value)
                            && isOf(other, Operator.GT, Operator.GE, Operator.NE);
            case LT, LE -> {
                long highest = one.operator() == Operator.LT ? value - 1 : value;
                yield isOf(other, Operator.LT, Operator.LE) && other.holds(highest)
                        || other.operator() == Operator.NE
                                && Long.compareUnsigned(other.value(), highest) > 0;
            }
            case GT, GE -> {
                long lowest = one.operator() == Operator.GT ? value + 1 : value;
                yield isOf(other, Operator.GT, Operator.GE) && other.holds(lowest)
                        || other.operator() == Operator.NE
                                && Long.compareUnsigned(other.value(), lowest) < 0;
            }
            case NE -> false;
        };
    }

    private static boolean isOf(Condition condition, Operator... operators) {
        return List.of(operators).contains(condition.operator());
    }
}
