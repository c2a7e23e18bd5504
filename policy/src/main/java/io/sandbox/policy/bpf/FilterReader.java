// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import io.sandbox.policy.document.PolicyFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads filters and refuses all that the kernel refuses, so that later code need not check. */
public final class FilterReader {
    private static final int ALL_WORDS = (1 << BpfNumbers.MEMORY_WORDS) - 1;

    private final FilterCode code;

    /** For each instruction a bit mask: the words of memory that every path to it has written. */
    private final int[] written;

    private FilterReader(FilterCode code) {
        this.code = code;
        written = new int[code.length()];
        Arrays.fill(written, ALL_WORDS);
        written[0] = 0;
    }

    /**
     * @param bytes in either byte order
     * @throws PolicyFormatException if the kernel would refuse the filter
     */
    public static FilterCode parse(byte[] bytes) {
        if (bytes.length % BpfNumbers.INSTRUCTION_BYTES != 0) {
            throw refusal(bytes.length + " bytes: a filter is a multiple of 8 bytes long");
        }
        if (bytes.length == 0 || bytes.length / 8 > BpfNumbers.MAX_INSTRUCTIONS) {
            throw refusal(bytes.length / 8 + " instructions: a filter has 1 to 4096 of them");
        }
        boolean big = bytes[0] == 0 && bytes[1] != 0; // the operation codes are below 256
        ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        FilterCode code = new FilterCode(ByteBuffer.wrap(bytes.clone()).order(order));
        new FilterReader(code).check();
        return code;
    }

    private static PolicyFormatException refusal(String why) {
        return PolicyFormatException.ofWhole("bpf: " + why);
    }

    private void check() {
        for (int i = 0; i < code.length(); i++) {
            checkOne(i);
        }
    }

    private void checkOne(int at) {
        int after = written[at];
        if (code.comparison(at) != null) {
            leadTo(at, code.target(at, true), after);
            leadTo(at, code.target(at, false), after);
            return;
        }
        if (code.isJump(at)) {
            leadTo(at, code.jumpTarget(at), after);
            return;
        }
        if (code.isReturn(at)) {
            return;
        }
        int k = code.k(at);
        switch (code.opcode(at)) {
            case BpfNumbers.LOAD -> {
                if (k < 0 || k >= BpfNumbers.DATA_BYTES || k % Integer.BYTES != 0) {
                    throw wrong(at, "reads outside the call's data");
                }
            }
            case BpfNumbers.LOAD_MEMORY, BpfNumbers.LOAD_X_MEMORY -> {
                if ((after & bit(at, k)) == 0) {
                    throw wrong(at, "reads memory that was not written");
                }
            }
            case BpfNumbers.STORE, BpfNumbers.STORE_X -> after |= bit(at, k);
            case BpfNumbers.LOAD_LENGTH,
                    BpfNumbers.LOAD_X_LENGTH,
                    BpfNumbers.LOAD_CONSTANT,
                    BpfNumbers.LOAD_X_CONSTANT,
                    BpfNumbers.A_TO_X,
                    BpfNumbers.X_TO_A,
                    BpfNumbers.NEGATE -> {}
            default -> checkArithmetic(at, k);
        }
        leadTo(at, at + 1L, after);
    }

    private void checkArithmetic(int at, int k) {
        Arithmetic operation = code.arithmetic(at);
        if (operation == null) {
            throw wrong(at, "seccomp does not allow instruction code " + code.opcode(at));
        }
        boolean shifts = operation == Arithmetic.SHIFT_LEFT || operation == Arithmetic.SHIFT_RIGHT;
        if (!code.usesX(at)
                && (operation == Arithmetic.DIVIDE && k == 0
                        || shifts && (k < 0 || k >= Integer.SIZE))) {
            throw wrong(at, "divides by zero, or shifts too far");
        }
    }

    private int bit(int at, int k) {
        if (k < 0 || k >= BpfNumbers.MEMORY_WORDS) {
            throw wrong(at, "there is no word " + k + " of memory");
        }
        return 1 << k;
    }

    /** So the last instruction returns: any other one leads out of the filter. */
    private void leadTo(int at, long target, int after) {
        if (target >= code.length()) {
            throw wrong(at, "jumps out of the filter");
        }
        written[(int) target] &= after;
    }

    private static PolicyFormatException wrong(int at, String why) {
        return refusal("instruction " + at + ": " + why);
    }
}
