// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.nio.ByteBuffer;

/**
 * Whether a seccomp filter can hide calls from audit, judged only by its return instructions, even
 * those that are never reached.
 *
 * @param handsOver whether the filter may hand calls to a tracer
 * @param anything whether it returns a computed value, which can be any
 */
public record FilterReturns(boolean handsOver, boolean anything) {
    private static final int INSTRUCTION_BYTES = 8; // struct sock_filter: code, jt, jf, k
    private static final int K_OFFSET = 4;

    // linux/bpf_common.h
    private static final int CLASS_MASK = 0x07;
    private static final int RETURN = 0x06;
    private static final int SOURCE_MASK = 0x18;
    private static final int CONSTANT = 0x00;

    // linux/seccomp.h
    private static final int ACTION_MASK = 0xffff_0000;
    private static final int TRACE = 0x7ff0_0000;

    /** {@code code}: {@code struct sock_filter[]}, in the byte order of the buffer. */
    public static FilterReturns of(ByteBuffer code) {
        boolean handsOver = false;
        boolean anything = false;
        for (int at = 0; at + INSTRUCTION_BYTES <= code.limit(); at += INSTRUCTION_BYTES) {
            int opcode = code.getShort(at) & 0xffff;
            if ((opcode & CLASS_MASK) != RETURN) {
                continue;
            }
            if ((opcode & SOURCE_MASK) != CONSTANT) {
                anything = true;
            } else if ((code.getInt(at + K_OFFSET) & ACTION_MASK) == TRACE) {
                handsOver = true;
            }
        }
        return new FilterReturns(handsOver, anything);
    }
}
