// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.List;

/**
 * A group of calls of systemd, as {@code systemd-analyze syscall-filter} prints it.
 *
 * @param name the name with its @, such as {@code @file-system}
 * @param about systemd's description, one line
 * @param members calls and names of other groups, sorted; never empty
 * @param calls the calls of the group and of all groups in it; sorted, unique. Some exist only on
 *     arches without a table here.
 */
public record SyscallGroup(String name, String about, List<String> members, List<String> calls) {
    public SyscallGroup {
        members = List.copyOf(members);
        calls = List.copyOf(calls);
    }
}
