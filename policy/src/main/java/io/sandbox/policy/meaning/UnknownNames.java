// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Names in a policy that no architecture has: mostly they are misspelt. Not those in groups of the
 * consumer, whose author knows more: systemd's @file-system has {@code fstatat}.
 */
public final class UnknownNames {
    private UnknownNames() {}

    /** One loss for each such name, in the order of the rules. */
    public static List<Loss> in(PolicyDocument document) {
        List<Loss> losses = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Rule rule : document.rules()) {
            if (rule.call() instanceof CallRef.Named named
                    && !rule.note().reason().startsWith("@")
                    && seen.add(named.name())
                    && !isKnown(named.name())) {
                losses.add(new Loss(named.name(), "is no system call of any architecture"));
            }
        }
        return losses;
    }

    private static boolean isKnown(String name) {
        SyscallDb db = SyscallDb.get();
        if (db.table(db.nativeArch()).byName(name).isPresent() || db.facts(name).isPresent()) {
            return true;
        }
        for (Arch arch : db.arches()) {
            if (db.table(arch).byName(name).isPresent()) {
                return true;
            }
        }
        return false;
    }
}
