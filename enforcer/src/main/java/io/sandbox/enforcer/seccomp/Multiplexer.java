// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.Condition;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallTable;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A system call of old architectures that does the work of many, chosen by its first argument
 * (socketcall(2), ipc(2)). libseccomp has pseudo numbers for the names of these parts, even for
 * parts that also became calls of their own: -101 to -120 and -201 to -224 ({@code __PNR_socket}
 * and others of seccomp.h). They are a base minus the part's number.
 */
enum Multiplexer {
    /** The kernel reads the part's number as an int. */
    SOCKETCALL("socketcall", -100, 20, 0xffff_ffffL),
    /** The upper half of the int is a version, which the kernel ignores. */
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

    /** The call itself, if the arch has it. ARM has a number only in the old ABI. */
    Optional<Syscall> in(SyscallTable table) {
        Optional<Syscall> call = table.byName(callName);
        return call.isPresent() && call.get().inLibseccomp() ? call : Optional.empty();
    }

    static boolean anyIsUsedBy(SyscallTable table) {
        return Stream.of(values()).anyMatch(multiplexer -> multiplexer.in(table).isPresent());
    }

    /** Whether a pseudo number of libseccomp means a part of this call. */
    boolean has(int pseudoNumber) {
        return pseudoNumber < pseudoBase && pseudoNumber >= pseudoBase - parts;
    }

    /** The condition on this call's first argument that selects the part. */
    Condition condition(int pseudoNumber) {
        return Condition.masked(0, mask, pseudoBase - pseudoNumber);
    }
}
