// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class SyscallFactsTest {
    // Not SyscallDb.get(), whose tables stay for the whole JVM: each test reads them anew, so that
    // scripts/mutation sees what a change of the reader does.
    private final SyscallDb db = new SyscallDb(SyscallDb.class::getResourceAsStream);

    private SyscallFacts facts(String name) {
        return db.facts(name).orElseThrow();
    }

    @Test
    void allFacts_shipped_areThoseOfEveryCallOfEveryTable() {
        Set<String> names = new TreeSet<>();
        db.arches().forEach(arch -> db.table(arch).all().forEach(call -> names.add(call.name())));
        assertEquals(List.copyOf(names), db.allFacts().stream().map(SyscallFacts::name).toList());
    }

    @Test
    void facts_aliasOrNoName_isEmpty() {
        assertEquals(Optional.empty(), db.facts("pread"));
        assertEquals(Optional.empty(), db.facts(""));
        assertEquals(Optional.empty(), db.facts("@default"));
    }

    /** The fact is that of the record's component with this name. */
    @Table
    void facts_call_areThoseOfTheSources(String call, String fact, String expected)
            throws ReflectiveOperationException {
        assertEquals(expected, SyscallFacts.class.getMethod(fact).invoke(facts(call)).toString());
    }

    @Test
    void passesNoFilter_ioUringOnly() {
        assertEquals(3, db.allFacts().stream().filter(SyscallFacts::passesNoFilter).count());
    }

    @Table
    void vdsoArches_call_asOfTheKernelsLinkerScripts(String name, String arch, boolean expected) {
        assertEquals(expected, facts(name).vdsoArches().contains(arch));
    }

    @Table
    void risk_call_hasClassAndLevel(String name, Risk risk, Risk.Level level) {
        assertEquals(risk, facts(name).risk());
        assertEquals(level, facts(name).risk().level());
        assertEquals(level.name().toLowerCase(Locale.ROOT), level.word());
        assertTrue(facts(name).riskReason().length() > 15, facts(name)::riskReason);
    }

    // A call that Docker refuses must not have a low risk, unless it has no code.
    @Test
    void risk_callThatDockerRefuses_isHigh() {
        assertEquals(
                List.of(),
                db.allFacts().stream()
                        .filter(SyscallFacts::implemented)
                        .filter(facts -> facts.riskBasis().contains("docker"))
                        .filter(facts -> facts.risk().level() != Risk.Level.HIGH)
                        .map(SyscallFacts::name)
                        .toList());
    }

    @Test
    void riskBasis_systemd_isTrueOfTheGroupsAndOfNoOtherCall() {
        Set<String> meant =
                Set.of(
                        """
                        @chown @clock @cpu-emulation @debug @keyring @module @mount @obsolete
                        @privileged @raw-io @reboot @setuid @swap
                        """
                                .split("\\s"));
        for (SyscallFacts facts : db.allFacts()) {
            assertEquals(
                    facts.groups().stream().anyMatch(meant::contains),
                    facts.riskBasis().contains("systemd"),
                    facts.name());
        }
    }

    @Test
    void siblings_everyCall_areOtherCalls() {
        for (SyscallFacts facts : db.allFacts()) {
            assertFalse(facts.siblings().contains(facts.name()), facts.name());
            assertEquals(
                    facts.siblings().size(), Set.copyOf(facts.siblings()).size(), facts.name());
        }
    }

    // The purpose of siblings: a call that aarch64 lacks gets a substitute there. The remaining
    // calls have none, and no other C library makes them.
    @Test
    void siblings_callsOfX8664ThatAarch64Lacks_existThere() {
        SyscallTable aarch64 = db.table(db.arch("aarch64"));
        List<String> without = new ArrayList<>();
        for (Syscall call : db.table(db.arch("x86_64")).all()) {
            boolean absent = aarch64.byName(call.name()).isEmpty();
            if (absent
                    && facts(call.name()).siblings().stream()
                            .noneMatch(sibling -> aarch64.byName(sibling).isPresent())) {
                without.add(call.name());
            }
        }
        assertEquals(
                "_sysctl afs_syscall arch_prctl create_module"
                        + " get_kernel_syms get_thread_area getpmsg ioperm iopl modify_ldt"
                        + " putpmsg query_module security set_thread_area sysfs tuxcall"
                        + " uprobe uretprobe uselib ustat vserver",
                without.stream().sorted().collect(Collectors.joining(" ")));
    }

    @Test
    void groups_fileSystem_hasSystemdsWordsAndCalls() {
        SyscallGroup group =
                db.groups().stream()
                        .filter(one -> one.name().equals("@file-system"))
                        .findFirst()
                        .orElseThrow();
        assertEquals("File system operations", group.about());
        assertTrue(group.calls().contains("openat"));
    }

    @Test
    void groups_setOfSets_holdsTheirCalls() {
        SyscallGroup group =
                db.groups().stream()
                        .filter(one -> one.name().equals("@system-service"))
                        .findFirst()
                        .orElseThrow();
        assertTrue(group.members().contains("@file-system"));
        assertFalse(group.members().contains("openat"));
        assertTrue(group.calls().contains("openat"));
    }

    @Test
    void facts_notAskedFor_readNoFile() {
        TextFiles files = new TextFiles();
        SyscallDb db = new SyscallDb(files);
        db.table(db.arches().get(0)).byName("read");
        assertEquals(List.of("arches.csv", "x86_64.csv"), files.opened);
    }
}
