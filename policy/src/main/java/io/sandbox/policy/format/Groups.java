// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallGroup;
import io.sandbox.text.Shipped;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The calls of {@code @groups}, with those of nested ones; none for an unknown group. */
final class Groups {
    static Optional<List<String>> ofSystemd(String name) {
        return SyscallDb.get().groups().stream()
                .filter(group -> group.name().equals(name))
                .map(SyscallGroup::calls)
                .findFirst();
    }

    /** They have the same names as systemd's groups, but other calls. */
    static Optional<List<String>> ofFirejail(String name) {
        if (!Firejail.LISTS.containsKey(name)) {
            return Optional.empty();
        }
        Set<String> calls = new LinkedHashSet<>();
        add(name, calls);
        return Optional.of(List.copyOf(calls));
    }

    private static void add(String name, Set<String> calls) {
        for (String member : Firejail.LISTS.get(name).split(",")) {
            if (member.startsWith("@")) {
                add(member, calls);
            } else {
                calls.add(member);
            }
        }
    }

    /** A separate class, so that the file is read only if it is used. */
    private static final class Firejail {
        private static final Map<String, String> LISTS = read();

        private static Map<String, String> read() {
            return Shipped.lines(Groups.class, "firejail-groups.txt")
                    .filter(line -> line.startsWith("@"))
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        }
    }
}
