// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

/** How a conditional jump compares A with its operand. */
enum Comparison {
    EQUAL("==", "!="),
    GREATER(">", "<="),
    AT_LEAST(">=", "<"),
    ANY_BIT("&", "!&");

    private final String symbol;
    private final String opposite;

    Comparison(String symbol, String opposite) {
        this.symbol = symbol;
        this.opposite = opposite;
    }

    boolean holds(int a, int operand) {
        return switch (this) {
            case EQUAL -> a == operand;
            case GREATER -> Integer.compareUnsigned(a, operand) > 0;
            case AT_LEAST -> Integer.compareUnsigned(a, operand) >= 0;
            case ANY_BIT -> (a & operand) != 0;
        };
    }

    /** The symbol of the comparison, or of its opposite. */
    String symbol(boolean holds) {
        return holds ? symbol : opposite;
    }
}
