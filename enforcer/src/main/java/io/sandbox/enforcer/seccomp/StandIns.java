// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.Action;
import io.sandbox.policy.bpf.BpfNumbers;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Values for libseccomp in place of those that it does not take: the kernel takes errno values up
 * to 4095, libseccomp only up to 4094, and it refuses to ask a listener by default. libseccomp gets
 * values that no rule uses, and we replace them in the program that it makes.
 */
final class StandIns {
    private static final int[] REFUSED = {
        BpfNumbers.ERRNO | Action.Errno.MAX, BpfNumbers.USER_NOTIF
    };

    private final int[] values = new int[REFUSED.length];

    private StandIns() {}

    static StandIns notAmong(RuleSet rules) {
        Set<Integer> used = new HashSet<>();
        used.add(rules.otherwise());
        for (Map<?, Integer> alternatives : rules.byNumber().values()) {
            used.addAll(alternatives.values());
        }
        StandIns standIns = new StandIns();
        int value = REFUSED[0] - 1;
        for (int i = 0; i < REFUSED.length; i++) {
            while (used.contains(value)) {
                value--; // this ends, since there are more values than rules
            }
            standIns.values[i] = value--;
        }
        return standIns;
    }

    /** The value to give libseccomp for this return value. */
    int hide(int returned) {
        return replaced(returned, REFUSED, values);
    }

    /** Restores the return values from this index on. */
    void restore(CodeBuffer code, int start) {
        for (int i = start; i < code.length(); i++) {
            if (code.opcode(i) == BpfNumbers.RETURN) {
                code.setK(i, replaced(code.k(i), values, REFUSED));
            }
        }
    }

    private static int replaced(int value, int[] from, int[] to) {
        for (int i = 0; i < from.length; i++) {
            if (value == from[i]) {
                return to[i];
            }
        }
        return value;
    }
}
