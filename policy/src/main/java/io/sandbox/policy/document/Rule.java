// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A policy's rule for one call.
 *
 * @param conditions all must hold, and none means always; at most {@value #MAX_CONDITIONS}. Unlike
 *     in a list, one argument may have several
 * @param action what happens to the call if the conditions hold
 * @param note the comments on the rule
 */
public record Rule(
        CallRef call, List<Condition> conditions, Action action, Scope scope, Note note) {
    /** More than any format needs. Each condition takes up to six instructions. */
    public static final int MAX_CONDITIONS = 32;

    public Rule {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(note, "note");
        conditions = List.copyOf(conditions);
        if (conditions.size() > MAX_CONDITIONS) {
            throw new IllegalArgumentException("more than " + MAX_CONDITIONS + " conditions");
        }
    }

    public static Rule of(CallRef call, List<Condition> conditions, Action action) {
        return new Rule(call, conditions, action, Scope.ANYWHERE, Note.NONE);
    }

    /**
     * The rules of a list, in which the order has no meaning, as rules of which the first that
     * matches decides. Those that refuse alike stay in their order.
     */
    public static List<Rule> strictestFirst(List<Rule> rules) {
        Map<Integer, List<Rule>> byStrictness = new TreeMap<>();
        for (Rule rule : rules) {
            Integer place = place(rule.action());
            List<Rule> alike = byStrictness.get(place);
            if (alike == null) {
                alike = new ArrayList<>();
                byStrictness.put(place, alike);
            }
            alike.add(rule);
        }
        List<Rule> ordered = new ArrayList<>(rules.size());
        for (List<Rule> alike : byStrictness.values()) {
            ordered.addAll(alike);
        }
        return ordered;
    }

    /** Of rules of which the first that matches decides: the calls that are allowed in vain. */
    public static Set<CallRef> allowedInVain(List<Rule> rules) {
        Set<CallRef> refused = new HashSet<>();
        Set<CallRef> inVain = new LinkedHashSet<>();
        for (Rule rule : rules) {
            boolean always = rule.conditions().isEmpty() && rule.scope().isAnywhere();
            if (!rule.action().passes() && always) {
                refused.add(rule.call());
            } else if (rule.action().passes() && refused.contains(rule.call())) {
                inVain.add(rule.call());
            }
        }
        return inVain;
    }

    /** A list has at most one of the actions that end a thread or process. */
    private static int place(Action action) {
        if (action instanceof Action.Errno errno) {
            return errno.number();
        }
        if (action == Action.ALLOW || action == Action.LOG) {
            return Action.MAX_DATA + (action == Action.LOG ? 1 : 2);
        }
        return 0;
    }

    /** The rule that decides about a call with these arguments. */
    public static Optional<Rule> deciding(List<Rule> rules, long[] arguments) {
        for (Rule rule : rules) {
            if (rule.conditions.stream().allMatch(c -> c.holds(arguments[c.argument()]))) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    public boolean isConditional() {
        return !conditions.isEmpty();
    }

    public Rule withScope(Scope newScope) {
        return new Rule(call, conditions, action, newScope, note);
    }

    public Rule withNote(Note newNote) {
        return new Rule(call, conditions, action, scope, newNote);
    }

    public Rule withCall(CallRef newCall) {
        return new Rule(newCall, conditions, action, scope, note);
    }

    public Rule withAction(Action newAction) {
        return new Rule(call, conditions, newAction, scope, note);
    }

    /** The call and its conditions, written as in a list: {@code read(arg0==1)}. */
    public String subject() {
        return PolicyText.format(call, conditions);
    }
}
