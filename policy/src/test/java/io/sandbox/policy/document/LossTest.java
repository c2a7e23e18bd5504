// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.syscalldb.KernelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LossTest {
    private static final Rule EVERYWHERE =
            Rule.of(new CallRef.Named("read"), List.of(), Action.ALLOW);
    private static final Scope ARM =
            new Scope(
                    Set.of("arm"),
                    Set.of(),
                    Set.of(),
                    Set.of(),
                    Optional.empty(),
                    Optional.empty());

    private static final PolicyDocument DOCUMENT =
            new PolicyDocument(Action.ALLOW, List.of(), Coverage.NATIVE, false, false, List.of());

    private static Circumstances here(String... capabilities) {
        return new Circumstances(
                "x86_64", Set.of(capabilities), KernelVersion.parse("6.1").orElseThrow());
    }

    private static List<String> losses(int dependent, String... capabilities) {
        List<Rule> rules = new ArrayList<>(List.of(EVERYWHERE));
        for (int i = 0; i < dependent; i++) {
            rules.add(EVERYWHERE.withScope(ARM));
        }
        return Loss.ofCircumstances(DOCUMENT.withRules(rules), here(capabilities)).stream()
                .map(Loss::toString)
                .toList();
    }

    @Test
    void ofCircumstances_rulesThatCountEverywhere_isNone() {
        assertEquals(List.of(), losses(0, "CAP_KILL"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1 rule", "2, 2 rules"})
    void ofCircumstances_rulesThatDepend_areCounted(int dependent, String subject) {
        assertEquals(
                List.of(
                        subject
                                + ": depending on circumstances, decided for x86_64, kernel 6.1,"
                                + " no capabilities"),
                losses(dependent));
    }

    @Test
    void ofCircumstances_capabilities_areSorted() {
        assertEquals(
                List.of(
                        "1 rule: depending on circumstances, decided for x86_64, kernel 6.1,"
                                + " CAP_CHOWN CAP_KILL CAP_SYS_BOOT"),
                losses(1, "CAP_SYS_BOOT", "CAP_CHOWN", "CAP_KILL"));
    }

    @Test
    void ofForeign_arches_areNamed() {
        Coverage coverage = new Coverage(List.of("i386", "x86_64", "x32"), Map.of());
        assertEquals(
                "[calls of i386, x32: are refused: the format is for one architecture]",
                Loss.ofForeign(DOCUMENT.withCoverage(coverage), here()).toString());
    }

    @Test
    void ofForeign_noOtherArch_isNone() {
        assertEquals(List.of(), Loss.ofForeign(DOCUMENT, here()));
    }

    @Test
    void ofAction_twoActions_saysWhichIsGiven() {
        assertEquals(
                "read: gets errno:EPERM in place of allow",
                Loss.ofAction("read", Action.ALLOW, Action.errno(1)).toString());
    }

    @Test
    void under_scopesThatDoNotHold_areDroppedAndOthersCountAnywhere() {
        Scope x86 =
                new Scope(
                        Set.of("x86_64"),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Optional.empty(),
                        Optional.empty());
        Rule here = EVERYWHERE.withCall(new CallRef.Named("write")).withScope(x86);
        PolicyDocument document =
                new PolicyDocument(
                        Action.ALLOW,
                        List.of(EVERYWHERE.withScope(ARM), here, EVERYWHERE),
                        Coverage.NATIVE,
                        true,
                        true,
                        List.of("comment"));
        Circumstances circumstances =
                new Circumstances("x86_64", Set.of(), KernelVersion.parse("6.1").orElseThrow());
        PolicyDocument under = document.under(circumstances);
        assertEquals(List.of(here.withScope(Scope.ANYWHERE), EVERYWHERE), under.rules());
        assertEquals(document.withRules(under.rules()), under);
    }
}
