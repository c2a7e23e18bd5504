// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ReductionTest {
    private static PolicyDocument json(String otherwise, String... rules) {
        List<String> read = new ArrayList<>();
        for (String rule : rules) {
            String[] words = rule.split(" ");
            String form = "{'call': '%s', 'action': '%s', 'if': [%s]}";
            read.add(form.formatted(words[0], words[1], conditions(words)));
        }
        return Policies.json("'" + otherwise + "', 'rules': [" + String.join(", ", read) + "]");
    }

    private static String conditions(String[] words) {
        return words.length < 3 ? "" : "'" + words[2].replace(",", "', '") + "'";
    }

    private static Reduction reduction(String otherwise, String... rules) {
        return Reduction.of(json(otherwise, rules), RandomDocuments.HERE);
    }

    private static String shown(List<Reduction.Entry> entries) {
        return entries.stream()
                .map(entry -> entry.subject() + " " + ActionText.format(entry.action()))
                .collect(Collectors.joining("; "));
    }

    private static void assertReduced(String entries, String losses, Reduction reduction) {
        assertEquals(entries, shown(reduction.entries()));
        assertEquals(losses, Policies.text(reduction.losses()));
    }

    /** An entry need not leave out what a stricter one is about. */
    @Table
    void of_rules_becomeEntries(
            boolean ownErrnos, String otherwise, String rules, String entries, String losses) {
        PolicyDocument document = json(otherwise, rules.split("~"));
        Reduction reduction = Reduction.of(document, RandomDocuments.HERE, ownErrnos);
        assertReduced(entries, losses, reduction);
        assertEquals(!otherwise.equals("allow"), reduction.isAllowList());
    }

    /**
     * That of most entries, and of the first of two that are as many; without any, {@code none}.
     */
    @Table
    void usualRefusal_ofADenyList_isThatOfMost(
            boolean ownErrnos, String rules, String none, String usual) {
        String[] all = rules.isEmpty() ? new String[0] : rules.split("~");
        Reduction reduction = Reduction.of(json("allow", all), RandomDocuments.HERE, ownErrnos);
        assertEquals(usual, ActionText.format(reduction.usualRefusal(ActionText.parse(none))));
    }

    private static String[] many(String action, String last) {
        String[] rules = new String[40];
        for (int i = 0; i < 39; i++) {
            rules[i] = "read " + action + " arg0==" + i;
        }
        rules[39] = "read " + last + " arg0>=100";
        return rules;
    }

    /** Refused, in both kinds of lists. */
    @Test
    void of_tooManyRulesForOneCall_refusesTheCall() {
        String loss = "read: the order of its rules cannot be said; all of it is refused";
        assertReduced("", loss, reduction("kill", many("errno:EPERM", "allow")));
        PolicyDocument denying = json("allow", many("allow", "errno:EPERM"));
        for (boolean ownErrnos : List.of(false, true)) {
            Reduction reduction = Reduction.of(denying, RandomDocuments.HERE, ownErrnos);
            assertReduced("read errno:EPERM", loss, reduction);
        }
    }

    @Table
    void entriesForLists_twoConditionsOfOneArgument_areRefused(
            boolean ownErrnos, String otherwise, String rules, String entries, String losses) {
        PolicyDocument document = json(otherwise, rules.split("~"));
        Reduction reduction = Reduction.of(document, RandomDocuments.HERE, ownErrnos);
        assertEquals(entries, shown(reduction.entriesForLists()));
        assertEquals(losses, Policies.text(reduction.losses()));
    }

    @Table
    void entriesWithoutConditions_allowMore(String otherwise, String rules, String entries) {
        Reduction reduction = reduction(otherwise, rules.split("~"));
        assertEquals(entries, shown(reduction.entriesWithoutConditions()));
        assertEquals(List.of(), reduction.losses());
    }

    /** Some formats have one comment for several rules, which is there once. */
    @Table
    void of_severalRulesOfACall_keepTheirOwnReasons(String policy, String entries) {
        PolicyDocument document = Policies.read(policy.replace('~', '\n'));
        assertEquals(
                entries,
                Reduction.of(document, RandomDocuments.HERE).entries().stream()
                        .map(entry -> entry.subject() + " " + entry.note().reason())
                        .collect(Collectors.joining("; ")));
    }

    /** Its parts, such as bind, would be allowed by their names. */
    @Table
    void of_refusedMultiplexer_isALoss(String otherwise, String rule, String loss) {
        List<String> losses =
                Reduction.of(json(otherwise, rule), Policies.here("i386", "6.1")).losses().stream()
                        .map(Loss::toString)
                        .filter(text -> text.contains("lets through"))
                        .toList();
        assertEquals(loss, String.join("; ", losses));
    }

    private static List<Condition> conditions(String list) {
        return PolicyText.parseEntries("x(" + list + ")").get(0).conditions();
    }

    /** The call is refused for {@code refusals} values, and otherwise allowed from 100 on. */
    private static Optional<List<List<Condition>>> whereAllowed(int refusals) {
        CallRef call = new CallRef.Named("x");
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < refusals; i++) {
            rules.add(Rule.of(call, conditions("arg0==" + i), Action.errno(1)));
        }
        rules.add(Rule.of(call, conditions("arg0>=100"), Action.ALLOW));
        return Region.where(rules, action -> action == Action.ALLOW);
    }

    /** The result is not "everywhere", which would allow the call with any arguments. */
    @Test
    void where_moreConditionsThanARuleHas_isUnknown() {
        int most = Rule.MAX_CONDITIONS - 1;
        List<List<Condition>> alternatives = whereAllowed(most).orElseThrow();
        assertEquals(1, alternatives.size());
        assertEquals(Rule.MAX_CONDITIONS, alternatives.get(0).size());
        for (int refusals = most + 1; refusals < 2 * Region.LIMIT; refusals++) {
            assertEquals(Optional.empty(), whereAllowed(refusals), refusals + " refusals");
        }
    }

    /** Readers of formats that list alternatives refuse more than the limit. */
    @Table
    void where_lastRuleIsForTheRest_itsAlternativesCountToo(int values, int expected) {
        CallRef call = new CallRef.Named("x");
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < values; i++) {
            rules.add(Rule.of(call, conditions("arg0==" + i), Action.ALLOW));
        }
        String refused = "arg1==1,arg2==1,arg3==1,arg4==1,arg5==1";
        rules.add(Rule.of(call, conditions(refused), Action.errno(1)));
        rules.add(Rule.of(call, List.of(), Action.ALLOW));
        assertEquals(
                expected,
                Region.where(rules, action -> action == Action.ALLOW).map(List::size).orElse(0));
    }

    @Table
    void overlap_conditions_areComparedByArgument(String one, String other, boolean expected) {
        assertEquals(expected, Region.overlap(conditions(one), conditions(other)));
        assertEquals(expected, Region.overlap(conditions(other), conditions(one)));
    }

    @Table
    void spelledOut_fewValues_areListed(String entry, String expected) {
        List<Condition> conditions = new ArrayList<>();
        for (String each : entry.substring(5, entry.length() - 1).split(",")) {
            conditions.addAll(conditions(each));
        }
        List<List<Condition>> alternatives = Region.spelledOut(conditions);
        String text =
                alternatives.stream()
                        .map(each -> PolicyText.format(new CallRef.Named("read"), each))
                        .collect(Collectors.joining(" "));
        assertEquals(
                expected,
                expected.startsWith("read") ? text : Integer.toString(alternatives.size()));
    }
}
