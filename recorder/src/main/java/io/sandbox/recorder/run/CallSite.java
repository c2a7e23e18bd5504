// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.process.ProcessMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    private static final int MOVE_LENGTH = 3;

    /** How much code is looked at, the instruction included. */
    private static final int CODE = 64;

    private static final int FUNCTION_ALIGNMENT = 16;
    private static final int MAX_STEPS = 8;

    private static final String SYSCALL = "0f05";

    /** int $0x80: its numbers are those of i386. */
    private static final String INTERRUPT = "cd80";

    /**
     * {@code __syscall_cancel_arch} of glibc 2.41 (written in assembly), which gets the number as
     * its second argument, and overwrites that register with another argument.
     */
    private static final String CANCELLABLE =
            "4889f04889d74889ce4c89c24d89ca4c8b4424084c8b4c24104c895c2408" + SYSCALL;

    // The forms are in hex, and each ends where the code ends that was not read yet. The operands
    // are named in the order of the AT&T syntax. 4. is a prefix (REX), which belongs to what
    // follows.

    /** mov disp8(%rsp), %rax. */
    private static final Pattern FROM_STACK = Pattern.compile("488b4424(..)$");

    /** mov $number, %rax. */
    private static final Pattern CONSTANT = Pattern.compile("48c7c0(.{8})$");

    /** mov $number, %eax, if the instruction begins there. */
    private static final Pattern SHORT_CONSTANT = Pattern.compile("b8(.{8})$");

    /** xor %eax, %eax. */
    private static final Pattern ZERO = Pattern.compile("(?<!4.)31c0$");

    /** mov %register, %eax or %rax. */
    private static final Pattern FROM_REGISTER = Pattern.compile("(4.)?89([c-f][08])$");

    /** What sets a register that the low bits of the last group name: mov and xor. */
    private static final List<Pattern> SET_LOW =
            List.of(
                    Pattern.compile("(41)(b[8-f]).{8}$"),
                    Pattern.compile("(?<!4.)()(b[9-f]).{8}$"),
                    Pattern.compile("(4.)?(?:89|31)([c-f].)$"));

    /** The middle bits name it: movslq %register, and mov and lea disp8(%rsp). */
    private static final List<Pattern> SET_MIDDLE =
            List.of(
                    Pattern.compile("(4.)63([c-f].)$"),
                    Pattern.compile("(4[8c])8[bd]([4-7][4c])24..$"));

    /** Before an instruction: endbr64 or another call. */
    private static final Pattern END = Pattern.compile("(?:f30f1efa|0f05)$");

    /** What can be before a function: another's end, or what fills the space between. */
    private static final Pattern BEFORE_FUNCTION =
            Pattern.compile("(?:c3|cc|90|0f1f(?:00|4000|440000|8000000000|840000000000))$");

    /** mov disp8(%rsp), %rsi; 64-bit moves to neither %rsi nor %rsp; the call. */
    private static final Pattern CALLER =
            Pattern.compile("488b7424(..)((?:4[8ace]89[c-f][^46ce]|4[9bdf]89[c-f].){0,9})e8.{8}$");

    private final SavedRegisters registers;
    private final ProcessMemory memory;
    private final String code;
    private final long codeStart;

    /** The registers that the code after the read position sets, as instructions number them. */
    private final Set<Integer> overwritten = new HashSet<>();

    private final Set<Long> behindNumber = new TreeSet<>();

    private CallSite(SavedRegisters registers, ProcessMemory memory) throws IOException {
        this.registers = registers;
        this.memory = memory;
        codeStart = registers.instruction() - CODE;
        code = HexFormat.of().formatHex(memory.read(codeStart, CODE));
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
        return !registers.areOfLongMode() || code.endsWith(SYSCALL) || code.endsWith(INTERRUPT);
    }

    /** The number of the call; empty if the code does not tell. */
    OptionalInt number() throws IOException {
        if (!registers.areOfLongMode() || !code.endsWith(SYSCALL)) {
            return OptionalInt.empty();
        }
        int end = CODE - SYSCALL_LENGTH;
        overwritten.add(SavedRegisters.RAX);
        overwritten.add(SavedRegisters.RCX);
        overwritten.add(SavedRegisters.R11);
        behindNumber.add(codeStart + end);
        if (code.endsWith(CANCELLABLE)) {
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

    /** The form at the end of the code before this place; its groups are what it says. */
    private Matcher before(int end, Pattern form) {
        return form.matcher(code).region(0, 2 * end);
    }

    private OptionalInt numberSetBefore(int end) throws IOException {
        Matcher stack = before(end, FROM_STACK);
        if (stack.find()) {
            return numberAt(registers.get(SavedRegisters.RSP) + displacement(stack));
        }
        Matcher constant = before(end, CONSTANT);
        Matcher shortConstant = before(end, SHORT_CONSTANT);
        if (constant.find()) {
            return constant(constant);
        }
        if (shortConstant.find() && isBoundary(end - CALL_LENGTH)) {
            return constant(shortConstant);
        }
        if (before(end, ZERO).find()) {
            return OptionalInt.of(0);
        }
        Matcher move = before(end, FROM_REGISTER);
        if (!move.find()) {
            return OptionalInt.empty();
        }
        int from = number(move, 2) >> 3 & 7 | (number(move, 1) & 4) << 1;
        boolean known = from != SavedRegisters.RSP && !overwritten.contains(from);
        return known && (number(move, 1) & 1) == 0
                ? OptionalInt.of((int) registers.get(from))
                : OptionalInt.empty();
    }

    private static OptionalInt constant(Matcher found) {
        return OptionalInt.of(Integer.reverseBytes(Integer.parseUnsignedInt(found.group(1), 16)));
    }

    private static byte displacement(Matcher found) {
        return (byte) number(found, 1);
    }

    /** The byte in a group; 0 if the group is empty or missing. */
    private static int number(Matcher found, int group) {
        String hex = found.group(group);
        return hex == null || hex.isEmpty() ? 0 : Integer.parseInt(hex, 16);
    }

    private OptionalInt numberAt(long address) throws IOException {
        byte[] value = memory.read(address, Integer.BYTES);
        return OptionalInt.of(ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }

    private OptionalInt numberFromCaller() throws IOException {
        long stack = registers.get(SavedRegisters.RSP);
        byte[] slot = memory.read(stack, Long.BYTES);
        long returns = ByteBuffer.wrap(slot).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String text = HexFormat.of().formatHex(memory.read(returns - CODE, CODE));
        Matcher caller = CALLER.matcher(text);
        if (!caller.find()) {
            return OptionalInt.empty();
        }
        for (int moves = caller.group(2).length() / 2; moves >= 0; moves -= MOVE_LENGTH) {
            behindNumber.add(returns - CALL_LENGTH - moves);
        }
        return numberAt(stack + Long.BYTES + displacement(caller));
    }

    /** Whether an instruction begins here, judged by the bytes before. */
    private boolean isBoundary(int index) {
        return before(index, END).find()
                || lengthOfHarmless(index) > 0
                || (codeStart + index) % FUNCTION_ALIGNMENT == 0
                        && before(index, BEFORE_FUNCTION).find();
    }

    /**
     * The length of the instruction that ends here, if it is of a known form and loads a register
     * other than ax and sp; otherwise 0. Notes the register.
     */
    private int lengthOfHarmless(int end) {
        if (end < FUNCTION_ALIGNMENT) {
            return 0;
        }
        for (Pattern form : SET_LOW) {
            Matcher found = before(end, form);
            if (found.find()) {
                return harmless(found, number(found, 2) & 7 | (number(found, 1) & 1) << 3);
            }
        }
        for (Pattern form : SET_MIDDLE) {
            Matcher found = before(end, form);
            if (found.find()) {
                return harmless(found, number(found, 2) >> 3 & 7 | (number(found, 1) & 4) << 1);
            }
        }
        return 0;
    }

    private int harmless(Matcher found, int sets) {
        if (sets == SavedRegisters.RAX || sets == SavedRegisters.RSP) {
            return 0;
        }
        overwritten.add(sets);
        return (found.end() - found.start()) / 2;
    }
}
