// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.bpf;

/**
 * A test of one word of the call's data; the other ways to compare are made of these.
 *
 * @param offset in struct seccomp_data
 * @param mask what is looked at; all bits if the kind is not {@link Kind#EQUAL}
 * @param value of EQUAL and GREATER; of OPAQUE the index of the instruction, so that two are two
 */
record WordTest(Kind kind, int offset, int mask, int value) {
    /** How a word is tested. */
    enum Kind {
        /** {@code (word & mask) == value}. */
        EQUAL,
        /** {@code word > value}, unsigned. */
        GREATER,
        /** Something else than a comparison of a word with a constant. */
        OPAQUE,
        /** The same, of nothing but the number. */
        OPAQUE_NUMBER
    }

    boolean isOfNumber() {
        return kind == Kind.OPAQUE_NUMBER || kind != Kind.OPAQUE && offset == BpfNumbers.NR_OFFSET;
    }

    boolean isOpaque() {
        return kind == Kind.OPAQUE || kind == Kind.OPAQUE_NUMBER;
    }

    boolean holds(int word) {
        return kind == Kind.EQUAL
                ? (word & mask) == value
                : Integer.compareUnsigned(word, value) > 0;
    }
}
