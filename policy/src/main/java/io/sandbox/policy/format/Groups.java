// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallGroup;
import java.util.List;
import java.util.Optional;

/** The groups of the formats that have groups. */
final class Groups {
    static final SyscallGroups SYSTEMD = Groups::callsOfSystemd;
    static final SyscallGroups FIREJAIL = new FirejailGroups();

    private Groups() {}

    private static Optional<List<String>> callsOfSystemd(String name) {
        return SyscallDb.get().groups().stream()
                .filter(group -> group.name().equals(name))
                .map(SyscallGroup::calls)
                .findFirst();
    }
}
