// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

/**
 * Liveness of a filter's registers and words of memory: a value is live before an instruction if
 * some path from there reads it before it is overwritten. {@link SymbolicRun} ignores other values,
 * so that more states are equal.
 */
final class LiveRegisters {
    static final int A = 1;
    static final int X = 2;

    static int memory(int word) {
        return 4 << word;
    }

    private final int[] live;

    LiveRegisters(FilterCode code) {
        live = new int[code.length()];
        for (int i = code.length() - 1; i >= 0; i--) {
            live[i] = before(code, i);
        }
    }

    int at(int index) {
        return live[index];
    }

    private int before(FilterCode code, int at) {
        int operand = code.usesX(at) ? X : 0;
        if (code.comparison(at) != null) {
            return live[code.target(at, true)] | live[code.target(at, false)] | A | operand;
        }
        int k = code.k(at);
        return switch (code.opcode(at)) {
            case BpfNumbers.RETURN -> 0;
            case BpfNumbers.RETURN_A -> A;
            case BpfNumbers.JUMP -> live[(int) code.jumpTarget(at)];
            case BpfNumbers.LOAD, BpfNumbers.LOAD_LENGTH, BpfNumbers.LOAD_CONSTANT ->
                    live[at + 1] & ~A;
            case BpfNumbers.LOAD_X_LENGTH, BpfNumbers.LOAD_X_CONSTANT -> live[at + 1] & ~X;
            case BpfNumbers.LOAD_MEMORY -> live[at + 1] & ~A | memory(k);
            case BpfNumbers.LOAD_X_MEMORY -> live[at + 1] & ~X | memory(k);
            case BpfNumbers.STORE -> live[at + 1] & ~memory(k) | A;
            case BpfNumbers.STORE_X -> live[at + 1] & ~memory(k) | X;
            case BpfNumbers.A_TO_X -> live[at + 1] & ~X | A;
            case BpfNumbers.X_TO_A -> live[at + 1] & ~A | X;
            default -> live[at + 1] | A | (code.opcode(at) == BpfNumbers.NEGATE ? 0 : operand);
        };
    }
}
