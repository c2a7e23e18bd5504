// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds out by trial what rules can do with calls whose arguments fulfil conditions: each value
 * that a rule distinguishes is tried in each argument that is free.
 */
final class Witnesses {
    /** No list that somebody could review needs as many calls. */
    private static final int LIMIT = 200_000;

    private final List<Rule> rules;
    private final List<Condition> where;
    private final Map<Action, Outcome> found = new LinkedHashMap<>();
    private int tried;

    /** {@code rules}: the rules of the call, of which the first that holds decides. */
    Witnesses(List<Rule> rules, List<Condition> where) {
        this.rules = rules;
        this.where = where;
    }

    List<Outcome> outcomes(Action otherwise) {
        List<Set<Long>> values = new ArrayList<>();
        for (int argument = 0; argument < Condition.ARGUMENTS; argument++) {
            values.add(values(argument));
        }
        tryAll(values, new long[Condition.ARGUMENTS], 0, otherwise);
        return List.copyOf(found.values());
    }

    private void tryAll(List<Set<Long>> values, long[] arguments, int next, Action otherwise) {
        if (next == Condition.ARGUMENTS) {
            tried++;
            Outcome outcome = outcome(arguments, otherwise);
            found.putIfAbsent(outcome.action(), outcome);
            return;
        }
        for (long value : values.get(next)) {
            if (tried >= LIMIT) {
                return;
            }
            arguments[next] = value;
            tryAll(values, arguments, next + 1, otherwise);
        }
    }

    private Outcome outcome(long[] arguments, Action otherwise) {
        return Rule.deciding(rules, arguments)
                .map(rule -> new Outcome(rule.action(), List.of(rule)))
                .orElseGet(() -> new Outcome(otherwise, List.of()));
    }

    /** Values of one argument, which all fulfil the conditions on it. */
    private Set<Long> values(int argument) {
        Set<Long> wanted = new TreeSet<>(List.of(0L, -1L));
        for (Rule rule : rules) {
            // All tests of bits of one rule together, since it may have several for an argument.
            long bits = 0;
            for (Condition condition : rule.conditions()) {
                if (condition.argument() == argument) {
                    bits = bits & ~condition.mask() | condition.value();
                    addAround(condition, wanted);
                }
            }
            wanted.add(bits);
        }
        where.stream()
                .filter(condition -> condition.argument() == argument)
                .forEach(condition -> addAround(condition, wanted));
        Set<Long> values = new TreeSet<>();
        for (long value : wanted) {
            long forced = value;
            boolean holds = true;
            for (Condition condition : where) {
                if (condition.argument() == argument && condition.isOfBits()) {
                    forced = forced & ~condition.mask() | condition.value();
                }
            }
            for (Condition condition : where) {
                holds &= condition.argument() != argument || condition.holds(forced);
            }
            if (holds) {
                values.add(forced);
            }
        }
        return values;
    }

    private static void addAround(Condition condition, Set<Long> values) {
        long value = condition.value();
        values.addAll(List.of(value, value - 1, value + 1));
        if (condition.operator() == Operator.MASKED_EQ) {
            values.add(value | ~condition.mask());
            values.add(value ^ Long.lowestOneBit(condition.mask()));
        }
    }
}
