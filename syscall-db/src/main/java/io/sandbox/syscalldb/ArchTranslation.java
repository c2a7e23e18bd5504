// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Proposes what a list of calls that was learned on one arch should hold on another. Only a run on
 * the other arch can show what programs really call. A call that the other arch lacks is replaced
 * by its siblings, or if it lacks those, by their siblings. A call that both have stays, and
 * siblings that only the other arch has are added: a run on x86_64 cannot show that programs for
 * i386 call mmap2 in place of mmap.
 */
public final class ArchTranslation {
    private final SyscallDb db;
    private final SyscallTable from;
    private final SyscallTable to;

    /** Both arches must be from {@code db}. */
    public ArchTranslation(SyscallDb db, Arch from, Arch to) {
        this.db = db;
        this.from = db.table(from);
        this.to = db.table(to);
    }

    /**
     * The translation of one call.
     *
     * @param call its canonical name on the first arch
     * @param kept whether the other arch has the call, with code for it
     * @param added siblings that the list also needs on the other arch, the closest first; if the
     *     call is not kept and this is empty, nothing replaces it
     */
    public record Step(String call, boolean kept, List<String> added) {
        public Step {
            added = List.copyOf(added);
        }
    }

    /**
     * The translation of a call, given by its name or alias on the first arch.
     *
     * @throws IllegalArgumentException if the first arch has no such call
     */
    public Step step(String name) {
        Syscall call =
                from.byName(name)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                from.arch() + " has no call " + name));
        SyscallFacts facts = db.facts(call.name()).orElseThrow();
        boolean kept = has(to, call.name());
        return new Step(call.name(), kept, kept ? newSiblings(facts) : nearestSiblings(facts));
    }

    /** Siblings that exist only on the other arch. */
    private List<String> newSiblings(SyscallFacts facts) {
        List<String> found = new ArrayList<>();
        for (String sibling : facts.siblings()) {
            if (!has(from, sibling) && has(to, sibling)) {
                found.add(sibling);
            }
        }
        return found;
    }

    /** Siblings that exist on the other arch; if there are none, the siblings of the siblings. */
    private List<String> nearestSiblings(SyscallFacts facts) {
        Set<String> seen = new LinkedHashSet<>(List.of(facts.name()));
        List<String> level = facts.siblings();
        while (!level.isEmpty()) {
            List<String> found = level.stream().filter(name -> has(to, name)).toList();
            if (!found.isEmpty()) {
                return found;
            }
            seen.addAll(level);
            level =
                    level.stream()
                            .flatMap(name -> db.facts(name).orElseThrow().siblings().stream())
                            .filter(name -> !seen.contains(name))
                            .distinct()
                            .toList();
        }
        return List.of();
    }

    /** Whether the arch has it: a number may have no code, as set_thread_area on x86_64. */
    private boolean has(SyscallTable table, String name) {
        SyscallFacts facts = db.facts(name).orElseThrow();
        return facts.implemented()
                && !facts.noCodeOn().contains(table.arch().name())
                && table.byCanonicalName(name).isPresent();
    }

    /**
     * Whether a filter sees an argument of a call that is kept at the same position on both arches,
     * so that a condition on it may be kept. The positions in siblings are unknown.
     */
    public boolean isInPlace(String call, int argument) {
        return from.arch() == to.arch()
                || db.isInPlace(call, argument, from.arch())
                        && db.isInPlace(call, argument, to.arch());
    }
}
