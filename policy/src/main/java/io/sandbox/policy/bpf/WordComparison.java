// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

/**
 * A comparison of two symbolic values, reduced to a {@link WordTest}.
 *
 * @param test null if the result does not depend on the call
 * @param holdsIf the comparison holds if the test has this result; without a test, the result of
 *     the comparison
 */
record WordComparison(WordTest test, boolean holdsIf) {
    /**
     * @param a not a constant if {@code operand} is one
     * @param at the index of the instruction
     */
    static WordComparison of(Comparison comparison, long a, long operand, int at) {
        if (Symbol.isWord(a) && Symbol.isConstant(operand)) {
            return ofWord(comparison, a, (int) operand, at);
        }
        if (Symbol.isConstant(a) && Symbol.isWord(operand)) {
            return switch (comparison) {
                case EQUAL, ANY_BIT -> ofWord(comparison, operand, (int) a, at);
                case GREATER -> ofWord(Comparison.AT_LEAST, operand, (int) a, at).negated();
                case AT_LEAST -> ofWord(Comparison.GREATER, operand, (int) a, at).negated();
            };
        }
        return opaque(a, operand, at);
    }

    private static WordComparison opaque(long a, long operand, int at) {
        boolean number = Symbol.opaque(a, operand) == Symbol.OPAQUE_NUMBER;
        return new WordComparison(
                new WordTest(
                        number ? WordTest.Kind.OPAQUE_NUMBER : WordTest.Kind.OPAQUE, -1, 0, at),
                true);
    }

    private WordComparison negated() {
        return new WordComparison(test, !holdsIf);
    }

    private static WordComparison ofWord(Comparison comparison, long word, int value, int at) {
        int mask = Symbol.mask(word);
        return switch (comparison) {
            case EQUAL -> equal(word, mask, value);
            case ANY_BIT -> equal(word, mask & value, 0).negated();
            case GREATER -> greater(word, value, at);
            case AT_LEAST -> value == 0 ? always(true) : greater(word, value - 1, at);
        };
    }

    private static WordComparison always(boolean holds) {
        return new WordComparison(null, holds);
    }

    private static WordComparison equal(long word, int mask, int value) {
        if ((value & ~mask) != 0 || mask == 0) {
            return always(value == 0);
        }
        return new WordComparison(
                new WordTest(WordTest.Kind.EQUAL, Symbol.offset(word), mask, value), true);
    }

    private static WordComparison greater(long word, int value, int at) {
        int mask = Symbol.mask(word);
        if (Integer.compareUnsigned(value, mask) >= 0) {
            return always(false);
        }
        if (value == 0) {
            return equal(word, mask, 0).negated();
        }
        if ((~mask & ~mask + 1) != 0) {
            return opaque(word, 0, at);
        }
        // The mask clears low bits only, so setting these bits in the value replaces the mask.
        return new WordComparison(
                new WordTest(WordTest.Kind.GREATER, Symbol.offset(word), -1, value | ~mask), true);
    }
}
