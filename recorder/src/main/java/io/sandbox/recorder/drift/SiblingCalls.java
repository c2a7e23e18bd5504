// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.drift;

import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Calls that C libraries use in place of each other. */
final class SiblingCalls {
    private static final Map<String, List<String>> REVERSED = reversed();

    private SiblingCalls() {}

    private static Map<String, List<String>> reversed() {
        Map<String, List<String>> reversed = new HashMap<>();
        for (SyscallFacts facts : SyscallDb.get().allFacts()) {
            for (String sibling : facts.siblings()) {
                reversed.computeIfAbsent(sibling, name -> new ArrayList<>()).add(facts.name());
            }
        }
        return reversed;
    }

    /** The siblings of a call, in both directions, the closest first. */
    static List<SyscallFacts> of(SyscallFacts facts) {
        Set<String> names = new LinkedHashSet<>(facts.siblings());
        names.addAll(REVERSED.getOrDefault(facts.name(), List.of()));
        return names.stream().flatMap(name -> SyscallDb.get().facts(name).stream()).toList();
    }
}
