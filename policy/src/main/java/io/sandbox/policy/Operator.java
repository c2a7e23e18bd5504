// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

/** How a {@link Condition} compares an argument. All comparisons are of unsigned 64-bit values. */
public enum Operator {
    EQ("=="),
    NE("!="),
    LT("<"),
    LE("<="),
    GT(">"),
    GE(">="),
    /** Equal after a bitwise and with the mask; written {@code arg0&MASK==VALUE}. */
    MASKED_EQ("==");

    private final String symbol;

    Operator(String symbol) {
        this.symbol = symbol;
    }

    public String symbol() {
        return symbol;
    }
}
