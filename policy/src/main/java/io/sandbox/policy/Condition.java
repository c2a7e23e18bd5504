// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import java.util.Objects;

/**
 * A condition on one argument of a call. The kernel gives filters unsigned 64-bit values. An {@code
 * int} of -1 mostly becomes 0xffffffff, but the upper half depends on the caller's register.
 *
 * @param argument 0 to 5
 * @param mask unsigned; all ones unless the operator is {@link Operator#MASKED_EQ}
 * @param value unsigned; has no bits outside the mask, since it could then never be equal
 */
public record Condition(int argument, Operator operator, long mask, long value) {
    /** How many arguments a system call has. */
    public static final int ARGUMENTS = 6;

    /** The mask of what the kernel reads of an {@code int}. */
    public static final long LOWER_HALF = 0xffff_ffffL;

    private static final long NO_MASK = -1;

    public Condition {
        Objects.requireNonNull(operator, "operator");
        if (argument < 0 || argument >= ARGUMENTS) {
            throw new IllegalArgumentException("argument " + argument);
        }
        if (mask != NO_MASK && operator != Operator.MASKED_EQ) {
            throw new IllegalArgumentException("a mask with " + operator);
        }
        if ((value & ~mask) != 0) {
            throw new IllegalArgumentException("value has bits outside the mask");
        }
    }

    public static Condition of(int argument, Operator operator, long value) {
        return new Condition(argument, operator, NO_MASK, value);
    }

    public static Condition masked(int argument, long mask, long value) {
        return new Condition(argument, Operator.MASKED_EQ, mask, value);
    }

    /** A test of the lower half of an argument becomes one of all of it, for numbers of 32 bits. */
    public Condition asNumber() {
        return mask == LOWER_HALF ? of(argument, Operator.EQ, value) : this;
    }

    /** Whether it asks for the values of certain bits. */
    public boolean isOfBits() {
        return operator == Operator.EQ || operator == Operator.MASKED_EQ;
    }

    /** Whether no value fulfils the condition. */
    public boolean neverHolds() {
        return operator == Operator.LT && value == 0 || operator == Operator.GT && value == -1;
    }

    /** Whether an argument with this value fulfils the condition. */
    public boolean holds(long argument) {
        int order = Long.compareUnsigned(argument & mask, value);
        return switch (operator) {
            case EQ, MASKED_EQ -> order == 0;
            case NE -> order != 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
        };
    }
}
