// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.syscalldb.Arch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A compiled filter, in the form for seccomp(2). Immutable. */
public final class BpfProgram {
    private static final int K_OFFSET = 4;

    private final Arch arch;
    private final byte[] code;

    BpfProgram(Arch arch, byte[] code) {
        this.arch = arch;
        this.code = code;
    }

    /** A filter that asks about every call of any architecture. */
    public static BpfProgram asking(Arch arch) {
        return returning(arch, BpfNumbers.USER_NOTIF);
    }

    /** A filter that logs every call of any architecture. */
    public static BpfProgram logging(Arch arch) {
        return returning(arch, BpfNumbers.LOG);
    }

    /**
     * A filter that allows every call, but kills a program that asks for strict mode, since the
     * kernel refuses that beside a filter.
     *
     * @param machine the architecture of the kernel
     */
    public static BpfProgram allowingAllButStrictMode(Arch machine) {
        return new BpfProgram(machine, EvidenceGuard.killingStrictMode(machine.name()));
    }

    private static BpfProgram returning(Arch arch, int verdict) {
        return new BpfProgram(arch, BpfNumbers.returning(verdict));
    }

    /**
     * This program with a guard in front. Some calls can prevent the logging of others: those that
     * load another filter, and those by which a tracer takes calls that such a filter hands over.
     * The guard asks the holder of the listener about these calls.
     *
     * @param machine the architecture of the kernel
     * @throws FilterException if it becomes too long
     */
    public BpfProgram guardingEvidence(Arch machine) {
        return new BpfProgram(arch, EvidenceGuard.before(code, machine.name(), true));
    }

    /**
     * This program in a form that can be loaded with a listener, but asks about one call only: that
     * by which a program sets a listener of its own, which the kernel refuses then.
     *
     * @param machine the architecture of the kernel
     * @throws FilterException if it becomes too long
     */
    public BpfProgram withIdleListener(Arch machine) {
        byte[] asking = EvidenceGuard.askingOfListeners(code, machine.name());
        return new BpfProgram(arch, EvidenceGuard.before(asking, machine.name(), false));
    }

    /**
     * This program, but it asks the holder of its listener instead of killing the process
     * (seccomp_unotify(2)), and before the process sets a listener of its own.
     *
     * @param machine the architecture of the kernel
     * @throws FilterException if it becomes too long
     */
    public BpfProgram askingBeforeKill(Arch machine) {
        byte[] asking = askingInsteadOf(BpfNumbers.KILL_PROCESS).code;
        return new BpfProgram(arch, EvidenceGuard.askingOfListeners(asking, machine.name()));
    }

    /** This program, but it asks the holder of its listener instead of logging a call. */
    public BpfProgram askingInsteadOfLog() {
        return askingInsteadOf(BpfNumbers.LOG);
    }

    private BpfProgram askingInsteadOf(int verdict) {
        ByteBuffer asking = ByteBuffer.wrap(code.clone()).order(ByteOrder.nativeOrder());
        for (int at = 0; at < code.length; at += BpfNumbers.INSTRUCTION_BYTES) {
            if (asking.getShort(at) == BpfNumbers.RETURN
                    && asking.getInt(at + K_OFFSET) == verdict) {
                asking.putInt(at + K_OFFSET, BpfNumbers.USER_NOTIF);
            }
        }
        return new BpfProgram(arch, asking.array());
    }

    /**
     * This program, but it asks the holder of its listener about these calls instead of logging
     * them.
     *
     * @throws FilterException if it becomes too long
     */
    public BpfProgram askingInsteadOfLog(List<Question> questions) {
        return new BpfProgram(arch, Question.insteadOfLog(code, questions));
    }

    /** The architecture whose calls have rules. */
    public Arch arch() {
        return arch;
    }

    /** 1 to 4096. */
    int instructionCount() {
        return code.length / BpfNumbers.INSTRUCTION_BYTES;
    }

    /** {@code struct sock_filter[]} in the byte order of the architecture; a copy. */
    public byte[] toBytes() {
        return code.clone();
    }
}
