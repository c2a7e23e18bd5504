// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.learned.CautiousEntries;
import io.sandbox.evidence.learned.ChanceCalls;
import io.sandbox.policy.Allowlist;
import io.sandbox.syscalldb.Arch;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which calls a list gets that no run showed, because the runtime of a program may make them.
 *
 * @param always whether each list gets them
 * @param ifSeen whether the list of a program gets them that is seen to have threads, and each list
 *     what the runtime needs that is seen, such as Python
 * @param ofRuntimes whether each list gets also what the C library needs, with or without threads
 * @param ofAny whether it gets what any program may need: some requests of ioctl, so only a list
 *     that can say which
 * @param portable whether each list gets also what other systems need, such as those with other
 *     versions of the C library and of its programs
 */
record ChanceAdditions(
        boolean always,
        boolean ifSeen,
        boolean ofRuntimes,
        boolean ofAny,
        boolean portable,
        ArgumentDetail arguments) {
    /** What the list of a recording gets: entries, with the reason for each. */
    Map<String, String> to(Allowlist list, Recording recording, Arch arch) {
        return to(
                list,
                arch,
                ChanceCalls.files(recording, any -> true),
                always || ifSeen && !ChanceCalls.programsWithThreads(recording).isEmpty());
    }

    /** What the list of one of its executables gets. */
    Map<String, String> to(Allowlist list, Recording recording, Arch arch, String executable) {
        return to(
                list,
                arch,
                ChanceCalls.files(recording, executable::equals),
                always
                        || ifSeen
                                && ChanceCalls.programsWithThreads(recording).contains(executable));
    }

    private Map<String, String> to(Allowlist list, Arch arch, Set<String> seen, boolean wanted) {
        Set<String> files = new TreeSet<>(wanted || ifSeen || ofRuntimes ? seen : Set.of());
        if (!wanted && !ofRuntimes) {
            // As a path, or as glibc 2.41. Each program has one, also a short list.
            files.removeIf(file -> file.matches("(.*/)?g?libc[. ].*"));
        }
        if (ofAny) {
            files.add("any");
        }
        if (portable) {
            files.addAll(ChanceCalls.elsewhere(seen));
        }
        if (files.isEmpty() && !wanted) {
            return Map.of(); // most lists: the facts about runtimes need not be read
        }
        Map<String, String> entries = new TreeMap<>();
        Set<String> calls =
                list.entries().stream()
                        .flatMap(entry -> Stream.of(entry, Allowlist.callOf(entry)))
                        .collect(Collectors.toSet());
        ChanceCalls.ofRuntimes(files, calls, arch, arguments)
                .forEach(
                        (entry, reason) -> {
                            if (!list.entries().contains(Allowlist.callOf(entry))) {
                                entries.put(entry, reason);
                            }
                        });
        entries.keySet().removeAll(list.entries());
        if (wanted) {
            Map<String, String> byChance =
                    ChanceCalls.additions(CautiousEntries.settled(list, arch), arch);
            entries.putAll(CautiousEntries.missing(byChance, list, arch, arguments));
        }
        return entries;
    }
}
