// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A set of values of one argument that conditions can express: the unsigned 64-bit values between
 * two bounds that have certain bits. One value can be excluded. Immutable.
 *
 * @param from the lower bound, included
 * @param to the upper bound, included
 * @param limit the highest value that the argument can have
 * @param mask the bits that are known
 * @param value the values of these bits
 * @param isBroken whether {@code hole} is excluded
 */
record ArgumentSpan(
        long from, long to, long limit, long mask, long value, boolean isBroken, long hole) {
    private static final long HALF = ArgumentBounds.MAX_HALF;

    /** Covers the values of the bounds exactly, with the fewest spans. */
    static List<ArgumentSpan> of(ArgumentBounds bounds, boolean is32Bit) {
        long limit = is32Bit ? HALF : -1;
        long upperFrom = bounds.upperFrom() << Integer.SIZE;
        long upperTo = bounds.upperTo() << Integer.SIZE;
        if (bounds.hasAnyLower() || bounds.hasOneUpper()) {
            long from = upperFrom | bounds.lowerFrom();
            long to = upperTo | bounds.lowerTo();
            long certain = (bounds.hasOneUpper() ? ~HALF : 0) | (from == to ? HALF : 0);
            if (((from ^ bounds.value()) & bounds.mask() & certain) != 0) {
                return List.of();
            }
            return List.of(bits(from, to, limit, bounds.mask(), bounds.value()));
        }
        // The upper half can differ, so ranges of the lower half are split into common prefixes.
        List<ArgumentSpan> spans = new ArrayList<>();
        long next = bounds.lowerFrom();
        while (next <= bounds.lowerTo()) {
            long size = next == 0 ? HALF + 1 : Long.lowestOneBit(next);
            while (next + size - 1 > bounds.lowerTo()) {
                size >>>= 1;
            }
            long mask = HALF & -size;
            if (((next ^ bounds.value()) & mask & bounds.mask()) == 0) {
                long allBits = bounds.mask() | mask;
                spans.add(bits(upperFrom, upperTo | HALF, limit, allBits, bounds.value() | next));
            }
            next += size;
        }
        return spans;
    }

    private static ArgumentSpan bits(long from, long to, long limit, long mask, long value) {
        if (from == to) {
            return new ArgumentSpan(from, to, limit, 0, 0, false, 0);
        }
        boolean oneUpper = from >>> Integer.SIZE == to >>> Integer.SIZE;
        if (mask != 0 && oneUpper && (from & HALF) == 0 && (to & HALF) == HALF && limit != HALF) {
            return new ArgumentSpan(0, limit, limit, mask | ~HALF, value & HALF | from, false, 0);
        }
        return new ArgumentSpan(from, to, limit, mask, value, false, 0);
    }

    /** Joins two spans; empty if the union is no span or needs more conditions. */
    Optional<ArgumentSpan> joined(ArgumentSpan other) {
        int most = Math.max(conditions(0).size(), other.conditions(0).size());
        return union(other).filter(span -> span.conditions(0).size() <= most);
    }

    private Optional<ArgumentSpan> union(ArgumentSpan other) {
        if (isBroken || other.isBroken || mask != other.mask || value != other.value) {
            return Optional.empty();
        }
        boolean first = Long.compareUnsigned(from, other.from) <= 0;
        ArgumentSpan lower = first ? this : other;
        ArgumentSpan upper = first ? other : this;
        boolean meet = lower.to == -1 || Long.compareUnsigned(upper.from, lower.to + 1) <= 0;
        long end = Long.compareUnsigned(lower.to, upper.to) > 0 ? lower.to : upper.to;
        if (meet) {
            return Optional.of(new ArgumentSpan(lower.from, end, limit, mask, value, false, 0));
        }
        boolean allButOne =
                lower.from == 0 && upper.to == limit && upper.from - lower.to == 2 && mask == 0;
        return allButOne
                ? Optional.of(
                        new ArgumentSpan(
                                lower.from, upper.to, limit, mask, value, true, lower.to + 1))
                : Optional.empty();
    }

    /** The conditions that all hold for exactly the values of the span. */
    List<Condition> conditions(int argument) {
        List<Condition> conditions = new ArrayList<>(2);
        if (from == to) {
            return List.of(Condition.of(argument, Operator.EQ, from));
        }
        if (from != 0) {
            conditions.add(rounder(argument, Operator.GE, from, Operator.GT, from - 1));
        }
        if (to != limit) {
            conditions.add(rounder(argument, Operator.LE, to, Operator.LT, to + 1));
        }
        if (mask == -1) {
            conditions.add(Condition.of(argument, Operator.EQ, value));
        } else if (mask != 0) {
            conditions.add(Condition.masked(argument, mask, value));
        }
        if (isBroken) {
            conditions.add(Condition.of(argument, Operator.NE, hole));
        }
        return conditions;
    }

    /** Chooses the rounder number, since the author of the policy probably wrote that one. */
    private static Condition rounder(
            int argument, Operator operator, long value, Operator other, long otherValue) {
        return Long.numberOfTrailingZeros(otherValue) % Long.SIZE
                        > Long.numberOfTrailingZeros(value)
                ? Condition.of(argument, other, otherValue)
                : Condition.of(argument, operator, value);
    }
}
