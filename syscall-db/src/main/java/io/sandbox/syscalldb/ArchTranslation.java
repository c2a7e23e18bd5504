// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a list of calls that was learned on one arch should hold on another: a proposal, for only a
 * run over there shows what programs do. A call that is absent gives way to its siblings, and if
 * those are absent to theirs. One that is there stays, and siblings that the first arch lacks come
 * with it: a run on x86_64 cannot show that programs for i386 call mmap2 where those for x86_64
 * call mmap.
 */
public final class ArchTranslation {
    private final SyscallDb db;
    private final SyscallTable from;
    private final SyscallTable to;

    /** Both arches are of {@code db}. */
    public ArchTranslation(SyscallDb db, Arch from, Arch to) {
        this.db = db;
        this.from = db.table(from);
        this.to = db.table(to);
    }

    /**
     * What becomes of one call.
     *
     * @param call its canonical name on the arch that it was learned on
     * @param kept whether the other arch has the call, and code for it
     * @param added siblings that the list needs over there too, best first; if the call is not kept
     *     and there are none, nothing stands in for it
     * @param sameArguments whether a filter sees the call's arguments in the same places on both
     *     arches, so that conditions on them may be kept. False if the call is not kept; nothing is
     *     known of the places in the siblings.
     */
    public record Step(String call, boolean kept, List<String> added, boolean sameArguments) {
        public Step {
            added = List.copyOf(added);
        }
    }

    /**
     * The step for a call by its name or alias on the first arch.
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
        List<String> added = kept ? newSiblings(facts) : nearestSiblings(facts);
        return new Step(call.name(), kept, added, kept && sameArguments(facts));
    }

    /** Siblings that exist on the other arch, and not on the first. */
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

    /**
     * Whether programs for an arch can make the call: not if there is no code behind the number,
     * which x86_64 has for set_thread_area.
     */
    private boolean has(SyscallTable table, String name) {
        SyscallFacts facts = db.facts(name).orElseThrow();
        return facts.implemented()
                && !facts.noCodeOn().contains(table.arch().name())
                && table.byCanonicalName(name).isPresent();
    }

    private boolean sameArguments(SyscallFacts facts) {
        List<String> odd = facts.argumentsDifferOn();
        return from.arch() == to.arch()
                || !odd.contains(from.arch().name()) && !odd.contains(to.arch().name());
    }
}
