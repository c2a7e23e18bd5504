// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.syscalldb.SyscallTable;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * Code in front of a filter that logs. It asks (SECCOMP_RET_USER_NOTIF) about the few calls by
 * which a program could prevent the logging of others. Such a call loads another filter, whose
 * verdict may have precedence over "log" (seccomp(2)), or lets a tracer take the calls that such a
 * filter hands to it (PTRACE_O_TRACESECCOMP). All other calls go on to the logging filter.
 *
 * <p>It also asks about the one call that the loader, not the program itself, makes in the program
 * under the filter. The loader answers this question itself.
 *
 * <p>Each architecture has a block of instructions, whose jumps all go forward. Behind the blocks
 * comes {@code ja END; ASK: ret USER_NOTIF; END:}.
 */
final class EvidenceGuard {
    private static final int IF_ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K

    private static final int PR_SET_SECCOMP = 22; // linux/prctl.h
    private static final int MODE_STRICT = 1; // linux/seccomp.h
    private static final int SET_MODE_FILTER = 1;
    private static final int NEW_LISTENER = 1 << 3;
    private static final int PTRACE_SETOPTIONS = 0x4200; // linux/ptrace.h
    private static final int PTRACE_SEIZE = 0x4206;
    private static final int PTRACE_OLDSETOPTIONS = 21; // asm/ptrace-abi.h, i386 and x86_64
    private static final int PTRACE_O_TRACESECCOMP = 1 << 7;

    /** The second argument of the loader's close; preload/src/load_mark.h has it too. */
    static final int CLOSE_MARK = 0x5b0c_0de5;

    /** Instructions for one arch, before a filter that kills and before one that logs. */
    private static final int CLOSE_BLOCK = 10;

    private static final int BLOCK = CLOSE_BLOCK + 12;

    /** The number of instructions for one architecture in {@link #killingStrictMode}. */
    private static final int STRICT_BLOCK = 16;

    /** The number of instructions for one architecture in {@link #askingOfListeners}. */
    private static final int LISTENER_BLOCK = 13;

    /**
     * The numbers of one architecture. They are constants because loading the table would cost each
     * start some milliseconds. A test compares them with the tables.
     *
     * @param x32Ptrace the number of ptrace for x32 without bit 30; on other architectures the
     *     number of ptrace
     */
    record Numbers(
            String arch,
            int auditArch,
            int close,
            int seccomp,
            int prctl,
            int ptrace,
            int x32Ptrace) {}

    private static final Numbers X86_64 = new Numbers("x86_64", 0xc000_003e, 3, 317, 157, 101, 521);
    private static final Numbers I386 = new Numbers("i386", 0x4000_0003, 6, 354, 172, 26, 26);
    private static final Numbers AARCH64 =
            new Numbers("aarch64", 0xc000_00b7, 57, 277, 167, 117, 117);
    private static final Numbers ARM = new Numbers("arm", 0x4000_0028, 6, 383, 172, 26, 26);

    /** For each machine, the architectures whose calls its kernel takes. */
    static final Map<String, List<Numbers>> MACHINES =
            Map.of("x86_64", List.of(X86_64, I386), "aarch64", List.of(AARCH64, ARM));

    /**
     * The filter with the guard in front.
     *
     * @param logs whether the filter logs; a program cannot hide calls from a filter that kills
     */
    static byte[] before(byte[] filter, String machine, boolean logs) {
        CodeBuffer code = new CodeBuffer();
        List<Numbers> arches = MACHINES.getOrDefault(machine, List.of());
        int block = logs ? BLOCK : CLOSE_BLOCK;
        int ask = arches.size() * block + 1;
        for (Numbers numbers : arches) {
            addClose(code, numbers, ask, block);
            if (logs) {
                addLoads(code, numbers, ask, code.length() + BLOCK - CLOSE_BLOCK);
            }
            code.add(BpfNumbers.JUMP, ask - code.length(), 0, 0);
        }
        code.add(BpfNumbers.JUMP, 1, 0, 0);
        code.add(BpfNumbers.RETURN, BpfNumbers.USER_NOTIF, 0, 0);
        code.addAll(filter);
        return code.toBytes();
    }

    /**
     * A filter that allows everything but strict mode. Beside any filter, the kernel refuses strict
     * mode to a program, which might go on without it. This filter kills such a program.
     */
    static byte[] killingStrictMode(String machine) {
        CodeBuffer code = new CodeBuffer();
        List<Numbers> arches = MACHINES.getOrDefault(machine, List.of());
        int kill = arches.size() * STRICT_BLOCK + 1;
        arches.forEach(numbers -> addStrictMode(code, numbers, kill));
        code.add(BpfNumbers.RETURN, BpfNumbers.ALLOW, 0, 0);
        code.add(BpfNumbers.RETURN, BpfNumbers.KILL_PROCESS, 0, 0);
        return code.toBytes();
    }

    /**
     * A filter that asks about a filter with a listener, if it would let that call pass. Beside our
     * listener, the kernel refuses another one to a program, which might go on without it.
     */
    static byte[] askingOfListeners(byte[] filter, String machine) {
        CodeBuffer code = new CodeBuffer();
        code.addAll(filter);
        int end = code.length();
        List<Numbers> arches = MACHINES.getOrDefault(machine, List.of());
        for (int verdict : new int[] {BpfNumbers.ALLOW, BpfNumbers.LOG}) {
            int ask = code.length() + arches.size() * LISTENER_BLOCK + 1;
            code.redirect(end, verdict, code.length());
            for (Numbers numbers : arches) {
                int over = code.length() + LISTENER_BLOCK;
                loadNumber(code, numbers, over);
                branch(code, BpfNumbers.IF_EQUAL, numbers.seccomp(), code.length() + 1, over);
                loadArgument(code, 0);
                branch(code, BpfNumbers.IF_EQUAL, SET_MODE_FILTER, code.length() + 1, over);
                loadArgument(code, 1);
                branch(code, IF_ANY_BIT, NEW_LISTENER, code.length() + 1, over);
                // Programs pass a null address to find out what the kernel can do.
                loadArgument(code, 2);
                branch(code, BpfNumbers.IF_EQUAL, 0, code.length() + 1, ask);
                loadHalf(code, 2, true);
                branch(code, BpfNumbers.IF_EQUAL, 0, over, ask);
            }
            code.add(BpfNumbers.RETURN, verdict, 0, 0);
            code.add(BpfNumbers.RETURN, BpfNumbers.USER_NOTIF, 0, 0);
        }
        return code.toBytes();
    }

    /** Loads the number of a call of that arch; others go to the instruction {@code over}. */
    private static void loadNumber(CodeBuffer code, Numbers numbers, int over) {
        code.add(BpfNumbers.LOAD, BpfNumbers.ARCH_OFFSET, 0, 0);
        branch(code, BpfNumbers.IF_EQUAL, numbers.auditArch(), code.length() + 1, over);
        code.add(BpfNumbers.LOAD, BpfNumbers.NR_OFFSET, 0, 0);
        // Without the bit of x32, the numbers here are those of x86_64.
        code.add(BpfNumbers.AND, ~SyscallTable.X32_BIT, 0, 0);
    }

    private static void addStrictMode(CodeBuffer code, Numbers numbers, int kill) {
        int over = code.length() + STRICT_BLOCK;
        loadNumber(code, numbers, over);
        int seccomp = code.length() + 6;
        branch(code, BpfNumbers.IF_EQUAL, numbers.seccomp(), seccomp, code.length() + 1);
        branch(code, BpfNumbers.IF_EQUAL, numbers.prctl(), code.length() + 1, over);
        loadArgument(code, 0);
        branch(code, BpfNumbers.IF_EQUAL, PR_SET_SECCOMP, code.length() + 1, over);
        loadArgument(code, 1);
        branch(code, BpfNumbers.IF_EQUAL, MODE_STRICT, kill, over);
        // Its operation for strict mode is 0, and so must be the flags and the address.
        for (int argument = 0; argument < 3; argument++) {
            loadArgument(code, argument);
            boolean last = argument == 2;
            branch(code, BpfNumbers.IF_EQUAL, 0, last ? kill : code.length() + 1, over);
        }
    }

    /**
     * Asks about the loader's call: it makes the program close the listener when the filter is
     * already in force.
     *
     * @param ask the index of the instruction that asks
     */
    private static void addClose(CodeBuffer code, Numbers numbers, int ask, int block) {
        loadNumber(code, numbers, code.length() + block);
        code.add(BpfNumbers.IF_EQUAL, numbers.close(), 0, 3);
        loadArgument(code, 1);
        branch(code, BpfNumbers.IF_EQUAL, CLOSE_MARK, ask, code.length() + 1);
        code.add(BpfNumbers.LOAD, BpfNumbers.NR_OFFSET, 0, 0);
        code.add(BpfNumbers.AND, ~SyscallTable.X32_BIT, 0, 0);
    }

    /**
     * Asks about calls that load a filter or trace. The call's number must be loaded.
     *
     * @param over the index of the instruction that leads to the filter
     */
    private static void addLoads(CodeBuffer code, Numbers numbers, int ask, int over) {
        int prctl = code.length() + 4;
        int ptrace = prctl + 2;
        int options = ptrace + 4;
        branch(code, BpfNumbers.IF_EQUAL, numbers.seccomp(), ask, code.length() + 1);
        branch(code, BpfNumbers.IF_EQUAL, numbers.prctl(), prctl, code.length() + 1);
        branch(code, BpfNumbers.IF_EQUAL, numbers.ptrace(), ptrace, code.length() + 1);
        branch(code, BpfNumbers.IF_EQUAL, numbers.x32Ptrace(), ptrace, over);
        loadArgument(code, 0);
        branch(code, BpfNumbers.IF_EQUAL, PR_SET_SECCOMP, ask, over);
        loadArgument(code, 0);
        branch(code, BpfNumbers.IF_EQUAL, PTRACE_SETOPTIONS, options, code.length() + 1);
        branch(code, BpfNumbers.IF_EQUAL, PTRACE_SEIZE, options, code.length() + 1);
        branch(code, BpfNumbers.IF_EQUAL, PTRACE_OLDSETOPTIONS, options, over);
        loadArgument(code, 3);
        branch(code, IF_ANY_BIT, PTRACE_O_TRACESECCOMP, ask, over);
    }

    private static void branch(CodeBuffer code, int opcode, int k, int ifTrue, int ifFalse) {
        int next = code.length() + 1;
        code.add(opcode, k, ifTrue - next, ifFalse - next);
    }

    /** Loads the lower half, the only part that the kernel uses of most of these arguments. */
    private static void loadArgument(CodeBuffer code, int index) {
        loadHalf(code, index, false);
    }

    static void loadHalf(CodeBuffer code, int index, boolean upper) {
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        int offset = BpfNumbers.ARGUMENTS_OFFSET + index * Long.BYTES;
        code.add(BpfNumbers.LOAD, upper == little ? offset + Integer.BYTES : offset, 0, 0);
    }
}
