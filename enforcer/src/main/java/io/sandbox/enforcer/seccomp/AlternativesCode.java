// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.Condition;
import io.sandbox.policy.bpf.BpfNumbers;
import java.util.List;
import java.util.Map;

/**
 * Our own code for rules that libseccomp gets wrong. It comes in front of libseccomp's program.
 *
 * <p>libseccomp merges the conditional rules of a system call into one tree and gets it wrong: with
 * {@code read(arg2<0xfffffffe):read(arg2>=0x8000000000000000)} version 2.6 allows arg2 =
 * 0xffffffff, and on some lists it never ends. For a 32-bit arch it drops the upper half of values,
 * and for a foreign arch it cannot take numbers without a name. libsandbox.so writes all of its
 * filter itself (library/program.c), but only for the native arch.
 *
 * <pre> ld arch; jeq ARCH, 1, 0; ja END; ld nr jeq NR, 1, 0; ja NEXT; RULE...; ret OTHERWISE for
 * each system call
 * </pre>
 *
 * RULE is a test for each condition, followed by {@code ret VALUE}. Each test jumps to the next
 * test or to the next rule. All jumps go forward, and only {@code ja} jumps further than a rule.
 * The verdict on all other system calls depends only on arch and nr, so the kernel can keep it in
 * its bitmap.
 */
final class AlternativesCode {
    // Stand for targets that are unknown while a rule is written. A test has at most 6 instructions
    // (ld, jgt, jeq, ld, jgt, or twice ld, and, jeq), so a rule of Rule.MAX_CONDITIONS has at most
    // 193, fewer than these values.
    private static final int NEXT_INSTRUCTION = 0;
    private static final int NEXT_TEST = 0xfe;
    private static final int NEXT_RULE = 0xff;

    private static final int UNKNOWN = 0;

    private final CodeBuffer code;
    private final int arch;
    private final boolean littleEndian;
    private final int otherwise;
    private int overAll = -1; // the index of "ja END", negative before there is one

    /**
     * Writes nothing until a rule is added.
     *
     * @param arch AUDIT_ARCH value
     * @param littleEndian whether its machines have the lower half of a number first
     * @param otherwise what the filter returns for a call that none of its rules matches
     */
    AlternativesCode(CodeBuffer code, int arch, boolean littleEndian, int otherwise) {
        this.code = code;
        this.arch = arch;
        this.littleEndian = littleEndian;
        this.otherwise = otherwise;
    }

    /** Adds all rules of one call, of which the first that matches decides. Once for each. */
    void add(int number, Map<List<Condition>, Integer> rules) {
        if (overAll < 0) {
            begin();
        }
        code.add(BpfNumbers.IF_EQUAL, number, 1, 0);
        int over = code.length();
        code.add(BpfNumbers.JUMP, UNKNOWN, 0, 0);
        rules.forEach(this::addRule);
        code.add(BpfNumbers.RETURN, otherwise, 0, 0);
        code.setK(over, code.length() - over - 1);
    }

    /** Ends the code for this architecture. Code that is added to the buffer later runs for all. */
    void end() {
        if (overAll >= 0) {
            code.setK(overAll, code.length() - overAll - 1);
        }
    }

    private void begin() {
        code.add(BpfNumbers.LOAD, BpfNumbers.ARCH_OFFSET, 0, 0);
        code.add(BpfNumbers.IF_EQUAL, arch, 1, 0);
        overAll = code.length();
        code.add(BpfNumbers.JUMP, UNKNOWN, 0, 0);
        code.add(BpfNumbers.LOAD, BpfNumbers.NR_OFFSET, 0, 0);
    }

    private void addRule(List<Condition> conditions, int returned) {
        int[] ends = new int[conditions.size()];
        int start = code.length();
        for (int i = 0; i < ends.length; i++) {
            addTest(conditions.get(i));
            ends[i] = code.length();
        }
        code.add(BpfNumbers.RETURN, returned, 0, 0);
        int test = start;
        for (int end : ends) {
            for (; test < end; test++) {
                if (code.opcode(test) != BpfNumbers.LOAD && code.opcode(test) != BpfNumbers.AND) {
                    code.setJumps(
                            test,
                            distance(code.ifTrue(test), test, end),
                            distance(code.ifFalse(test), test, end));
                }
            }
        }
    }

    /** The distance of a jump. The rule must be complete: the next begins at the end. */
    private int distance(int target, int from, int nextTest) {
        return switch (target) {
            case NEXT_TEST -> nextTest - from - 1;
            case NEXT_RULE -> code.length() - from - 1;
            default -> target;
        };
    }

    private void addTest(Condition condition) {
        int start = BpfNumbers.ARGUMENTS_OFFSET + Long.BYTES * condition.argument();
        int low = littleEndian ? start : start + Integer.BYTES;
        int high = littleEndian ? start + Integer.BYTES : start;
        long value = condition.value();
        switch (condition.operator()) {
            case EQ, MASKED_EQ -> {
                addMasked(high, high32(condition.mask()), high32(value));
                addMasked(low, (int) condition.mask(), (int) value);
            }
            case NE -> {
                code.add(BpfNumbers.LOAD, high, 0, 0);
                code.add(BpfNumbers.IF_EQUAL, high32(value), NEXT_INSTRUCTION, NEXT_TEST);
                code.add(BpfNumbers.LOAD, low, 0, 0);
                code.add(BpfNumbers.IF_EQUAL, (int) value, NEXT_RULE, NEXT_TEST);
            }
            case GT -> addOrdered(low, high, value, BpfNumbers.IF_GREATER, NEXT_TEST, NEXT_RULE);
            case GE -> addOrdered(low, high, value, BpfNumbers.IF_AT_LEAST, NEXT_TEST, NEXT_RULE);
            case LE -> addOrdered(low, high, value, BpfNumbers.IF_GREATER, NEXT_RULE, NEXT_TEST);
            case LT -> addOrdered(low, high, value, BpfNumbers.IF_AT_LEAST, NEXT_RULE, NEXT_TEST);
        }
    }

    private void addMasked(int offset, int mask, int value) {
        if (mask == 0) {
            return;
        }
        code.add(BpfNumbers.LOAD, offset, 0, 0);
        if (mask != -1) {
            code.add(BpfNumbers.AND, mask, 0, 0);
        }
        code.add(BpfNumbers.IF_EQUAL, value, NEXT_INSTRUCTION, NEXT_RULE);
    }

    /** Compares the high halves, and the low halves only if the high ones are equal. */
    private void addOrdered(
            int low, int high, long value, int lowCompare, int whenGreater, int whenLess) {
        code.add(BpfNumbers.LOAD, high, 0, 0);
        code.add(BpfNumbers.IF_GREATER, high32(value), whenGreater, NEXT_INSTRUCTION);
        code.add(BpfNumbers.IF_EQUAL, high32(value), NEXT_INSTRUCTION, whenLess);
        code.add(BpfNumbers.LOAD, low, 0, 0);
        code.add(lowCompare, (int) value, whenGreater, whenLess);
    }

    private static int high32(long value) {
        return (int) (value >>> 32);
    }
}
