// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.policy.Allowlist;
import io.sandbox.syscalldb.Arch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Entries for calls that no run has shown. A call that can do very different things gets only what
 * C libraries and runtimes use it for: {@code clone} for a thread, but not for a new namespace.
 */
public final class CautiousEntries {
    private static final String NAME_OF_THREAD = "prctl(arg0&0xffffffff==15)"; // PR_SET_NAME
    private static final String NAME_OF_MEMORY = "prctl(arg0&0xffffffff==1398164801)"; // PR_SET_VMA

    /** The requests of ioctl in whose place file_getattr and file_setattr are made elsewhere. */
    private static final List<String> FILE_ATTRIBUTES =
            List.of(
                    "ioctl(arg1&0xffffffff==2149341215)", // FS_IOC_FSGETXATTR
                    "ioctl(arg1&0xffffffff==1075599392)"); // FS_IOC_FSSETXATTR

    private static final Map<String, List<String>> OTHERS =
            Map.of(
                    LearnedPolicy.CLONE3,
                    List.of(LearnedPolicy.CLONE3_FAILS),
                    "ioctl",
                    FILE_ATTRIBUTES,
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

    /** The entries for a call; none if it is better left out. */
    static List<String> of(String call, Arch arch, ArgumentDetail detail) {
        if (detail.limit() == 0) {
            return List.of(call);
        }
        if (LearnedConditions.IN_MEMORY.contains(call)) {
            return List.of(); // would undo all conditions of its parts
        }
        List<WatchedArgument> watched = WatchedArgument.of(arch, call, ArgumentDetail.CLASSES);
        return watched.isEmpty() ? List.of(call) : of(call, watched);
    }

    /** None of the flags that are watched, or what is known of the call; nothing if neither is. */
    private static List<String> of(String call, List<WatchedArgument> watched) {
        boolean flags =
                !watched.isEmpty()
                        && watched.stream().allMatch(argument -> argument.choiceMask() == 0);
        String none =
                watched.stream()
                        .map(argument -> argument.condition(0))
                        .collect(Collectors.joining(",", call + "(", ")"));
        return OTHERS.getOrDefault(call, flags ? List.of(none) : List.of());
    }

    /** Calls without need of cautious entries: free of conditions, or with none known. */
    public static List<String> settled(Allowlist list, Arch arch) {
        return list.entries().stream()
                .filter(
                        entry -> {
                            String call = Allowlist.callOf(entry);
                            return entry.equals(call)
                                    || of(
                                                    call,
                                                    WatchedArgument.of(
                                                            arch, call, ArgumentDetail.CLASSES))
                                            .isEmpty();
                        })
                .map(Allowlist::callOf)
                .distinct()
                .toList();
    }
}
