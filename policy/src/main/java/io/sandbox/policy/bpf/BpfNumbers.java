// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The constants of filters, from the kernel's headers. */
public final class BpfNumbers {
    /** BPF_MAXINSNS of linux/bpf_common.h. */
    public static final int MAX_INSTRUCTIONS = 4096;

    /** sizeof(struct sock_filter) of linux/filter.h. */
    public static final int INSTRUCTION_BYTES = 8;

    // linux/bpf_common.h
    public static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    public static final int LOAD_CONSTANT = 0x00; // BPF_LD | BPF_IMM
    public static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
    public static final int RETURN = 0x06; // BPF_RET | BPF_K
    public static final int JUMP = 0x05; // BPF_JMP | BPF_JA
    public static final int IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    public static final int IF_GREATER = 0x25; // BPF_JMP | BPF_JGT | BPF_K
    public static final int IF_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K

    // Instructions that our compiler does not emit.
    static final int LOAD_LENGTH = 0x80; // BPF_LD | BPF_W | BPF_LEN
    static final int LOAD_X_LENGTH = 0x81; // BPF_LDX | BPF_W | BPF_LEN
    static final int LOAD_X_CONSTANT = 0x01; // BPF_LDX | BPF_IMM
    static final int LOAD_MEMORY = 0x60; // BPF_LD | BPF_MEM
    static final int LOAD_X_MEMORY = 0x61; // BPF_LDX | BPF_MEM
    static final int STORE = 0x02; // BPF_ST
    static final int STORE_X = 0x03; // BPF_STX
    static final int A_TO_X = 0x07; // BPF_MISC | BPF_TAX
    static final int X_TO_A = 0x87; // BPF_MISC | BPF_TXA
    static final int NEGATE = 0x84; // BPF_ALU | BPF_NEG
    static final int RETURN_A = 0x16; // BPF_RET | BPF_A
    static final int WITH_X = 0x08; // BPF_X: the operand is X and not k

    // struct seccomp_data, linux/seccomp.h
    public static final int NR_OFFSET = 0;
    public static final int ARCH_OFFSET = 4;
    public static final int ARGUMENTS_OFFSET = 16;
    static final int DATA_BYTES = 64;

    /** BPF_MEMWORDS of linux/filter.h. */
    static final int MEMORY_WORDS = 16;

    // SECCOMP_RET_* of linux/seccomp.h, which are also the values of SCMP_ACT_*
    public static final int KILL_PROCESS = 0x8000_0000;
    public static final int KILL_THREAD = 0;
    public static final int TRAP = 0x0003_0000;
    public static final int ERRNO = 0x0005_0000;
    public static final int USER_NOTIF = 0x7fc0_0000;
    public static final int TRACE = 0x7ff0_0000;
    public static final int LOG = 0x7ffc_0000;
    public static final int ALLOW = 0x7fff_0000;

    private BpfNumbers() {}

    /** A filter for this machine that returns one verdict for every call. */
    public static byte[] returning(int verdict) {
        ByteBuffer code = ByteBuffer.allocate(INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
        return code.putShort((short) RETURN).putShort((short) 0).putInt(verdict).array();
    }
}
