// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.enforcer.policy.Action;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The kernel takes errno values up to 4095, libseccomp one less. In its place libseccomp gets a
 * value that the rules do not use, which is put right in the program that it makes.
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
            value--; // ends: a filter has fewer rules than there are values
        }
        return new ErrnoStandIn(value);
    }

    /** What to tell libseccomp for this return value. */
    int hide(int returned) {
        return returned == TOO_LARGE ? value : returned;
    }

    /** Puts the returns right from this index on. */
    void restore(CodeBuffer code, int start) {
        for (int i = start; i < code.length(); i++) {
            if (code.opcode(i) == BpfNumbers.RETURN && code.k(i) == value) {
                code.setK(i, TOO_LARGE);
            }
        }
    }
}
