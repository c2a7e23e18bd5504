// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.bpf.BpfNumbers;
import java.util.List;
import java.util.Map;

/**
 * A call about whose arguments a filter asks instead of logging the call.
 *
 * @param unusual for each argument the bits of which one must be set; empty to ask always
 */
public record Question(int auditArch, int number, Map<Integer, Long> unusual) {
    private static final int IF_ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K

    /** The filter, but it asks about these calls where it would log them. */
    static byte[] insteadOfLog(byte[] filter, List<Question> questions) {
        CodeBuffer code = new CodeBuffer();
        code.addAll(filter);
        code.redirect(code.length(), BpfNumbers.LOG, code.length());
        code.add(BpfNumbers.LOAD, BpfNumbers.ARCH_OFFSET, 0, 0);
        questions.stream()
                .map(Question::auditArch)
                .distinct()
                .forEach(
                        arch -> {
                            int over = code.length();
                            code.add(BpfNumbers.IF_EQUAL, arch, 1, 0);
                            code.add(BpfNumbers.JUMP, 0, 0, 0);
                            code.add(BpfNumbers.LOAD, BpfNumbers.NR_OFFSET, 0, 0);
                            questions.stream()
                                    .filter(each -> each.auditArch == arch)
                                    .forEach(each -> each.add(code));
                            code.add(BpfNumbers.RETURN, BpfNumbers.LOG, 0, 0);
                            code.jump(over + 1, code.length());
                        });
        code.add(BpfNumbers.RETURN, BpfNumbers.LOG, 0, 0);
        return code.toBytes();
    }

    /** Behind the load of the number. */
    private void add(CodeBuffer code) {
        int other = code.length();
        code.add(BpfNumbers.IF_EQUAL, number, 0, 0);
        unusual.forEach(
                (argument, bits) -> {
                    addHalf(code, argument, bits.intValue(), false);
                    addHalf(code, argument, (int) (bits >>> Integer.SIZE), true);
                });
        code.add(
                BpfNumbers.RETURN,
                unusual.isEmpty() ? BpfNumbers.USER_NOTIF : BpfNumbers.LOG,
                0,
                0);
        code.setJumps(other, 0, code.length() - other - 1);
    }

    private static void addHalf(CodeBuffer code, int argument, int bits, boolean upper) {
        if (bits != 0) {
            EvidenceGuard.loadHalf(code, argument, upper);
            code.add(IF_ANY_BIT, bits, 0, 1);
            code.add(BpfNumbers.RETURN, BpfNumbers.USER_NOTIF, 0, 0);
        }
    }
}
