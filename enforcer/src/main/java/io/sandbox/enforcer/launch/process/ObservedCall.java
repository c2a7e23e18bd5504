// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Optional;

/**
 * A distinct call, named where our tables know it.
 *
 * @param auditArch the AUDIT_ARCH value of the record
 * @param number as the kernel recorded it, negative or out of range included
 */
public record ObservedCall(int auditArch, int number, Optional<Syscall> syscall)
        implements Comparable<ObservedCall> {
    public static ObservedCall of(int auditArch, int number) {
        SyscallDb db = SyscallDb.get();
        return new ObservedCall(
                auditArch,
                number,
                db.archByAuditValue(auditArch).flatMap(arch -> db.table(arch).byNumber(number)));
    }

    /** The architecture's name; an x32 call counts as x32, an unknown value is shown in hex. */
    public String archName() {
        return syscall.map(Syscall::arch).map(Arch::name).orElseGet(() -> archName(auditArch));
    }

    /** The name of an AUDIT_ARCH value, or the value in hex where it is unknown. */
    public static String archName(int auditArch) {
        return SyscallDb.get()
                .archByAuditValue(auditArch)
                .map(Arch::name)
                .orElse(Integer.toHexString(auditArch));
    }

    /** The kernel's name, or the number where there is none. */
    public String displayName() {
        return syscall.map(Syscall::name).orElse(Integer.toString(number));
    }

    /** Numbers from 2^30 up are of the x32 ABI, which is foreign to a list. */
    private boolean isPlain() {
        return number >= 0 && number < 1 << 30;
    }

    /**
     * How a list for {@code arch} names the call; empty if it cannot. Where the name stands for
     * more than this call, it is the number.
     */
    public Optional<String> listEntry(Arch arch) {
        if (!archName().equals(arch.name()) || !isPlain()) {
            return Optional.empty();
        }
        return Optional.of(
                syscall.filter(call -> !call.multiplexed())
                        .map(Syscall::name)
                        .orElse(Integer.toString(number)));
    }

    @Override
    public int compareTo(ObservedCall other) {
        int byArch = Integer.compare(auditArch, other.auditArch);
        return byArch != 0 ? byArch : Integer.compare(number, other.number);
    }
}
