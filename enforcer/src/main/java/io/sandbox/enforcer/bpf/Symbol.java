// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.bpf;

/**
 * What is known of a value: a constant, a word of the call's data of which some bits are kept, or
 * nothing but whether more than the call's number went into it. Written as a long, since there may
 * be a million of them; a constant is itself.
 */
final class Symbol {
    static final long OPAQUE_NUMBER = 2L << 62;
    static final long OPAQUE = 3L << 62;

    private static final long WORD = 1L << 62;

    private Symbol() {}

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

    /** Of a calculation whose result is not known. */
    static long opaque(long a, long b) {
        return isOfNumber(a) && isOfNumber(b) ? OPAQUE_NUMBER : OPAQUE;
    }

    static boolean isOfNumber(long symbol) {
        return isConstant(symbol)
                || symbol == OPAQUE_NUMBER
                || isWord(symbol) && offset(symbol) == BpfNumbers.NR_OFFSET;
    }

    /** Anything but a division by what may be zero. */
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
