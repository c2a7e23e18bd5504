// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.syscall;

import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.syscalldb.SyscallGroup;
import java.util.Optional;

/**
 * Which calls to list: those that meet all the conditions.
 *
 * @param since calls that came with this kernel or a later one
 * @param group calls of this group
 * @param risk calls of a class or level of {@link Risk}, by its word
 */
record SyscallFilter(
        Optional<KernelVersion> since, Optional<SyscallGroup> group, Optional<String> risk) {
    boolean asksNothing() {
        return since.isEmpty() && group.isEmpty() && risk.isEmpty();
    }

    boolean accepts(SyscallFacts facts) {
        return (since.isEmpty() || facts.firstKernel().compareTo(since.get()) >= 0)
                && (group.isEmpty() || group.get().calls().contains(facts.name()))
                && (risk.isEmpty()
                        || risk.get().equals(facts.risk().word())
                        || risk.get().equals(facts.risk().level().word()));
    }
}
