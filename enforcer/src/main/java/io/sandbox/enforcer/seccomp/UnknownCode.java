// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Code that refuses the calls that the author of the policy could not know. It stands before the
 * code that decides about all other calls. libsandbox.so decides the same (library/filter.c).
 *
 * <pre>
 * ld arch; jeq ARCH, 1, 0; ja END; ld nr
 * jge 0x40000000, 0, 2; jeq -1, 1, 0; ja END             on x86_64, where x32 has such numbers
 * jgt LAST, 3, 0; jge FIRST, 0, 1; ja END; ret ENOSYS    for each range of known numbers
 * ret ENOSYS
 * </pre>
 *
 * The verdict depends only on arch and nr, so the kernel can keep it in its bitmap.
 */
final class UnknownCode {
    private static final int ENOSYS = BpfNumbers.ERRNO | 38; // asm-generic/errno.h

    /** A tracer sets this number to skip a call. For the kernel, it is not a call of x32. */
    private static final int SKIPPED = -1;

    /** How many instructions {@link #addRange} adds. */
    private static final int RANGE = 4;

    /** {@code listed}: the numbers that the policy mentions, which are not refused. */
    static void add(CodeBuffer code, Arch target, Set<Integer> listed, UnknownCalls unknown) {
        SortedSet<Integer> known = new TreeSet<>(listed);
        for (Syscall call : SyscallDb.get().table(target).all()) {
            if (unknown.judges(call)) {
                known.add(call.number());
            }
        }
        CodeBuffer block = new CodeBuffer();
        block.add(BpfNumbers.LOAD, BpfNumbers.NR_OFFSET, 0, 0);
        boolean sharesArch = target.name().equals("x86_64");
        if (sharesArch) {
            block.add(BpfNumbers.IF_AT_LEAST, SyscallTable.X32_BIT, 0, 2);
            block.add(BpfNumbers.IF_EQUAL, SKIPPED, 1, 0);
            block.add(BpfNumbers.JUMP, 0, 0, 0);
        }
        int first = known.first();
        int last = first;
        for (int number : known) {
            if (number > last + 1) {
                addRange(block, first, last);
                first = number;
            }
            last = number;
        }
        addRange(block, first, last);
        block.add(BpfNumbers.RETURN, ENOSYS, 0, 0);

        code.add(BpfNumbers.LOAD, BpfNumbers.ARCH_OFFSET, 0, 0);
        code.add(BpfNumbers.IF_EQUAL, target.auditArch(), 1, 0);
        code.add(BpfNumbers.JUMP, block.length(), 0, 0);
        for (int at = 0; at < block.length(); at++) {
            if (block.opcode(at) == BpfNumbers.JUMP) {
                block.setK(at, block.length() - at - 1);
            }
        }
        code.addAll(block.toBytes());
    }

    private static void addRange(CodeBuffer block, int first, int last) {
        block.add(BpfNumbers.IF_GREATER, last, RANGE - 1, 0);
        block.add(BpfNumbers.IF_AT_LEAST, first, 0, 1);
        block.add(BpfNumbers.JUMP, 0, 0, 0);
        block.add(BpfNumbers.RETURN, ENOSYS, 0, 0);
    }
}
