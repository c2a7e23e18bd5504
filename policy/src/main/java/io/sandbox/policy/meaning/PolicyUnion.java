// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.Condition;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Allows what either policy allows. What both refuse is refused as in the first. */
public final class PolicyUnion {
    private final PolicyDocument first;
    private final PolicyDocument second;
    private final List<Rule> rules = new ArrayList<>();

    private PolicyUnion(PolicyDocument first, PolicyDocument second) {
        this.first = first;
        this.second = second;
    }

    /**
     * The rules of the first, in order and with comments, then those that the second adds.
     *
     * @param here the circumstances for rules that depend on them; these rules then count anywhere
     * @throws PolicyFormatException if a call has too many conditions to be merged
     */
    public static PolicyDocument of(
            PolicyDocument first, PolicyDocument second, Circumstances here) {
        return new PolicyUnion(first.under(here), second.under(here))
                .merge(CallNames.on(here.arch()));
    }

    private PolicyDocument merge(CallNames names) {
        Reduction.forEachCall(first, second, names, this::add);
        List<String> comments = new ArrayList<>(first.comments());
        second.comments().stream().filter(c -> !comments.contains(c)).forEach(comments::add);
        return new PolicyDocument(
                otherwise(),
                rules,
                coverage(),
                first.ignoresMissing() || second.ignoresMissing(),
                first.logDenials() || second.logDenials(),
                first.logsForeign(),
                first.unknown().or(second.unknown()),
                first.listener().or(second::listener),
                comments);
    }

    private Action otherwise() {
        return second.otherwise() == Action.ALLOW ? Action.ALLOW : first.otherwise();
    }

    private Coverage coverage() {
        if (first.coverage().equals(second.coverage())
                || second.coverage().equals(Coverage.NATIVE)) {
            return first.coverage();
        }
        if (first.coverage().equals(Coverage.NATIVE)) {
            return second.coverage();
        }
        Map<String, List<String>> byMachine = new LinkedHashMap<>(first.coverage().byMachine());
        second.coverage()
                .byMachine()
                .forEach(
                        (machine, others) ->
                                byMachine.merge(machine, others, PolicyUnion::concatenation));
        List<String> also = concatenation(first.coverage().also(), second.coverage().also());
        byMachine.replaceAll((machine, others) -> concatenation(others, also));
        return byMachine.isEmpty()
                ? new Coverage(also, Map.of())
                : new Coverage(List.of(), byMachine);
    }

    private static List<String> concatenation(List<String> one, List<String> other) {
        Set<String> all = new LinkedHashSet<>(one);
        all.addAll(other);
        return List.copyOf(all);
    }

    /** Adds the rules of one call. */
    private void add(List<Rule> ours, List<Rule> theirs) {
        Rule any = ours.isEmpty() ? theirs.get(0) : ours.get(0);
        Decision mine = new Decision(ours, first.otherwise());
        if (new Decision(theirs, second.otherwise()).sameAs(mine)) {
            rules.addAll(ours.isEmpty() ? theirs : ours);
            addRest(any);
            return;
        }
        Set<List<Condition>> allowed = new LinkedHashSet<>(allowed(ours, first));
        allowed.addAll(allowed(theirs, second));
        Note note = any.note();
        for (List<Condition> conditions : allowed) {
            rules.add(Rule.of(any.call(), conditions, Action.ALLOW).withNote(note));
            note = Note.NONE;
        }
        if (!allowed.contains(List.<Condition>of())) {
            for (Rule rule : ours) {
                if (rule.action() != Action.ALLOW) {
                    rules.add(rule);
                }
            }
            addRest(any);
        }
    }

    /** Refuses the rest by the first policy's default, unless rules refuse it already. */
    private void addRest(Rule any) {
        if (!otherwise().equals(first.otherwise())) {
            rules.add(Rule.of(any.call(), List.of(), first.otherwise()));
        }
    }

    private static List<List<Condition>> allowed(List<Rule> rules, PolicyDocument document) {
        List<Rule> all = new ArrayList<>(rules);
        if (document.otherwise() == Action.ALLOW) {
            if (rules.isEmpty()) {
                return List.of(List.of());
            }
            all.add(Rule.of(rules.get(0).call(), List.of(), Action.ALLOW));
        }
        return Region.where(all, action -> action == Action.ALLOW)
                .orElseThrow(
                        () ->
                                PolicyFormatException.ofWhole(
                                        rules.get(0).call() + ": too many conditions to merge"));
    }
}
