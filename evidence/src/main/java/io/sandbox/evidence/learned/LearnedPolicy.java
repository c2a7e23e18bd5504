// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.policy.Allowlist;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The policy that observed calls give.
 *
 * @param allowlist the list for one architecture
 * @param inexpressible calls that no allowlist of this architecture can hold: calls of 32-bit and
 *     x32 programs, and negative numbers
 */
public record LearnedPolicy(Allowlist allowlist, List<ObservedCall> inexpressible) {
    public LearnedPolicy {
        inexpressible = List.copyOf(inexpressible);
    }

    /**
     * The architecture that a list of calls of several is for: this machine's if it is one of them,
     * otherwise the first that is known.
     */
    public static Arch archAmong(SortedSet<String> names) {
        SyscallDb db = SyscallDb.get();
        Arch own = db.nativeArch();
        return names.contains(own.name())
                ? own
                : names.stream()
                        .map(db::archByName)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse(own);
    }

    public static LearnedPolicy of(Collection<ObservedCall> calls, Arch arch) {
        return of(calls, arch, LearnedConditions.NONE);
    }

    /** With conditions on the arguments of calls that have any. */
    public static LearnedPolicy of(
            Collection<ObservedCall> calls, Arch arch, LearnedConditions conditions) {
        List<String> entries = new ArrayList<>();
        List<ObservedCall> inexpressible = new ArrayList<>();
        for (ObservedCall call : calls) {
            Optional<String> entry = call.listEntry(arch);
            if (entry.isPresent()) {
                addEntries(entries, entry.get(), conditions.of(call, arch));
            } else {
                inexpressible.add(call);
            }
        }
        return new LearnedPolicy(Allowlist.of(entries), inexpressible);
    }

    private static void addEntries(
            List<String> entries, String name, Collection<String> conditions) {
        if (conditions.isEmpty()) {
            entries.add(name);
        }
        for (String each : conditions) {
            entries.add(name + "(" + each + ")");
        }
    }

    /** For an architecture of which we have no table. */
    static LearnedPolicy inexpressible(Collection<ObservedCall> calls) {
        return new LearnedPolicy(Allowlist.of(List.of()), List.copyOf(calls));
    }
}
