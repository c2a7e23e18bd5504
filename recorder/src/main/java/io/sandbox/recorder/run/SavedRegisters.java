// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.KernelCallListener;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The registers with which an x86_64 thread goes on when a signal's handler returns. The kernel
 * wrote them onto the stack before the handler ran. A call that waited at that time has changed
 * only ax, cx and r11.
 */
final class SavedRegisters {
    static final int RAX = 0;
    static final int RCX = 1;
    static final int RDX = 2;
    static final int RSP = 4;
    static final int RSI = 6;
    static final int R11 = 11;

    // At rt_sigreturn the stack pointer is at the struct ucontext (asm/ucontext.h) in struct
    // rt_sigframe of x86_64. It holds a struct sigcontext (asm/sigcontext.h).
    private static final int CONTEXT = 192;
    private static final int[] OFFSETS = {
        144, 152, 136, 128, 160, 120, 112, 104, 40, 48, 56, 64, 72, 80, 88, 96
    };
    private static final int IP = 168;
    private static final int CS = 184;
    private static final short USER_CS = 0x33;

    /** The registers of a call's six arguments, by their numbers in instructions. */
    private static final int[] ARGUMENTS = {7, RSI, RDX, 10, 8, 9};

    private static final long EINTR = -4;

    private final ByteBuffer context =
            ByteBuffer.allocateDirect(CONTEXT).order(ByteOrder.LITTLE_ENDIAN);

    /**
     * @param thread waits at its call rt_sigreturn
     * @return false if its stack cannot be read
     */
    boolean readOfReturningHandler(int thread) {
        return KernelCallListener.readStack(thread, context);
    }

    /** Sets the value of a register, as the kernel would have saved it. */
    void set(int register, long value) {
        context.putLong(OFFSETS[register], value);
    }

    /** Sets where the thread goes on, in 64-bit code. */
    void setInstruction(long address) {
        context.putLong(IP, address);
        context.putShort(CS, USER_CS);
    }

    /** Whether ax holds EINTR, as it does after an interrupted call. */
    boolean sayInterrupted() {
        return get(RAX) == EINTR;
    }

    /** Whether the thread goes on in 64-bit code. */
    boolean areOfLongMode() {
        return context.getShort(CS) == USER_CS;
    }

    /** {@code register}: 0 to 15, as instructions number them. */
    long get(int register) {
        return context.getLong(OFFSETS[register]);
    }

    long instruction() {
        return context.getLong(IP);
    }

    /** {@code index}: 0 to 5. */
    long argument(int index) {
        return get(ARGUMENTS[index]);
    }
}
