// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A distinct call, with its name if our tables have it.
 *
 * @param auditArch the AUDIT_ARCH value of the record
 * @param number as the kernel recorded it; it may be negative or out of range
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

    /** The architecture's name; x32 for a call of x32, and the value in hex if it is unknown. */
    public String archName() {
        return syscall.map(Syscall::arch).map(Arch::name).orElseGet(() -> archName(auditArch));
    }

    /** The name of an AUDIT_ARCH value, or the value in hex if it is unknown. */
    public static String archName(int auditArch) {
        return SyscallDb.get()
                .archByAuditValue(auditArch)
                .map(Arch::name)
                .orElse(Integer.toHexString(auditArch));
    }

    /** The kernel's name for the call, or its number if it has no name. */
    public String displayName() {
        return syscall.map(Syscall::name).orElse(Integer.toString(number));
    }

    /** The names of some calls, by name. */
    public static String names(Collection<ObservedCall> calls) {
        return calls.stream()
                .map(ObservedCall::displayName)
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /** Numbers from 2^30 on belong to the x32 ABI, which a list cannot hold. */
    private boolean isPlain() {
        return number >= 0 && number < 1 << 30;
    }

    /** A list's name for the call on {@code arch}, or its number; empty if it cannot. */
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
