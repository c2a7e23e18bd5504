// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import java.util.Optional;
import java.util.stream.Stream;

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

    /** The comparison of whole values with this symbol; empty if there is none. */
    public static Optional<Operator> bySymbol(String symbol) {
        return Stream.of(values()).filter(each -> each.symbol.equals(symbol)).findFirst();
    }
}
