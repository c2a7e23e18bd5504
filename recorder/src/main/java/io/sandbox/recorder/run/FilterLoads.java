// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.process.ProcessMemory;
import io.sandbox.evidence.FilterReturns;
import io.sandbox.evidence.OwnFilters;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;

/**
 * Finds, among the calls that a target's filter asks about, those by which the target loads filters
 * of its own, and reads these from its memory. This proves nothing, since another thread of the
 * target can change that memory before the kernel reads it; see "Why complete means complete" in
 * ARCHITECTURE.md. For one thread.
 */
final class FilterLoads {
    private static final String SECCOMP = "seccomp";
    private static final String PRCTL = "prctl";
    private static final String PTRACE = "ptrace";

    /** The calls that can load a filter. */
    static final Set<String> CALLS = Set.of(SECCOMP, PRCTL);

    /** The calls of which some load a filter or trace. */
    static final Set<String> GUARDED = Set.of(SECCOMP, PRCTL, PTRACE);

    // linux/seccomp.h
    private static final long SET_MODE_STRICT = 0;
    private static final long SET_MODE_FILTER = 1;
    private static final long NEW_LISTENER = 1 << 3;
    private static final int MODE_STRICT = 1;
    private static final int MODE_FILTER = 2;

    private static final int PR_SET_SECCOMP = 22; // linux/prctl.h
    private static final long TRACE_SECCOMP = 1 << 7; // PTRACE_O_TRACESECCOMP, linux/ptrace.h

    private static final String X32 = "x32";
    private static final int AUDIT_ARCH_X86_64 = 0xc000_003e;
    private static final int INSTRUCTION_BYTES = 8;
    private static final int NONE = -1;

    private final OwnFilters filters = new OwnFilters();

    // Of the architecture of the last call.
    private int numbersArch;
    private boolean numbersAreX32;
    private int seccomp = NONE;
    private int prctl = NONE;
    private int ptrace = NONE;
    private int pointerBytes;

    /** To be called for each call that we are asked about, before it is answered. */
    void note(CallListener call) {
        int number = call.number();
        boolean x32 = call.auditArch() == AUDIT_ARCH_X86_64 && (number & SyscallTable.X32_BIT) != 0;
        if (call.auditArch() != numbersArch || x32 != numbersAreX32) {
            lookUpNumbers(call.auditArch(), x32);
        }
        if (number == seccomp) {
            noteSeccomp(call);
        } else if (number == prctl) {
            if ((int) call.argument(0) == PR_SET_SECCOMP) {
                noteMode(call);
            }
        } else if (number == ptrace && (call.argument(3) & TRACE_SECCOMP) != 0) {
            filters.traces();
        }
    }

    private void lookUpNumbers(int auditArch, boolean x32) {
        numbersArch = auditArch;
        numbersAreX32 = x32;
        SyscallDb db = SyscallDb.get();
        Optional<Arch> arch = x32 ? db.archByName(X32) : db.archByAuditValue(auditArch);
        seccomp = number(arch, SECCOMP);
        prctl = number(arch, PRCTL);
        ptrace = number(arch, PTRACE);
        pointerBytes = arch.isPresent() && arch.get().elfClass() == 32 ? Integer.BYTES : Long.BYTES;
    }

    /** The number of a call; below 0 if the architecture has none, or is unknown. */
    static int number(Optional<Arch> arch, String name) {
        return arch.flatMap(known -> SyscallDb.get().table(known).byName(name))
                .map(Syscall::number)
                .orElse(NONE);
    }

    private void noteSeccomp(CallListener call) {
        int operation = (int) call.argument(0);
        if (operation == SET_MODE_STRICT) {
            // Programs find out by wrong arguments whether the kernel has the call.
            if ((int) call.argument(1) == 0 && call.argument(2) == 0) {
                filters.wantsStrictMode();
            }
        } else if (operation == SET_MODE_FILTER) {
            noteFilter(call, (call.argument(1) & NEW_LISTENER) != 0);
        }
    }

    private void noteMode(CallListener call) {
        int mode = (int) call.argument(1);
        if (mode == MODE_STRICT) {
            filters.wantsStrictMode();
        } else if (mode == MODE_FILTER) {
            noteFilter(call, false);
        }
    }

    /**
     * The filter's address is the third argument of both calls. A null address loads nothing if
     * nothing is there: programs pass it to find out what the kernel can do. But a privileged
     * program can have memory there.
     */
    private void noteFilter(CallListener call, boolean withListener) {
        long address = call.argument(2);
        Optional<ByteBuffer> code = readCode(call.thread(), address);
        // A thread that waits no more makes no call. If it makes it again, we are asked again.
        if (!call.isWaiting() || code.isEmpty() && address == 0) {
            return;
        }
        if (withListener) {
            filters.wantsListener();
        }
        code.ifPresentOrElse(read -> filters.loads(FilterReturns.of(read)), filters::loadsUnread);
    }

    /** The instructions that a struct sock_fprog in the thread's memory points to. */
    private Optional<ByteBuffer> readCode(int thread, long address) {
        try (ProcessMemory memory = ProcessMemory.of(thread)) {
            ByteBuffer program = inOrder(memory.read(address, 2 * pointerBytes));
            int count = program.getShort(0) & 0xffff;
            long at =
                    pointerBytes == Integer.BYTES
                            ? Integer.toUnsignedLong(program.getInt(pointerBytes))
                            : program.getLong(pointerBytes);
            return Optional.of(inOrder(memory.read(at, count * INSTRUCTION_BYTES)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static ByteBuffer inOrder(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    OwnFilters found() {
        return filters;
    }
}
