// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The instructions of a filter: {@code struct sock_filter[]} that the kernel would take
 * (bpf_check_classic of net/core/filter.c, seccomp_check_filter of kernel/seccomp.c). All jumps go
 * forward, and the last instruction returns. Immutable.
 */
public final class FilterCode {
    private final ByteBuffer code;
    private final int length;

    /** Does not look at the code; {@link FilterReader} does. */
    FilterCode(ByteBuffer code) {
        this.code = code;
        length = code.capacity() / BpfNumbers.INSTRUCTION_BYTES;
    }

    /** Whether these bytes can be a filter and hardly anything else; a quick look. */
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

    /** Of the machine that it is for. */
    boolean isLittleEndian() {
        return code.order() == ByteOrder.LITTLE_ENDIAN;
    }

    int opcode(int index) {
        return code.getShort(index * BpfNumbers.INSTRUCTION_BYTES) & 0xffff;
    }

    int k(int index) {
        return code.getInt(index * BpfNumbers.INSTRUCTION_BYTES + Integer.BYTES);
    }

    /** The index of the instruction behind a conditional jump whose test has this result. */
    int target(int index, boolean result) {
        int at = index * BpfNumbers.INSTRUCTION_BYTES + Short.BYTES + (result ? 0 : 1);
        return index + 1 + (code.get(at) & 0xff);
    }

    /** Where {@code BPF_JA} goes; out of the code for one that was not checked. */
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

    /** The operation of arithmetic with two operands; null for any other instruction. */
    Arithmetic arithmetic(int index) {
        int opcode = opcode(index);
        if ((opcode & 0x07) != 0x04 || opcode == BpfNumbers.NEGATE) { // BPF_ALU
            return null;
        }
        return Arithmetic.of(opcode & ~BpfNumbers.WITH_X);
    }

    /** Whether the second operand is X; else it is k. */
    boolean usesX(int index) {
        return (opcode(index) & BpfNumbers.WITH_X) != 0;
    }
}
