// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.List;
import java.util.stream.Stream;

/** Calls that C libraries use in place of each other. */
final class SiblingCalls {
    private SiblingCalls() {}

    /** The siblings of a call, in both directions, the closest first. */
    static List<SyscallFacts> of(SyscallFacts facts) {
        Stream<String> others =
                SyscallDb.get().allFacts().stream()
                        .filter(other -> other.siblings().contains(facts.name()))
                        .map(SyscallFacts::name);
        return Stream.concat(facts.siblings().stream(), others)
                .distinct()
                .flatMap(name -> SyscallDb.get().facts(name).stream())
                .toList();
    }
}
