// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.policy.Allowlist;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Entries for calls that no run has shown. A call that can do very different things gets only what
 * C libraries and runtimes use it for: {@code clone} for a thread, but not for a new namespace.
 */
public final class CautiousEntries {
    private static final String NAME_OF_THREAD = "prctl(arg0&0xffffffff==15)"; // PR_SET_NAME
    private static final String NAME_OF_MEMORY = "prctl(arg0&0xffffffff==1398164801)"; // PR_SET_VMA

    private static final Map<String, List<String>> ENTRIES =
            Map.of(
                    LearnedPolicy.CLONE,
                    List.of(LearnedPolicy.PLAIN_CLONE),
                    LearnedPolicy.CLONE3,
                    List.of(LearnedPolicy.CLONE3_FAILS),
                    "unshare",
                    List.of("unshare(arg0&0x7e020080==0)"),
                    "prctl",
                    List.of(NAME_OF_THREAD, NAME_OF_MEMORY),
                    "chmod",
                    List.of("chmod(arg1&0xc00==0)"),
                    "fchmodat",
                    List.of("fchmodat(arg2&0xc00==0)"),
                    "fchmodat2",
                    List.of("fchmodat2(arg2&0xc00==0)"),
                    "mmap",
                    List.of("mmap(arg2&0x4==0)"),
                    "mmap2",
                    List.of("mmap2(arg2&0x4==0)"),
                    "mprotect",
                    List.of("mprotect(arg2&0x4==0)"));

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
        Optional<ObservedCall> known =
                SyscallDb.get()
                        .table(arch)
                        .byName(call)
                        .map(found -> ObservedCall.of(arch.auditArch(), found.number()));
        boolean watched =
                detail.limit() > 0
                        && known.filter(found -> !WatchedArgument.of(found, false).isEmpty())
                                .isPresent();
        return watched ? ENTRIES.getOrDefault(call, List.of(call)) : List.of(call);
    }

    /**
     * The calls of a list that need no cautious entries besides: those without conditions, and
     * those for which there are none.
     */
    public static List<String> settled(Allowlist list) {
        return list.entries().stream()
                .map(entry -> entry.split("[(=]", 2))
                .filter(parts -> parts.length == 1 || !ENTRIES.containsKey(parts[0]))
                .map(parts -> parts[0])
                .distinct()
                .toList();
    }
}
