// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.enforcer.policy.Condition;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallTable;
import java.util.Optional;

/**
 * A system call of old architectures that stands for many, told apart by its first argument
 * (socketcall(2), ipc(2)). libseccomp gives the names of the parts pseudo numbers, also those that
 * have become calls of their own: -101 to -120 and -201 to -224, {@code __PNR_socket} and others of
 * seccomp.h, less the part's number.
 */
enum Multiplexer {
    /** The kernel takes the part's number for an int. */
    SOCKETCALL("socketcall", -100, 20, 0xffff_ffffL),
    /** The upper half of the int is a version, which the kernel cuts off. */
    IPC("ipc", -200, 24, 0xffff);

    private final String callName;
    private final int pseudoBase;
    private final int parts;
    private final long mask;

    Multiplexer(String callName, int pseudoBase, int parts, long mask) {
        this.callName = callName;
        this.pseudoBase = pseudoBase;
        this.parts = parts;
        this.mask = mask;
    }

    String callName() {
        return callName;
    }

    /**
     * The call itself, if the architecture has it; ARM has its number, but only for the old ABI.
     */
    Optional<Syscall> in(SyscallTable table) {
        Optional<Syscall> call = table.byName(callName);
        return call.isPresent() && call.get().inLibseccomp() ? call : Optional.empty();
    }

    static boolean anyIsUsedBy(SyscallTable table) {
        for (Multiplexer multiplexer : values()) {
            if (multiplexer.in(table).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Whether libseccomp's answer stands for a part of this call. */
    boolean has(int pseudoNumber) {
        return pseudoNumber < pseudoBase && pseudoNumber >= pseudoBase - parts;
    }

    /** What holds for the arguments of this call when it stands for that part. */
    Condition condition(int pseudoNumber) {
        return Condition.masked(0, mask, pseudoBase - pseudoNumber);
    }
}
