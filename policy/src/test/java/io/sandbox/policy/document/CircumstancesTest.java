// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Where and when a policy counts. */
final class CircumstancesTest {
    private static final PolicyDocument DOCUMENT =
            Policies.json(
                    "'allow', 'comments': ['a'], 'architectures': ['i386', 'x32'], 'rules': ["
                            + "{'call': 'read', 'arches': ['arm'], 'action': 'kill'},"
                            + "{'call': 'write', 'arches': ['x86_64'], 'action': 'kill'},"
                            + "{'call': 'close', 'action': 'kill'}]");

    private static Circumstances with(String... capabilities) {
        return Policies.here("x86_64", "6.1", capabilities);
    }

    @Test
    void under_scopesThatDoNotHold_areDroppedAndOthersCountAnywhere() {
        PolicyDocument under = DOCUMENT.under(with());
        assertEquals("write kill; close kill", Policies.rules(under));
        assertEquals(Scope.ANYWHERE, under.rules().get(0).scope());
        assertEquals(DOCUMENT.withRules(under.rules()), under);
    }

    @Test
    void losses_nameTheCircumstancesInOrder() {
        String decided =
                "2 rules: for some capabilities or kernels only, decided for x86_64, kernel 6.1, ";
        assertEquals(
                decided + "CAP_CHOWN CAP_KILL CAP_SYS_BOOT",
                Policies.text(
                        Loss.ofCircumstances(
                                DOCUMENT, with("CAP_SYS_BOOT", "CAP_CHOWN", "CAP_KILL"))));
        assertEquals(
                decided + "no capabilities", Policies.text(Loss.ofCircumstances(DOCUMENT, with())));
        assertEquals(
                "calls of i386, x32: are refused: the format is for one architecture",
                Policies.text(Loss.ofForeign(DOCUMENT, with())));
    }

    /** {@code arch=A+B not-arch=A cap=C not-cap=C from=KERNEL below=KERNEL}, all optional. */
    private static Scope scope(String text) {
        return new Scope(
                values(text, "arch"),
                values(text, "not-arch"),
                values(text, "cap"),
                values(text, "not-cap"),
                values(text, "from").stream().findFirst().flatMap(KernelVersion::parse),
                values(text, "below").stream().findFirst().flatMap(KernelVersion::parse));
    }

    private static Set<String> values(String text, String key) {
        Optional<String> value =
                Arrays.stream(text.split(" "))
                        .filter(word -> word.startsWith(key + "="))
                        .map(word -> word.substring(key.length() + 1))
                        .findFirst();
        return value.map(some -> Set.of(some.split("\\+"))).orElse(Set.of());
    }

    private static final Circumstances HERE = Policies.here("x86_64", "6.1", "SYS_ADMIN", "KILL");

    @Table
    void includes_circumstances_isWhetherAllPartsOfTheScopeHold(String scope, boolean counts) {
        assertEquals(counts, scope(scope).includes(HERE));
    }

    @Table
    void excludes_otherScope_isTheSameInBothDirections(String one, String other, boolean excludes) {
        assertEquals(excludes, scope(one).excludes(scope(other)));
        assertEquals(excludes, scope(other).excludes(scope(one)));
    }

    @Test
    void isAnywhere_anyCircumstance_isFalse() {
        assertTrue(scope("").isAnywhere());
        for (String some :
                "arch=arm not-arch=arm cap=KILL not-cap=KILL from=6.1 below=6.1".split(" ")) {
            assertFalse(scope(some).isAnywhere(), some);
        }
    }

    @Test
    void names_whateverTheirOrder_areSorted() {
        Set<String> names = new TreeSet<>(Set.of("b", "a", "c"));
        Scope scope = scope("arch=c+a+b not-arch=b+a+c cap=a+c+b not-cap=c+b+a");
        assertEquals(names.toString(), scope.arches().toString());
        assertEquals(names.toString(), scope.notArches().toString());
        assertEquals(names.toString(), scope.capabilities().toString());
        assertEquals(names.toString(), scope.notCapabilities().toString());
    }

    @Table
    void foreignOn_aMachine_areTheOthersInOrder(String coverage, String machine, String foreign) {
        Coverage covered = Policies.coverage(coverage);
        assertEquals(foreign, String.join(",", covered.foreignOn(machine)));
        String all = foreign.isEmpty() ? machine : foreign + "," + machine;
        assertEquals(all, String.join(",", covered.archesOn(machine)));
        for (String arch : List.of("x86_64", "i386", "x32", "aarch64", "s390x")) {
            boolean included = List.of(all.split(",")).contains(arch);
            assertEquals(included, covered.includes(arch, machine), arch);
        }
    }

    @Test
    void coverage_bothWays_isRefused() {
        List<String> also = List.of("x32");
        Map<String, List<String>> byMachine = Map.of("x86_64", List.of("i386"));
        assertThrows(IllegalArgumentException.class, () -> new Coverage(also, byMachine));
    }

    /** A rule about a call, whatever it says, is an answer. */
    @Table
    void lackedCall_ofAPolicy_isThatOfItsArchitecture(
            String arch, String otherwise, String call, String action, String lacked) {
        List<Rule> rules = new ArrayList<>();
        if (!call.isEmpty()) {
            CallRef about =
                    call.matches("[0-9]+")
                            ? new CallRef.Numbered(Integer.parseInt(call))
                            : new CallRef.Named(call);
            rules.add(Rule.of(about, List.of(), ActionText.parse(action)));
        }
        PolicyDocument document =
                new PolicyDocument(
                        ActionText.parse(otherwise),
                        rules,
                        Coverage.NATIVE,
                        false,
                        false,
                        List.of());
        assertEquals(
                lacked,
                ProgramStart.lackedCall(document, SyscallDb.get().arch(arch)).orElse("none"));
    }
}
