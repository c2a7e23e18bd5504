// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.syscalldb.SyscallTable;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Further calls that a program may make elsewhere: with another kernel or C library, on a machine
 * with another clock, after a signal. No run on this machine can show them.
 */
public final class Portability {
    private final SyscallDb db = SyscallDb.get();
    private final SyscallTable table;
    private final String arch;
    private final Map<String, String> additions = new TreeMap<>();

    private Portability(Arch arch) {
        table = db.table(arch);
        this.arch = arch.name();
    }

    /**
     * The portability calls that a list lacks: by name, with the reason for each.
     *
     * @param names the entries of the list; numbers are ignored
     */
    public static Map<String, String> additions(Collection<String> names, Arch arch) {
        Portability portability = new Portability(arch);
        portability.addUnseen(Set.copyOf(names));
        Set<String> known = new TreeSet<>(names);
        portability.db.allFacts().forEach(facts -> portability.addSiblings(facts, known));
        portability.additions.keySet().removeAll(known);
        return portability.additions;
    }

    /** The calls that a list lacks because the vDSO may have answered them here, by name. */
    public static Set<String> answeredByVdso(Collection<String> names, Arch arch) {
        Portability portability = new Portability(arch);
        portability.addVdso();
        portability.additions.keySet().removeAll(names);
        return portability.additions.keySet();
    }

    private void addVdso() {
        for (SyscallFacts facts : db.allFacts()) {
            if (facts.vdsoArches().contains(arch)) {
                add(
                        facts.name(),
                        "answered without the kernel, by the vDSO, where the clock allows");
            }
        }
    }

    private void addUnseen(Set<String> names) {
        addVdso();
        add("restart_syscall", "made in the place of a call that waits, after an interruption");
        if (names.contains("rt_sigaction")) {
            add("rt_sigreturn", "the return from a signal handler");
        }
    }

    /** Adds the siblings of each listed call, and the calls that have a listed call as sibling. */
    private void addSiblings(SyscallFacts facts, Set<String> known) {
        for (String sibling : facts.siblings()) {
            if (known.contains(facts.name())) {
                add(sibling, "made in place of " + facts.name() + " elsewhere");
            } else if (known.contains(sibling)) {
                add(facts.name(), "made in place of " + sibling + " elsewhere");
            }
        }
    }

    private void add(String name, String reason) {
        boolean exists = table.byCanonicalName(name).isPresent();
        if (exists && !db.facts(name).orElseThrow().noCodeOn().contains(arch)) {
            additions.putIfAbsent(name, reason);
        }
    }
}
