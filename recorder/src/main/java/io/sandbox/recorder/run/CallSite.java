// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the number of an x86_64 call that has failed. The kernel has written the result over the
 * number, so it is taken from the code before the instruction. That code is read backwards, over
 * the few forms of instructions that compilers put there, to the instruction that sets the number:
 * to a constant, from a register that still has it, or from the stack.
 *
 * <p>This proves the number only if no jump leads past that instruction. {@link DirectJumps} has to
 * exclude jumps to the addresses in {@link #behindNumber}.
 */
final class CallSite {
    private static final int SYSCALL_LENGTH = 2;
    private static final int CALL_LENGTH = 5;

    // Opcodes. The operands are named in the order of the AT&T syntax.
    private static final int CALL = 0xe8;
    private static final int LEA = 0x8d;
    private static final int MOV_MEMORY_REGISTER = 0x8b;
    private static final int MOV_REGISTER_REGISTER = 0x89;
    private static final int MOV_CONSTANT_RAX = 0xc7;
    private static final int MOVSLQ = 0x63;
    private static final int XOR = 0x31;

    /** mov $constant, %eax; the opcodes for the other registers follow. */
    private static final int MOV_CONSTANT_EAX = 0xb8;

    private static final int MOV_CONSTANT_EDI = 0xbf;

    /** The prefix of an instruction on 64 bits. */
    private static final int REX_W = 0x48;

    /** The prefix of an instruction on r8 to r15. */
    private static final int REX_B = 0x41;

    // Operands (ModRM and SIB).
    private static final int BOTH_EAX = 0xc0;
    private static final int REGISTERS = 0xc0;
    private static final int EAX_OF_STACK = 0x44;
    private static final int STACK = 0x24;

    /** How much code is looked at, the instruction included. */
    private static final int CODE = 64;

    private static final int FUNCTION_ALIGNMENT = 16;
    private static final int MAX_STEPS = 8;

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] SYSCALL_CODE = HEX.parseHex("0f05");

    /** int $0x80: its numbers are those of i386. */
    private static final byte[] INTERRUPT_CODE = HEX.parseHex("cd80");

    /**
     * {@code __syscall_cancel_arch} of glibc 2.41 (written in assembly), which gets the number as
     * its second argument, and overwrites that register with another argument.
     */
    private static final byte[] CANCELLABLE =
            HEX.parseHex(
                    "4889f0"
                            + "4889d7"
                            + "4889ce"
                            + "4c89c2"
                            + "4d89ca"
                            + "4c8b442408"
                            + "4c8b4c2410"
                            + "4c895c2408");

    /** What can be before a function: another's end, or what fills the space between. */
    private static final byte[][] BEFORE_FUNCTION = {
        HEX.parseHex("c3"),
        HEX.parseHex("cc"),
        HEX.parseHex("90"),
        HEX.parseHex("0f1f00"),
        HEX.parseHex("0f1f4000"),
        HEX.parseHex("0f1f440000"),
        HEX.parseHex("0f1f8000000000"),
        HEX.parseHex("0f1f840000000000"),
    };

    /** mov disp8(%rsp), %rsi, without the last byte. */
    private static final byte[] MOV_STACK_RSI = HEX.parseHex("488b7424");

    private static final byte[] ENDBR64 = HEX.parseHex("f30f1efa");

    private final SavedRegisters registers;
    private final ProcessMemory memory;
    private final byte[] code;
    private final long codeStart;

    /** The registers that the code after the read position sets, as instructions number them. */
    private final Set<Integer> overwritten = new HashSet<>();

    private final Set<Long> behindNumber = new TreeSet<>();

    private CallSite(SavedRegisters registers, ProcessMemory memory) throws IOException {
        this.registers = registers;
        this.memory = memory;
        codeStart = registers.instruction() - CODE;
        code = memory.read(codeStart, CODE);
    }

    /**
     * @param registers of the thread; its instruction pointer is after the call
     * @throws IOException when the code cannot be read
     */
    static CallSite of(SavedRegisters registers, ProcessMemory memory) throws IOException {
        return new CallSite(registers, memory);
    }

    /** Whether the instruction makes a call; if not, the value in ax is not a result. */
    boolean isCall() {
        return !registers.areOfLongMode()
                || endsWith(CODE, SYSCALL_CODE)
                || endsWith(CODE, INTERRUPT_CODE);
    }

    /** The number of the call; empty if the code does not tell. */
    OptionalInt number() throws IOException {
        int end = CODE - SYSCALL_LENGTH;
        if (!registers.areOfLongMode() || !endsWith(CODE, SYSCALL_CODE)) {
            return OptionalInt.empty();
        }
        overwritten.add(SavedRegisters.RAX);
        overwritten.add(SavedRegisters.RCX);
        overwritten.add(SavedRegisters.R11);
        behindNumber.add(codeStart + end);
        if (endsWith(end, CANCELLABLE)) {
            return numberFromCaller();
        }
        for (int step = 0; step < MAX_STEPS; step++) {
            OptionalInt number = numberSetBefore(end);
            if (number.isPresent()) {
                return number;
            }
            int length = lengthOfHarmless(end);
            if (length == 0) {
                return OptionalInt.empty();
            }
            end -= length;
            behindNumber.add(codeStart + end);
        }
        return OptionalInt.empty();
    }

    /** The addresses to which no jump may lead. */
    Set<Long> behindNumber() {
        return behindNumber;
    }

    private boolean endsWith(int end, byte[] expected) {
        return end >= expected.length
                && Arrays.equals(code, end - expected.length, end, expected, 0, expected.length);
    }

    private int at(int index) {
        return code[index] & 0xff;
    }

    private int intAt(int index) {
        return ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).getInt(index);
    }

    private OptionalInt numberSetBefore(int end) throws IOException {
        // mov disp8(%rsp), %rax
        if (at(end - 5) == REX_W
                && at(end - 4) == MOV_MEMORY_REGISTER
                && at(end - 3) == EAX_OF_STACK
                && at(end - 2) == STACK) {
            return numberAt(registers.get(SavedRegisters.RSP) + code[end - 1]);
        }
        // mov $number, %eax; mov $number, %rax
        if (at(end - 7) == REX_W && at(end - 6) == MOV_CONSTANT_RAX && at(end - 5) == BOTH_EAX) {
            return OptionalInt.of(intAt(end - 4));
        }
        if (at(end - 5) == MOV_CONSTANT_EAX && isBoundary(end - 5)) {
            return OptionalInt.of(intAt(end - 4));
        }
        // xor %eax, %eax
        if (at(end - 2) == XOR && at(end - 1) == BOTH_EAX && !isRex(end - 3)) {
            return OptionalInt.of(0);
        }
        return numberMovedBefore(end);
    }

    /** mov %register, %eax or %rax. */
    private OptionalInt numberMovedBefore(int end) {
        int operands = at(end - 1);
        if (at(end - 2) != MOV_REGISTER_REGISTER || (operands & 0xc7) != BOTH_EAX) {
            return OptionalInt.empty();
        }
        int rex = isRex(end - 3) ? at(end - 3) : 0;
        int from = operands >> 3 & 7 | (rex & 4) << 1;
        if ((rex & 1) != 0 || from == SavedRegisters.RSP || overwritten.contains(from)) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) registers.get(from));
    }

    private OptionalInt numberAt(long address) throws IOException {
        byte[] value = memory.read(address, Integer.BYTES);
        return OptionalInt.of(ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }

    /** Looks for {@code mov disp8(%rsp), %rsi}, moves of other registers, and the call. */
    private OptionalInt numberFromCaller() throws IOException {
        long stack = registers.get(SavedRegisters.RSP);
        byte[] slot = memory.read(stack, Long.BYTES);
        long returns = ByteBuffer.wrap(slot).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] caller = memory.read(returns - CODE, CODE);
        int end = CODE - CALL_LENGTH;
        if ((caller[end] & 0xff) != CALL) {
            return OptionalInt.empty();
        }
        behindNumber.add(returns - CALL_LENGTH);
        while (end > CODE / 2 && isMoveOfOther(caller, end)) {
            end -= 3;
            behindNumber.add(returns - CODE + end);
        }
        if (!Arrays.equals(caller, end - 5, end - 1, MOV_STACK_RSI, 0, MOV_STACK_RSI.length)) {
            return OptionalInt.empty();
        }
        return numberAt(stack + Long.BYTES + caller[end - 1]);
    }

    /** Whether it is a 64-bit mov %register, %register to neither %rsi nor %rsp. */
    private static boolean isMoveOfOther(byte[] code, int end) {
        int operands = code[end - 1] & 0xff;
        int rex = code[end - 3] & 0xff;
        int to = operands & 7 | (rex & 1) << 3;
        return (rex & 0xf8) == REX_W
                && (code[end - 2] & 0xff) == MOV_REGISTER_REGISTER
                && operands >= REGISTERS
                && to != SavedRegisters.RSI
                && to != SavedRegisters.RSP;
    }

    private boolean isRex(int index) {
        return (at(index) & 0xf0) == 0x40;
    }

    /** Whether an instruction begins here, judged by the bytes before. */
    private boolean isBoundary(int index) {
        if (endsWith(index, ENDBR64)
                || endsWith(index, SYSCALL_CODE)
                || lengthOfHarmless(index) > 0) {
            return true;
        }
        return (codeStart + index) % FUNCTION_ALIGNMENT == 0
                && Arrays.stream(BEFORE_FUNCTION).anyMatch(before -> endsWith(index, before));
    }

    /**
     * The length of the instruction that ends here, if it is of a known form and loads a register
     * other than ax and sp; otherwise 0. Notes the register.
     */
    private int lengthOfHarmless(int end) {
        if (end < FUNCTION_ALIGNMENT) {
            return 0;
        }
        // mov $constant, %register
        int constantTo = at(end - 5);
        boolean extended = at(end - 6) == REX_B;
        if (constantTo > MOV_CONSTANT_EAX && constantTo <= MOV_CONSTANT_EDI
                || constantTo == MOV_CONSTANT_EAX && extended) {
            if (extended || !isRex(end - 6)) {
                return harmless(constantTo & 7 | (extended ? 8 : 0), extended ? 6 : 5);
            }
        }
        int operands = at(end - 1);
        int opcode = at(end - 2);
        int rex = isRex(end - 3) ? at(end - 3) : 0;
        int length = rex == 0 ? 2 : 3;
        // mov and xor of %register, %register
        if (operands >= REGISTERS && (opcode == MOV_REGISTER_REGISTER || opcode == XOR)) {
            return harmless(operands & 7 | (rex & 1) << 3, length);
        }
        // movslq %register, %register
        if (operands >= REGISTERS && opcode == MOVSLQ && rex != 0) {
            return harmless(operands >> 3 & 7 | (rex & 4) << 1, length);
        }
        // mov and lea of disp8(%rsp), %register
        int rexOfStack = at(end - 5);
        if ((rexOfStack & 0xfb) == REX_W
                && (at(end - 4) == MOV_MEMORY_REGISTER || at(end - 4) == LEA)
                && (at(end - 3) & 0xc7) == EAX_OF_STACK
                && at(end - 2) == STACK) {
            return harmless(at(end - 3) >> 3 & 7 | (rexOfStack & 4) << 1, 5);
        }
        return 0;
    }

    private int harmless(int sets, int length) {
        if (sets == SavedRegisters.RAX || sets == SavedRegisters.RSP) {
            return 0;
        }
        overwritten.add(sets);
        return length;
    }
}
