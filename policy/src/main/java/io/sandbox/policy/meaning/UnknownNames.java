// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
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
            String name = rule.call().toString();
            if (seen.add(name) && isUnknown(rule)) {
                losses.add(new Loss(name, "is no system call of any architecture"));
            }
        }
        return losses;
    }

    /**
     * Refuses such a name in a format whose tools ignore it, if its author wanted to refuse the
     * call, which is otherwise allowed: then the policy would allow more than it says.
     *
     * @throws PolicyFormatException for the first such name
     */
    public static void refuseUseless(PolicyDocument document) {
        if (!document.ignoresMissing() || !document.otherwise().passes()) {
            return;
        }
        for (Rule rule : document.rules()) {
            if (isUnknown(rule) && rule.action() != Action.ALLOW) {
                throw PolicyFormatException.at(
                        Math.max(rule.note().line(), 1),
                        rule.call()
                                + ": is no system call of any architecture, so that nothing"
                                + " would be refused");
            }
        }
    }

    private static boolean isUnknown(Rule rule) {
        return rule.call() instanceof CallRef.Named named
                && !rule.note().reason().startsWith("@")
                && !isKnown(named.name());
    }

    private static boolean isKnown(String name) {
        SyscallDb db = SyscallDb.get();
        // A start has read its own table already, and mostly needs no other one.
        return db.table(db.nativeArch()).byName(name).isPresent()
                || db.firstKernels().containsKey(name)
                || db.arches().stream().anyMatch(arch -> db.table(arch).byName(name).isPresent());
    }
}
