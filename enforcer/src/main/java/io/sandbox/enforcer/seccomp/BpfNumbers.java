// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

/** The numbers in filters, from the kernel's headers. */
final class BpfNumbers {
    /** BPF_MAXINSNS of linux/bpf_common.h. */
    static final int MAX_INSTRUCTIONS = 4096;

    /** sizeof(struct sock_filter) of linux/filter.h. */
    static final int INSTRUCTION_BYTES = 8;

    // linux/bpf_common.h
    static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
    static final int RETURN = 0x06; // BPF_RET | BPF_K
    static final int JUMP = 0x05; // BPF_JMP | BPF_JA
    static final int IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    static final int IF_GREATER = 0x25; // BPF_JMP | BPF_JGT | BPF_K
    static final int IF_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K

    // struct seccomp_data, linux/seccomp.h
    static final int NR_OFFSET = 0;
    static final int ARCH_OFFSET = 4;
    static final int ARGUMENTS_OFFSET = 16;

    // SECCOMP_RET_* of linux/seccomp.h, which are also the values of SCMP_ACT_*
    static final int KILL_PROCESS = 0x8000_0000;
    static final int KILL_THREAD = 0;
    static final int TRAP = 0x0003_0000;
    static final int ERRNO = 0x0005_0000;
    static final int LOG = 0x7ffc_0000;
    static final int ALLOW = 0x7fff_0000;
    static final int USER_NOTIF = 0x7fc0_0000;

    private BpfNumbers() {}
}
