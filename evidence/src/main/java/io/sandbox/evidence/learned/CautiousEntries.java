// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.policy.Allowlist;
import io.sandbox.syscalldb.Arch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Entries for calls that no run has shown. A call that can do very different things gets only what
 * C libraries and runtimes use it for: {@code clone} for a thread, but not for a new namespace.
 */
public final class CautiousEntries {
    private static final String NAME_OF_THREAD = "prctl(arg0&0xffffffff==15)"; // PR_SET_NAME
    private static final String NAME_OF_MEMORY = "prctl(arg0&0xffffffff==1398164801)"; // PR_SET_VMA

    /** Calls that do nothing of what is watched if none of the watched bits is set. */
    private static final Set<String> WITHOUT_BITS =
            Set.of(
                    LearnedPolicy.CLONE,
                    "unshare",
                    "chmod",
                    "fchmodat",
                    "fchmodat2",
                    "mmap",
                    "mmap2",
                    "mprotect");

    private static final Map<String, List<String>> OTHERS =
            Map.of(
                    LearnedPolicy.CLONE3,
                    List.of(LearnedPolicy.CLONE3_FAILS),
                    "prctl",
                    List.of(NAME_OF_THREAD, NAME_OF_MEMORY));

    private CautiousEntries() {}

    /**
     * The entries that a list lacks, with the reason for each.
     *
     * @param calls by name, with the reason for each
     * @param detail of the list; without arguments, the entries have no conditions
     */
    public static Map<String, String> missing(
            Map<String, String> calls, Allowlist list, Arch arch, ArgumentDetail detail) {
        Map<String, String> entries = new TreeMap<>();
        calls.forEach(
                (call, reason) -> {
                    if (!list.entries().contains(call)) {
                        of(call, arch, detail).forEach(entry -> entries.put(entry, reason));
                    }
                });
        entries.keySet().removeAll(list.entries());
        return entries;
    }

    private static List<String> of(String call, Arch arch, ArgumentDetail detail) {
        List<WatchedArgument> watched =
                detail.limit() == 0 ? List.of() : WatchedArgument.of(arch, call, false);
        if (watched.isEmpty()) {
            return List.of(call);
        }
        return WITHOUT_BITS.contains(call)
                ? List.of(call + "(" + watched.get(0).condition(0) + ")")
                : OTHERS.getOrDefault(call, List.of(call));
    }

    private static boolean isCautious(String call) {
        return WITHOUT_BITS.contains(call) || OTHERS.containsKey(call);
    }

    /**
     * The calls of a list that need no cautious entries besides: those without conditions, and
     * those for which there are none.
     */
    public static List<String> settled(Allowlist list) {
        return list.entries().stream()
                .filter(
                        entry ->
                                entry.equals(Allowlist.callOf(entry))
                                        || !isCautious(Allowlist.callOf(entry)))
                .map(Allowlist::callOf)
                .distinct()
                .toList();
    }
}
