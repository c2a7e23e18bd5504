// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The architectures for whose calls the rules count, by the names of our tables if these have them.
 * The machine's own is always among them. Calls of all others are foreign.
 *
 * @param also the architectures besides the machine's own, the same on every machine
 * @param byMachine used instead of {@code also} if they depend on the machine: its architecture,
 *     with those besides it. Empty if {@code also} is not
 */
public record Coverage(List<String> also, Map<String, List<String>> byMachine) {
    /** The machine's own architecture. */
    public static final Coverage NATIVE = new Coverage(List.of(), Map.of());

    public Coverage {
        also = List.copyOf(also);
        Map<String, List<String>> copy = new TreeMap<>();
        for (Map.Entry<String, List<String>> machine : byMachine.entrySet()) {
            copy.put(machine.getKey(), List.copyOf(machine.getValue()));
        }
        byMachine = Collections.unmodifiableMap(copy);
        if (!also.isEmpty() && !byMachine.isEmpty()) {
            throw new IllegalArgumentException("architectures both ways");
        }
    }

    /** The covered architectures besides the machine's own, in order, each once. */
    public List<String> foreignOn(String machine) {
        Set<String> others = new LinkedHashSet<>(also);
        others.addAll(byMachine.getOrDefault(machine, List.of()));
        others.remove(machine);
        return new ArrayList<>(others);
    }

    /** All covered architectures, the machine's own at the end. */
    public List<String> archesOn(String machine) {
        List<String> arches = foreignOn(machine);
        arches.add(machine);
        return arches;
    }

    public boolean includes(String arch, String machine) {
        return archesOn(machine).contains(arch);
    }
}
