// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

/** Runs a filter on a call as the kernel does. For one thread. */
public final class FilterInterpreter {
    private final FilterCode code;
    private int steps;

    public FilterInterpreter(FilterCode code) {
        this.code = code;
    }

    /**
     * @throws io.sandbox.policy.document.PolicyFormatException if the kernel would refuse the code
     */
    public static FilterInterpreter of(byte[] code) {
        return new FilterInterpreter(FilterReader.parse(code));
    }

    /** The number of instructions in the last run. */
    public int steps() {
        return steps;
    }

    /** The value that the filter returns: an action and its data. */
    public int run(CallData call) {
        steps = 0;
        int a = 0;
        int x = 0;
        int[] memory = new int[BpfNumbers.MEMORY_WORDS];
        int at = 0;
        while (true) {
            steps++;
            int k = code.k(at);
            Comparison comparison = code.comparison(at);
            if (comparison != null) {
                at = code.target(at, comparison.holds(a, code.usesX(at) ? x : k));
                continue;
            }
            switch (code.opcode(at)) {
                case BpfNumbers.RETURN -> {
                    return k;
                }
                case BpfNumbers.RETURN_A -> {
                    return a;
                }
                case BpfNumbers.JUMP -> at += k;
                case BpfNumbers.LOAD -> a = call.word(k, code.isLittleEndian());
                case BpfNumbers.LOAD_LENGTH -> a = BpfNumbers.DATA_BYTES;
                case BpfNumbers.LOAD_X_LENGTH -> x = BpfNumbers.DATA_BYTES;
                case BpfNumbers.LOAD_CONSTANT -> a = k;
                case BpfNumbers.LOAD_X_CONSTANT -> x = k;
                case BpfNumbers.LOAD_MEMORY -> a = memory[k];
                case BpfNumbers.LOAD_X_MEMORY -> x = memory[k];
                case BpfNumbers.STORE -> memory[k] = a;
                case BpfNumbers.STORE_X -> memory[k] = x;
                case BpfNumbers.A_TO_X -> x = a;
                case BpfNumbers.X_TO_A -> a = x;
                case BpfNumbers.NEGATE -> a = -a;
                default -> {
                    int operand = code.usesX(at) ? x : k;
                    Arithmetic operation = code.arithmetic(at);
                    if (operation == Arithmetic.DIVIDE && operand == 0) {
                        return BpfNumbers.KILL_THREAD;
                    }
                    a = operation.apply(a, operand);
                }
            }
            at++;
        }
    }
}
