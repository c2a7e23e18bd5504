// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.List;
import java.util.Objects;

/**
 * A set of calls of systemd, as {@code systemd-analyze syscall-filter} prints it.
 *
 * @param name with its @, such as {@code @file-system}
 * @param about systemd's one line about it
 * @param members calls and names of other groups, sorted; never empty
 * @param calls the calls of the group and of all groups among its members; sorted, unique. Some are
 *     of arches that have no table here.
 */
public record SyscallGroup(String name, String about, List<String> members, List<String> calls) {
    public SyscallGroup {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(about, "about");
        members = List.copyOf(members);
        calls = List.copyOf(calls);
    }
}
