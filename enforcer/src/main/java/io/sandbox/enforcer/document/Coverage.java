// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The architectures whose calls the rules are about, by the names of our tables where these have
 * them. That of the machine is always among them; calls of all others are foreign.
 *
 * <p>Like all that a document consists of, it is made at each start of an enforced program, in a
 * cold JVM: no lambdas where there is nothing to do.
 *
 * @param also those besides the machine's own
 * @param byMachine instead, those that depend on the machine's own. Empty if {@code also} is not
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

    /** Those besides the machine's own, in order, each once. */
    public List<String> foreignOn(String machine) {
        Set<String> others = new LinkedHashSet<>(also);
        others.addAll(byMachine.getOrDefault(machine, List.of()));
        others.remove(machine);
        return new ArrayList<>(others);
    }

    /** All of them, the machine's own at the end. */
    public List<String> archesOn(String machine) {
        List<String> arches = foreignOn(machine);
        arches.add(machine);
        return arches;
    }

    public boolean includes(String arch, String machine) {
        return archesOn(machine).contains(arch);
    }
}
