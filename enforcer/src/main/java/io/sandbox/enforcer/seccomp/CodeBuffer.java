// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.bpf.BpfNumbers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Collects the instructions of a filter. Throws {@link FilterException} if there are too many. */
final class CodeBuffer {
    private static final int JUMPS_OFFSET = 2; // of jt in struct sock_filter, then jf, then k
    private static final int K_OFFSET = 4;

    private final ByteBuffer code =
            ByteBuffer.allocate(BpfNumbers.MAX_INSTRUCTIONS * BpfNumbers.INSTRUCTION_BYTES)
                    .order(ByteOrder.nativeOrder());

    /** The number of instructions so far, which is the index of the next. */
    int length() {
        return code.position() / BpfNumbers.INSTRUCTION_BYTES;
    }

    int bytesLeft() {
        return code.remaining();
    }

    void add(int opcode, int k, int ifTrue, int ifFalse) {
        if (code.remaining() < BpfNumbers.INSTRUCTION_BYTES) {
            throw FilterException.tooLong();
        }
        code.putShort((short) opcode).put((byte) ifTrue).put((byte) ifFalse).putInt(k);
    }

    /** Instructions as {@code struct sock_filter[]}. */
    void addAll(byte[] instructions) {
        if (code.remaining() < instructions.length) {
            throw FilterException.tooLong();
        }
        code.put(instructions);
    }

    int opcode(int index) {
        return code.getShort(index * BpfNumbers.INSTRUCTION_BYTES) & 0xffff;
    }

    int ifTrue(int index) {
        return code.get(index * BpfNumbers.INSTRUCTION_BYTES + JUMPS_OFFSET) & 0xff;
    }

    int ifFalse(int index) {
        return code.get(index * BpfNumbers.INSTRUCTION_BYTES + JUMPS_OFFSET + 1) & 0xff;
    }

    int k(int index) {
        return code.getInt(index * BpfNumbers.INSTRUCTION_BYTES + K_OFFSET);
    }

    void setJumps(int index, int ifTrue, int ifFalse) {
        int at = index * BpfNumbers.INSTRUCTION_BYTES + JUMPS_OFFSET;
        code.put(at, (byte) ifTrue).put(at + 1, (byte) ifFalse);
    }

    void setK(int index, int k) {
        code.putInt(index * BpfNumbers.INSTRUCTION_BYTES + K_OFFSET, k);
    }

    /** Replaces an instruction by a jump to one that comes later. */
    void jump(int index, int to) {
        code.putLong(index * BpfNumbers.INSTRUCTION_BYTES, 0);
        code.putShort(index * BpfNumbers.INSTRUCTION_BYTES, (short) BpfNumbers.JUMP);
        setK(index, to - index - 1);
    }

    /** Has each return of the verdict before {@code end} jump to an instruction behind it. */
    void redirect(int end, int verdict, int to) {
        for (int i = 0; i < end; i++) {
            if (opcode(i) == BpfNumbers.RETURN && k(i) == verdict) {
                jump(i, to);
            }
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(code.array(), code.position());
    }
}
