// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The instructions of a filter: a {@code struct sock_filter[]} that the kernel would accept
 * (bpf_check_classic of net/core/filter.c, seccomp_check_filter of kernel/seccomp.c). All jumps go
 * forward, and the last instruction returns. Immutable.
 */
public final class FilterCode {
    private final ByteBuffer code;
    private final int length;

    /** Takes the code unchecked; {@link FilterReader} checks it. */
    FilterCode(ByteBuffer code) {
        this.code = code;
        length = code.capacity() / BpfNumbers.INSTRUCTION_BYTES;
    }

    /** Checks quickly whether it looks like a filter: whole instructions, the last returns. */
    public static boolean isLikely(byte[] bytes) {
        int last = bytes.length - BpfNumbers.INSTRUCTION_BYTES;
        return last >= 0
                && bytes.length % BpfNumbers.INSTRUCTION_BYTES == 0
                && (isReturn(bytes[last], bytes[last + 1])
                        || isReturn(bytes[last + 1], bytes[last]));
    }

    private static boolean isReturn(byte low, byte high) {
        return (low == BpfNumbers.RETURN || low == BpfNumbers.RETURN_A) && high == 0;
    }

    public int length() {
        return length;
    }

    /** The byte order of the machine that runs the filter. */
    boolean isLittleEndian() {
        return code.order() == ByteOrder.LITTLE_ENDIAN;
    }

    int opcode(int index) {
        return code.getShort(index * BpfNumbers.INSTRUCTION_BYTES) & 0xffff;
    }

    int k(int index) {
        return code.getInt(index * BpfNumbers.INSTRUCTION_BYTES + Integer.BYTES);
    }

    /** The index to which a conditional jump goes for this result of its test. */
    int target(int index, boolean result) {
        int at = index * BpfNumbers.INSTRUCTION_BYTES + Short.BYTES + (result ? 0 : 1);
        return index + 1 + (code.get(at) & 0xff);
    }

    /** The index to which {@code BPF_JA} goes; in unchecked code it may lie outside. */
    long jumpTarget(int index) {
        return index + 1L + Integer.toUnsignedLong(k(index));
    }

    boolean isReturn(int index) {
        int opcode = opcode(index);
        return opcode == BpfNumbers.RETURN || opcode == BpfNumbers.RETURN_A;
    }

    boolean isJump(int index) {
        return opcode(index) == BpfNumbers.JUMP;
    }

    /** The test of a conditional jump; null for any other instruction. */
    Comparison comparison(int index) {
        return switch (opcode(index) & ~BpfNumbers.WITH_X) {
            case BpfNumbers.IF_EQUAL -> Comparison.EQUAL;
            case BpfNumbers.IF_GREATER -> Comparison.GREATER;
            case BpfNumbers.IF_AT_LEAST -> Comparison.AT_LEAST;
            case 0x45 -> Comparison.ANY_BIT; // BPF_JMP | BPF_JSET
            default -> null;
        };
    }

    /** The arithmetic operation with two operands; null for any other instruction. */
    Arithmetic arithmetic(int index) {
        int opcode = opcode(index);
        if ((opcode & 0x07) != 0x04 || opcode == BpfNumbers.NEGATE) { // BPF_ALU
            return null;
        }
        return Arithmetic.of(opcode & ~BpfNumbers.WITH_X);
    }

    /** Whether the second operand is X, not k. */
    boolean usesX(int index) {
        return (opcode(index) & BpfNumbers.WITH_X) != 0;
    }
}
