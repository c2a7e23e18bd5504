// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Arrays;
import java.util.Optional;

/**
 * A filter as text: one instruction on each line, and a label before each target of a jump. A
 * number is shown as the name of an architecture or call where it certainly stands for one. All
 * instructions are the same as in scmp_bpf_disasm, a tool in the source of libseccomp 2.6.0. That
 * was seen with the filters of the default profile of containers and of our sample policies.
 */
public final class Disassembly {
    private static final int UNREACHED = -2;

    private static final int ANYTHING = -1;

    private final FilterCode code;
    private final boolean[] isTarget;

    /** For each instruction the offset of the word that A holds, or UNREACHED or ANYTHING. */
    private final int[] loaded;

    /** For each instruction the call's AUDIT_ARCH value; 0 if paths to it differ in this. */
    private final Integer[] arches;

    private final StringBuilder text = new StringBuilder();

    private Disassembly(FilterCode code) {
        this.code = code;
        isTarget = new boolean[code.length()];
        loaded = new int[code.length()];
        arches = new Integer[code.length()];
    }

    public static String of(FilterCode code) {
        Disassembly disassembly = new Disassembly(code);
        disassembly.follow();
        for (int i = 0; i < code.length(); i++) {
            disassembly.append(i);
        }
        return disassembly.text.toString();
    }

    private void follow() {
        Arrays.fill(loaded, UNREACHED);
        reach(0, ANYTHING, 0);
        for (int i = 0; i < code.length(); i++) {
            if (loaded[i] == UNREACHED) {
                continue;
            }
            Comparison comparison = code.comparison(i);
            if (comparison != null) {
                boolean learnsArch =
                        comparison == Comparison.EQUAL
                                && loaded[i] == BpfNumbers.ARCH_OFFSET
                                && !code.usesX(i);
                jump(i, code.target(i, true), learnsArch ? code.k(i) : arches[i]);
                jump(i, code.target(i, false), arches[i]);
            } else if (code.isJump(i)) {
                isTarget[(int) code.jumpTarget(i)] = true;
                reach((int) code.jumpTarget(i), loaded[i], arches[i]);
            } else if (!code.isReturn(i)) {
                reach(i + 1, after(i), arches[i]);
            }
        }
    }

    /** A target gets a label only if the jump skips instructions. */
    private void jump(int from, int to, int arch) {
        isTarget[to] |= to != from + 1 || code.target(from, true) == code.target(from, false);
        reach(to, loaded[from], arch);
    }

    private void reach(int at, int a, int arch) {
        if (loaded[at] == UNREACHED) {
            loaded[at] = a;
            arches[at] = arch;
        } else {
            loaded[at] = loaded[at] == a ? a : ANYTHING;
            arches[at] = arches[at] == arch ? arch : 0;
        }
    }

    private int after(int at) {
        return switch (code.opcode(at)) {
            case BpfNumbers.LOAD -> code.k(at);
            case BpfNumbers.STORE, BpfNumbers.STORE_X, BpfNumbers.A_TO_X -> loaded[at];
            default -> ANYTHING;
        };
    }

    private void append(int at) {
        if (isTarget[at]) {
            text.append(label(at)).append(":\n");
        }
        text.append(String.format("  %4d  ", at)).append(instruction(at)).append('\n');
    }

    private static String label(int at) {
        return "L" + at;
    }

    private String instruction(int at) {
        int k = code.k(at);
        Comparison comparison = code.comparison(at);
        if (comparison != null) {
            return conditional(at, comparison);
        }
        return switch (code.opcode(at)) {
            case BpfNumbers.LOAD -> "A = " + word(k);
            case BpfNumbers.LOAD_LENGTH -> "A = " + BpfNumbers.DATA_BYTES;
            case BpfNumbers.LOAD_X_LENGTH -> "X = " + BpfNumbers.DATA_BYTES;
            case BpfNumbers.LOAD_CONSTANT -> "A = " + hex(k);
            case BpfNumbers.LOAD_X_CONSTANT -> "X = " + hex(k);
            case BpfNumbers.LOAD_MEMORY -> "A = M[" + k + "]";
            case BpfNumbers.LOAD_X_MEMORY -> "X = M[" + k + "]";
            case BpfNumbers.STORE -> "M[" + k + "] = A";
            case BpfNumbers.STORE_X -> "M[" + k + "] = X";
            case BpfNumbers.A_TO_X -> "X = A";
            case BpfNumbers.X_TO_A -> "A = X";
            case BpfNumbers.NEGATE -> "A = -A";
            case BpfNumbers.JUMP -> "goto " + label((int) code.jumpTarget(at));
            case BpfNumbers.RETURN -> "return " + Verdict.of(k);
            case BpfNumbers.RETURN_A -> "return A";
            default -> "A = A " + code.arithmetic(at).symbol() + ' ' + operand(at);
        };
    }

    private String conditional(int at, Comparison comparison) {
        int then = code.target(at, true);
        int otherwise = code.target(at, false);
        boolean whenItHolds = then != at + 1 || otherwise == at + 1;
        String text = "if A " + comparison.symbol(whenItHolds) + ' ' + operand(at) + " goto ";
        if (!whenItHolds) {
            return text + label(otherwise);
        }
        return text + label(then) + (otherwise == at + 1 ? "" : " else " + label(otherwise));
    }

    private String operand(int at) {
        if (code.usesX(at)) {
            return "X";
        }
        int k = code.k(at);
        Optional<String> name = Optional.empty();
        if (code.comparison(at) == Comparison.EQUAL && loaded[at] == BpfNumbers.ARCH_OFFSET) {
            name = SyscallDb.get().archByAuditValue(k).map(Arch::name);
        } else if (code.comparison(at) == Comparison.EQUAL
                && loaded[at] == BpfNumbers.NR_OFFSET
                && arches[at] != 0) {
            name = callName(arches[at], k);
        }
        return name.orElse(hex(k));
    }

    private static Optional<String> callName(int auditArch, int number) {
        SyscallDb db = SyscallDb.get();
        Optional<Arch> arch =
                number >= 0x4000_0000
                        ? db.archByName("x32").filter(x32 -> x32.auditArch() == auditArch)
                        : db.archByAuditValue(auditArch);
        return arch.flatMap(known -> db.table(known).byNumber(number)).map(Syscall::name);
    }

    private String word(int offset) {
        return switch (offset) {
            case BpfNumbers.NR_OFFSET -> "number";
            case BpfNumbers.ARCH_OFFSET -> "arch";
            default -> {
                boolean isLower = offset % Long.BYTES == 0 == code.isLittleEndian();
                String half = isLower ? "" : " >> 32";
                yield offset < BpfNumbers.ARGUMENTS_OFFSET
                        ? "address" + half
                        : "arg" + (offset - BpfNumbers.ARGUMENTS_OFFSET) / Long.BYTES + half;
            }
        };
    }

    private static String hex(int value) {
        return value >= 0 && value < 10
                ? Integer.toString(value)
                : "0x" + Integer.toHexString(value);
    }
}
