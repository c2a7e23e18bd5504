// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

/** The operations that seccomp filters may have (seccomp_check_filter of kernel/seccomp.c). */
enum Arithmetic {
    ADD(0x04, "+"),
    SUBTRACT(0x14, "-"),
    MULTIPLY(0x24, "*"),
    DIVIDE(0x34, "/"),
    OR(0x44, "|"),
    AND(BpfNumbers.AND, "&"),
    SHIFT_LEFT(0x64, "<<"),
    SHIFT_RIGHT(0x74, ">>"),
    XOR(0xa4, "^");

    private final int opcode;
    private final String symbol;

    Arithmetic(int opcode, String symbol) {
        this.opcode = opcode;
        this.symbol = symbol;
    }

    /** The operation; null if filters may not have it. */
    static Arithmetic of(int opcode) {
        for (Arithmetic operation : values()) {
            if (operation.opcode == opcode) {
                return operation;
            }
        }
        return null;
    }

    /**
     * Calculates as the kernel does, which shifts by the lower five bits of the operand.
     *
     * @param operand not 0 for a division: the kernel then ends the filter with 0
     */
    int apply(int a, int operand) {
        return switch (this) {
            case ADD -> a + operand;
            case SUBTRACT -> a - operand;
            case MULTIPLY -> a * operand;
            case DIVIDE -> Integer.divideUnsigned(a, operand);
            case OR -> a | operand;
            case AND -> a & operand;
            case SHIFT_LEFT -> a << operand;
            case SHIFT_RIGHT -> a >>> operand;
            case XOR -> a ^ operand;
        };
    }

    /** Whether the operation returns its first value for this operand. */
    boolean isNeutral(int operand) {
        return switch (this) {
            case MULTIPLY, DIVIDE -> operand == 1;
            case AND -> operand == -1;
            default -> operand == 0;
        };
    }

    String symbol() {
        return symbol;
    }
}
