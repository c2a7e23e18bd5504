// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import io.sandbox.policy.testing.RuleText;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PolicyMeaningTest {
    private static final String WITH_I386 =
            """
            {"sandboxPolicy": 1, "default": "errno:EPERM", "architectures": ["i386"], "rules": [
            {"call": "read", "action": "allow"},
            {"call": "waitpid", "action": "allow"}]}
            """;

    private static PolicyMeaning meaning(String text) {
        return PolicyMeaning.of(Policies.read(text.replace('~', '\n')), RandomDocuments.HERE);
    }

    private static CallRef call(String name) {
        return PolicyText.parseEntries(name).get(0).call();
    }

    private static String ruling(Ruling ruling) {
        return String.format(
                "%s%s %s %s",
                ruling.extent(),
                ruling.failsByRule() ? " by rule" : "",
                String.join(":", ruling.entries()),
                ruling.text());
    }

    /** Without a name: of calls that no policy can name. Of i386, 3 is read and 7 is waitpid. */
    @Table
    void about_call_isWhatItsFirstRuleThatHoldsSays(
            String policy, String arch, String name, String expected) {
        PolicyMeaning meaning = meaning(policy.equals("both") ? WITH_I386 : policy);
        assertEquals("x86_64", meaning.arch());
        Ruling ruling =
                name.isEmpty() ? meaning.aboutUnnameable(arch) : meaning.about(arch, call(name));
        assertEquals(expected, ruling(ruling));
        if (arch.equals("x86_64") && !name.isEmpty()) {
            for (Outcome outcome : meaning.outcomes(call(name), List.of())) {
                String action = ActionText.format(outcome.action());
                assertTrue((ruling.text() + " ").contains(action + " "), action);
            }
        }
    }

    /** One outcome for each action; empty if no call fulfils the conditions. */
    @Table
    void outcomes_ofRules_areThoseOfSomeCalls(String rules, String where, String expected) {
        List<Rule> all = rules.isEmpty() ? List.of() : RuleText.parse(rules);
        assertEquals(
                expected,
                new Witnesses(all, RuleText.parse("allow " + where).get(0).conditions())
                        .outcomes(Action.KILL).stream()
                                .map(outcome -> ActionText.format(outcome.action()))
                                .sorted()
                                .collect(Collectors.joining(" ")));
    }

    @Table
    void key_sameCall_isTheSame(String arch, String call, String key) {
        assertEquals(key, meaning(WITH_I386).key(arch, call(call)));
    }

    private static String items(String policy) {
        List<String> items = new ArrayList<>();
        for (PolicyMeaning.AllowedItem item : meaning(policy).allowedItems()) {
            String several = item.rules().size() > 1 ? " of several" : "";
            String conditional = item.conditional() ? " conditional" : "";
            String added = meaning(policy).isAddition(item.rules().get(0)) ? " added" : "";
            items.add(item.line() + " " + item.subject() + conditional + several + added);
        }
        return String.join(", ", items);
    }

    @Table
    void allowedItems_areTheRulesThatAllow(String policy, String items, String conditional) {
        assertEquals(items, items(policy));
        assertEquals(conditional, String.join(":", meaning(policy).conditionalEntries()));
    }

    @Test
    void allowedItems_keys_areOfAllArchitectures() {
        assertEquals(Set.of("x86_64#0", "i386#3"), meaning(WITH_I386).allowedItems().get(0).keys());
    }

    /** The rest is killed; empty for no rules. */
    private static Decision decision(String text) {
        return new Decision(text.isEmpty() ? List.of() : RuleText.parse(text), Action.KILL);
    }

    @Table
    void sameAs_decisions_isTrueInOtherWordsOnly(String one, String other, boolean same) {
        assertEquals(same, decision(one).sameAs(decision(other)));
        assertEquals(same, decision(other).sameAs(decision(one)));
    }

    /**
     * Whether rules, so many for each of five arguments, are the same with one that adds nothing.
     */
    private static boolean isSameWithMore(int rulesOfAnArgument) {
        List<Rule> rules = new ArrayList<>();
        for (int argument = 0; argument < 5; argument++) {
            for (int i = 1; i <= rulesOfAnArgument; i++) {
                rules.addAll(RuleText.parse("allow arg" + argument + "==" + i * 10));
            }
        }
        List<Rule> more = new ArrayList<>(rules);
        more.addAll(RuleText.parse("allow arg0==10 arg1==20"));
        return new Decision(rules, Action.KILL).sameAs(new Decision(more, Action.KILL));
    }

    /** With more it would take too long. False is safe: a difference is shown. */
    @Test
    void sameAs_veryManyConditions_isFalse() {
        assertTrue(isSameWithMore(4));
        assertFalse(isSameWithMore(5));
    }

    @Test
    void mayBe_isTheActionOfARuleOrOfTheRest() {
        Decision decision = decision("allow arg0==1~trap arg0==2");
        assertTrue(decision.mayBe(Action.ALLOW));
        assertTrue(decision.mayBe(Action.TRAP));
        assertTrue(decision.mayBe(Action.KILL));
        assertFalse(decision.mayBe(Action.LOG));
    }

    /** Rules that change nothing are left out. */
    @Table
    void text_isOfTheDecidingRules(String rules, String text) {
        assertEquals(text, decision(rules).text());
    }

    private static final int DOCUMENTS = Integer.getInteger("sandbox.documents", 1500);

    private static PolicyDocument read(String text) {
        return Policies.read(text.replace('~', '\n'));
    }

    private static List<PolicyDifference> between(String one, String other) {
        return PolicyDifference.between(read(one), read(other), RandomDocuments.HERE);
    }

    @Table
    void between_documents_isEmptyForTheSameMeaning(String one, String other, boolean same) {
        assertEquals(same, between(one, other).isEmpty());
        assertEquals(same, between(other, one).isEmpty());
    }

    /** The upper halves of arguments are zero there. */
    @Table
    void between_architectureOf32Bits_comparesTheLowerHalves(
            String one, String other, String result) {
        Circumstances arm = Policies.here("arm", "6.12");
        assertEquals(
                result.isEmpty(), PolicyDifference.between(read(one), read(other), arm).isEmpty());
    }

    @Table
    void between_documents_saysBothSidesOfEachDifference(
            String one, String other, String differences) {
        assertEquals(
                differences,
                between(one, other).stream()
                        .map(each -> each.subject() + ": " + each.before() + " -> " + each.after())
                        .collect(Collectors.joining("; ")));
    }

    /** If no difference is found, every call must get the same verdict. */
    @Test
    void between_randomDocuments_missesNothing() {
        RandomDocuments random = new RandomDocuments(5, "CONDITIONS ORDER ACTIONS", "kill errno:1");
        for (int i = 0; i < DOCUMENTS; i++) {
            PolicyDocument one = random.next();
            List<Rule> rules = new ArrayList<>(one.rules());
            if (rules.size() > 1) {
                rules.add(rules.remove(i % (rules.size() - 1)));
            }
            PolicyDocument other = one.withRules(rules);
            boolean same = PolicyDifference.between(one, other, RandomDocuments.HERE).isEmpty();
            for (int j = 0; same && j < 200; j++) {
                Call call = random.call(one);
                assertEquals(
                        call.verdict(one, RandomDocuments.HERE),
                        call.verdict(other, RandomDocuments.HERE),
                        () -> call.call() + " of " + one + " and " + other);
            }
        }
    }
}
