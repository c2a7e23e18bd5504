// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

/**
 * The values that one argument can still have after some tests. Each of its 32-bit halves lies
 * between two unsigned bounds (included). Some of its bits are known. Immutable.
 *
 * @param mask the bits that are known
 * @param value the values of these bits
 */
record ArgumentBounds(
        long upperFrom, long upperTo, long lowerFrom, long lowerTo, long mask, long value) {
    static final long MAX_HALF = 0xffff_ffffL;

    static final ArgumentBounds ANY = new ArgumentBounds(0, MAX_HALF, 0, MAX_HALF, 0, 0);
    static final ArgumentBounds ANY_32_BIT = new ArgumentBounds(0, 0, 0, MAX_HALF, 0, 0);

    private static boolean isUpper(WordTest test) {
        return test.offset() % Long.BYTES != 0;
    }

    private long from(WordTest test) {
        return isUpper(test) ? upperFrom : lowerFrom;
    }

    private long to(WordTest test) {
        return isUpper(test) ? upperTo : lowerTo;
    }

    private static long inPlace(WordTest test, int word) {
        long unsigned = Integer.toUnsignedLong(word);
        return isUpper(test) ? unsigned << Integer.SIZE : unsigned;
    }

    /** The result of a test; null if the bounds allow both results. */
    Boolean result(WordTest test) {
        long from = from(test);
        long to = to(test);
        if (from == to) {
            return test.holds((int) from);
        }
        long wanted = Integer.toUnsignedLong(test.value());
        if (test.kind() == WordTest.Kind.GREATER) {
            return from > wanted ? Boolean.TRUE : to <= wanted ? Boolean.FALSE : null;
        }
        long bits = inPlace(test, test.mask());
        long wantedBits = inPlace(test, test.value());
        if (((value ^ wantedBits) & mask & bits) != 0) {
            return false;
        }
        if (test.mask() == -1 && (wanted < from || wanted > to)) {
            return false;
        }
        return (bits & ~mask) == 0 ? Boolean.TRUE : null;
    }

    /** The values with this result, which must be true if the mask has several bits. */
    ArgumentBounds with(WordTest test, boolean holds) {
        long wanted = Integer.toUnsignedLong(test.value());
        if (test.kind() == WordTest.Kind.GREATER) {
            return holds ? within(test, wanted + 1, MAX_HALF) : within(test, 0, wanted);
        }
        if (test.mask() == -1) {
            return within(test, wanted, wanted);
        }
        long bits = inPlace(test, test.mask());
        long wantedBits = inPlace(test, test.value());
        return new ArgumentBounds(
                upperFrom,
                upperTo,
                lowerFrom,
                lowerTo,
                mask | bits,
                value & ~bits | (holds ? wantedBits : ~wantedBits & bits));
    }

    /** Excludes the value of the test if it is one of the bounds. */
    ArgumentBounds withoutEqual(WordTest test) {
        long wanted = Integer.toUnsignedLong(test.value());
        if (wanted == from(test)) {
            return within(test, wanted + 1, MAX_HALF);
        }
        return wanted == to(test) ? within(test, 0, wanted - 1) : this;
    }

    /** The values below or above the value of the test; null if there are none. */
    ArgumentBounds beside(WordTest test, boolean above) {
        long wanted = Integer.toUnsignedLong(test.value());
        if (above ? wanted >= to(test) : wanted <= from(test)) {
            return null;
        }
        return above ? within(test, wanted + 1, MAX_HALF) : within(test, 0, wanted - 1);
    }

    private ArgumentBounds within(WordTest test, long from, long to) {
        if (isUpper(test)) {
            long low = Math.max(upperFrom, from);
            return new ArgumentBounds(low, Math.min(upperTo, to), lowerFrom, lowerTo, mask, value);
        }
        long low = Math.max(lowerFrom, from);
        return new ArgumentBounds(upperFrom, upperTo, low, Math.min(lowerTo, to), mask, value);
    }

    boolean hasAnyLower() {
        return lowerFrom == 0 && lowerTo == MAX_HALF;
    }

    boolean hasOneUpper() {
        return upperFrom == upperTo;
    }

    /** Takes the bounds of the upper half from {@code other}. */
    ArgumentBounds withUpperOf(ArgumentBounds other) {
        return new ArgumentBounds(other.upperFrom, other.upperTo, lowerFrom, lowerTo, mask, value);
    }
}
