// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

/**
 * A test of one word of the call's data. All other comparisons are reduced to these tests.
 *
 * @param offset the word's offset in struct seccomp_data
 * @param mask the bits that are tested; all bits if the kind is not {@link Kind#EQUAL}
 * @param value the constant of the comparison; for an opaque test the index of the instruction, so
 *     that tests of different instructions differ
 */
record WordTest(Kind kind, int offset, int mask, int value) {
    enum Kind {
        /** {@code (word & mask) == value}. */
        EQUAL,
        /** {@code word > value}, unsigned. */
        GREATER,
        /** Any other comparison. */
        OPAQUE,
        /** Any other comparison that depends on the call's number alone. */
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
