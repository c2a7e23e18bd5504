// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

/**
 * A symbolic value: a constant, some bits of a word of the call's data, or an unknown value. An
 * unknown value depends on the call's number alone ({@code OPAQUE_NUMBER}) or on more ({@code
 * OPAQUE}). Symbols are stored as longs because there may be a million of them. A constant is
 * stored as itself.
 */
final class Symbol {
    static final long OPAQUE_NUMBER = 2L << 62;
    static final long OPAQUE = 3L << 62;

    private static final long WORD = 1L << 62;

    static long constant(int value) {
        return Integer.toUnsignedLong(value);
    }

    static long word(int offset, int mask) {
        return mask == 0 ? 0 : WORD | (long) offset << Integer.SIZE | constant(mask);
    }

    static boolean isConstant(long symbol) {
        return symbol >>> 62 == 0;
    }

    static boolean isWord(long symbol) {
        return symbol >>> 62 == 1;
    }

    static int offset(long word) {
        return (int) (word >>> Integer.SIZE) & 0xff;
    }

    static int mask(long word) {
        return (int) word;
    }

    /** The unknown result of a calculation with two values. */
    static long opaque(long a, long b) {
        return isOfNumber(a) && isOfNumber(b) ? OPAQUE_NUMBER : OPAQUE;
    }

    static boolean isOfNumber(long symbol) {
        return isConstant(symbol)
                || symbol == OPAQUE_NUMBER
                || isWord(symbol) && offset(symbol) == BpfNumbers.NR_OFFSET;
    }

    /** The result of an operation. A divisor must be a constant other than 0. */
    static long apply(Arithmetic operation, long a, long b) {
        if (isConstant(a) && isConstant(b)) {
            return constant(operation.apply((int) a, (int) b));
        }
        if (isConstant(b) && operation.isNeutral((int) b)) {
            return a;
        }
        if (operation == Arithmetic.AND && isWord(a) && isConstant(b)) {
            return word(offset(a), mask(a) & (int) b);
        }
        if (operation == Arithmetic.AND && isWord(b) && isConstant(a)) {
            return word(offset(b), mask(b) & (int) a);
        }
        return opaque(a, b);
    }
}
