package io.sandbox.enforcer.seccomp;

import io.sandbox.syscalldb.Arch;

/** A compiled filter, as seccomp(2) takes it. Immutable. */
public final class BpfProgram {
    /** BPF_MAXINSNS of linux/bpf_common.h. */
    public static final int MAX_INSTRUCTIONS = 4096;

    /** sizeof(struct sock_filter) of linux/filter.h. */
    static final int INSTRUCTION_BYTES = 8;

    private final Arch arch;
    private final byte[] code;

    BpfProgram(Arch arch, byte[] code) {
        this.arch = arch;
        this.code = code;
    }

    /** The architecture whose calls it tells apart. */
    public Arch arch() {
        return arch;
    }

    /** 1 to 4096. */
    public int instructionCount() {
        return code.length / INSTRUCTION_BYTES;
    }

    /** {@code struct sock_filter[]} in this machine's byte order; a copy. */
    public byte[] toBytes() {
        return code.clone();
    }
}
