// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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

    /** Sets of systemd; what a member that is a set holds, the set holds too. */
    @Table
    void groups_set_hasItsWordsAndCalls(String name, String about, String member, String call) {
        SyscallGroup group =
                db.groups().stream()
                        .filter(one -> one.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        assertEquals(about, group.about());
        assertTrue(group.members().contains(member));
        assertTrue(group.calls().contains(call));
        assertEquals(member.equals(call), group.members().contains(call));
    }

    @Test
    void facts_notAskedFor_readNoFile() {
        TextFiles files = new TextFiles();
        SyscallDb db = new SyscallDb(files);
        db.table(db.arches().get(0)).byName("read");
        assertEquals(List.of("arches.csv", "x86_64.csv"), files.opened);
    }

    // What calls do, and which exploits need it.

    private static final String COLUMNS =
            "class,calls,in_memory,arches,arguments,masks,values,about,risk,kernel,source\n";

    private final List<CallClass> classes = db.callClasses();

    private static SyscallDb withRow(String row) {
        return new SyscallDb(new TextFiles().with("facts/classes.csv", COLUMNS + row + "\n"));
    }

    private String ways(String id, String arch) {
        return classes.stream()
                .filter(each -> each.id().equals(id) && each.arches().contains(arch))
                .map(each -> each.call() + text(each))
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static String text(CallClass each) {
        return each.values().stream()
                .map(value -> value.argument() + (value.equal() ? "=" : "!=") + value.value())
                .collect(Collectors.joining(",", "(", ")"));
    }

    @Test
    void newerValues_shipped_areYoungerThanTheirCalls() {
        assertTrue(db.newerValues().size() > 10, db.newerValues()::toString);
        for (NewerValue each : db.newerValues()) {
            SyscallFacts facts = db.facts(each.call()).orElseThrow();
            assertTrue(each.argument() < facts.arguments().size(), each::toString);
            assertEquals(each.value(), each.value() & each.mask(), each::toString);
            assertTrue(
                    db.firstKernels().get(each.call()).compareTo(each.kernel()) < 0,
                    each::toString);
        }
    }

    /** Each is of a call that exists and of its arguments, and all rows of a class say the same. */
    @Test
    void callClasses_shipped_fitTheirCallsAndEachOther() {
        assertTrue(classes.size() > 150, "" + classes.size());
        Map<String, String> words = new HashMap<>();
        for (CallClass each : classes) {
            int count = facts(each.call()).arguments().size();
            for (CallClass.Value value : each.values()) {
                assertTrue(value.argument() < count, each + " has " + count + " arguments");
            }
            String text = each.about() + each.risk();
            assertEquals(text, words.computeIfAbsent(each.id(), id -> text), each.id());
        }
    }

    /** Each call whose argument WORTH decides has a class. */
    @Table
    void callClasses_architecture_hasItsArguments(String id, String arch, String expected) {
        assertEquals(
                new TreeSet<>(List.of(expected.split(" "))),
                new TreeSet<>(List.of(ways(id, arch).split(" "))));
    }

    /** What was counted from the sources of the exploits, each by itself. */
    @Test
    void exploits_shipped_haveTheCountsOfTheirSource() {
        Map<String, Integer> needs = new TreeMap<>();
        List<Exploit> exploits = db.exploits();
        for (Exploit exploit : exploits) {
            assertTrue(exploit.id().matches("CVE-202[345]-[0-9]{4,5}"), exploit.id());
            List<String> all = exploit.needs().isEmpty() ? List.of("nothing") : exploit.needs();
            all.forEach(need -> needs.merge(need, 1, Integer::sum));
        }
        assertEquals(79, exploits.size());
        assertEquals(
                "{af_alg=2, bpf=6, io_uring_setup=5, nl:NETFILTER=29, nl:ROUTE=18, nl:XFRM=3,"
                        + " nothing=1, oob=1, perf_event_open=2, ulp=9, userns=55, vsock=1}",
                needs.toString());
    }

    /** The sets must not mix, since a score names the one that it counts. */
    @Test
    void recordsOf2026_shipped_areNotAmongTheExploits() {
        List<Exploit> records = db.recordsOf2026();
        assertEquals(7, records.size());
        List<String> ids = db.exploits().stream().map(Exploit::id).toList();
        for (Exploit record : records) {
            assertTrue(record.id().matches("CVE-2026-[0-9]{4,5}"), record.id());
            assertFalse(ids.contains(record.id()), record.id());
            assertFalse(record.needs().isEmpty(), record.id());
        }
    }

    @Table
    void callClasses_brokenRow_isRefusedWithItsLine(String row, String message) {
        SyscallDb broken = withRow(row.strip());
        String told = assertThrows(MalformedTableException.class, broken::callClasses).getMessage();
        assertTrue(told.startsWith("facts/classes.csv:2: " + message.strip()), told);
    }

    @Test
    void exploits_needThatIsNoClass_isRefused() {
        String unknown = COLUMNS + "a,read,read,all,0,all,1,b,none,call,c\n";
        TextFiles files =
                new TextFiles()
                        .with("facts/classes.csv", unknown)
                        .with("facts/exploits.csv", "cve,needs\nCVE-1,userns\n");
        SyscallDb db = new SyscallDb(files);
        MalformedTableException e = assertThrows(MalformedTableException.class, db::exploits);
        assertEquals("facts/exploits.csv:2: no such class: userns", e.getMessage());
    }

    @Test
    void arches_except_areAllOthers() {
        CallClass some =
                withRow("a,read,pread64,except:x32,any,none,none,b,none,5.1,c")
                        .callClasses()
                        .get(0);
        assertEquals(Set.of("x86_64"), some.arches());
        assertEquals("5.1", some.firstKernel().orElseThrow().toString());
        assertFalse(some.arches().contains("x32"));
        List<String> calls = new ArrayList<>();
        withRow("a,read,pread64,all,0,all,1,b,none,call,c")
                .callClasses()
                .forEach(each -> calls.add(each.call() + each.values().size()));
        assertEquals(List.of("read1", "pread640"), calls);
    }
}
