// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.enforcer.bpf.BpfNumbers;
import io.sandbox.enforcer.policy.Action;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The kernel takes errno values up to 4095, libseccomp only up to 4094. For 4095 libseccomp gets a
 * value that no rule uses, and we replace it in the program that libseccomp makes.
 */
final class ErrnoStandIn {
    private static final int TOO_LARGE = BpfNumbers.ERRNO | Action.Errno.MAX;

    private final int value;

    private ErrnoStandIn(int value) {
        this.value = value;
    }

    static ErrnoStandIn notAmong(RuleSet rules) {
        Set<Integer> used = new HashSet<>();
        used.add(rules.otherwise());
        for (Map<?, Integer> alternatives : rules.byNumber().values()) {
            used.addAll(alternatives.values());
        }
        int value = TOO_LARGE - 1;
        while (used.contains(value)) {
            value--; // this ends, since there are more values than rules
        }
        return new ErrnoStandIn(value);
    }

    /** The value to give libseccomp for this return value. */
    int hide(int returned) {
        return returned == TOO_LARGE ? value : returned;
    }

    /** Restores the return values from this index on. */
    void restore(CodeBuffer code, int start) {
        for (int i = start; i < code.length(); i++) {
            if (code.opcode(i) == BpfNumbers.RETURN && code.k(i) == value) {
                code.setK(i, TOO_LARGE);
            }
        }
    }
}
