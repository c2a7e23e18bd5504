// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a policy decides about one call: the call's rules, without those that change nothing. */
final class Decision {
    /** With more points to compare, two decisions that differ in their rules count as different. */
    private static final int MAX_POINTS = 200_000;

    private static final int MAX_MASKS = 8;

    private final List<Rule> rules;
    private final Action otherwise;

    /**
     * @param rules the rules of the call, of which the first that holds decides
     * @param otherwise what happens if none holds
     */
    Decision(List<Rule> rules, Action otherwise) {
        List<Rule> deciding = new ArrayList<>();
        Set<List<Condition>> seen = new HashSet<>();
        Action rest = otherwise;
        for (Rule rule : rules) {
            if (!rule.isConditional()) {
                rest = rule.action();
                break;
            }
            if (seen.add(rule.conditions())) {
                deciding.add(rule);
            }
        }
        while (!deciding.isEmpty() && deciding.get(deciding.size() - 1).action().equals(rest)) {
            deciding.remove(deciding.size() - 1);
        }
        this.rules = deciding;
        this.otherwise = rest;
    }

    /**
     * This decision on a machine whose arguments have 32 bits: the upper halves are zero there, and
     * a test of all lower bits is a comparison.
     */
    private Decision withoutUpperHalves() {
        List<Rule> shorter = new ArrayList<>(rules.size());
        for (Rule rule : rules) {
            List<Condition> conditions = new ArrayList<>();
            for (Condition condition : rule.conditions()) {
                boolean whole =
                        isMasked(condition)
                                && (condition.mask() & Condition.LOWER_HALF) == Condition.LOWER_HALF
                                && (condition.value() & ~Condition.LOWER_HALF) == 0;
                conditions.add(
                        whole
                                ? Condition.of(condition.argument(), Operator.EQ, condition.value())
                                : condition);
            }
            shorter.add(Rule.of(rule.call(), conditions, rule.action()));
        }
        return new Decision(shorter, otherwise);
    }

    /** {@link #sameAs(Decision)} on an architecture. */
    boolean sameOn(boolean has32BitArguments, Decision other) {
        return has32BitArguments
                ? withoutUpperHalves().sameAs(other.withoutUpperHalves(), Condition.LOWER_HALF)
                : sameAs(other);
    }

    /** Whether both always decide the same. True is right; false can err with many tests. */
    boolean sameAs(Decision other) {
        return sameAs(other, -1);
    }

    /** {@code highest}: the highest value of an argument. */
    private boolean sameAs(Decision other, long highest) {
        if (rules.isEmpty() && other.rules.isEmpty()) { // most
            return otherwise.equals(other.otherwise);
        }
        if (otherwise.equals(other.otherwise) && groups().equals(other.groups())) {
            return true;
        }
        List<long[]> values = new ArrayList<>();
        long points = 1;
        for (int argument = 0; argument < Condition.ARGUMENTS; argument++) {
            List<Condition> conditions = new ArrayList<>(conditionsOf(argument));
            conditions.addAll(other.conditionsOf(argument));
            if (!isDecidable(conditions)) {
                return false;
            }
            values.add(values(conditions, highest));
            points *= values.get(argument).length;
            if (points > MAX_POINTS) {
                return false;
            }
        }
        return sameAt(other, values, new long[Condition.ARGUMENTS], 0);
    }

    /** The rules in groups of one action each, in which their order says nothing. */
    private List<Map.Entry<Action, Set<Set<Condition>>>> groups() {
        List<Map.Entry<Action, Set<Set<Condition>>>> groups = new ArrayList<>();
        for (Rule rule : rules) {
            int last = groups.size() - 1;
            if (last < 0 || !groups.get(last).getKey().equals(rule.action())) {
                groups.add(Map.entry(rule.action(), new HashSet<>()));
                last++;
            }
            groups.get(last).getValue().add(Set.copyOf(rule.conditions()));
        }
        return groups;
    }

    private boolean sameAt(Decision other, List<long[]> values, long[] arguments, int next) {
        if (next == Condition.ARGUMENTS) {
            return at(arguments).equals(other.at(arguments));
        }
        for (long value : values.get(next)) {
            arguments[next] = value;
            if (!sameAt(other, values, arguments, next + 1)) {
                return false;
            }
        }
        return true;
    }

    private List<Condition> conditionsOf(int argument) {
        return rules.stream()
                .flatMap(rule -> rule.conditions().stream())
                .filter(condition -> condition.argument() == argument)
                .toList();
    }

    /** Whether {@link #values} suffices: not if they compare both order and bits. */
    private static boolean isDecidable(List<Condition> conditions) {
        long masks = conditions.stream().filter(Decision::isMasked).distinct().count();
        long orders = conditions.stream().filter(Decision::isOfOrder).count();
        return masks == 0 || orders == 0 && masks <= MAX_MASKS;
    }

    private static boolean isMasked(Condition condition) {
        return condition.operator() == Operator.MASKED_EQ;
    }

    private static boolean isOfOrder(Condition condition) {
        return !condition.isOfBits() && condition.operator() != Operator.NE;
    }

    /** At least one value for each combination of conditions that hold and do not hold. */
    private static long[] values(List<Condition> conditions, long highest) {
        Set<Long> values = new TreeSet<>(List.of(0L, highest));
        List<Condition> masked = new ArrayList<>();
        for (Condition condition : conditions) {
            // With the highest value of all, this has the highest of each range.
            values.addAll(List.of(condition.value(), condition.value() - 1));
            if (isMasked(condition)) {
                masked.add(condition);
            }
        }
        values.add(unnamed(conditions, masked, highest));
        Set<Long> combined = new TreeSet<>(values);
        for (Condition condition : masked) {
            for (long value : List.copyOf(combined)) {
                long forced = value & ~condition.mask() | condition.value();
                combined.add(forced);
                for (long rest = condition.mask(); rest != 0; rest &= rest - 1) {
                    combined.add(forced ^ Long.lowestOneBit(rest));
                }
                if (combined.size() > MAX_POINTS) {
                    break;
                }
            }
        }
        return combined.stream()
                .mapToLong(Long::longValue)
                .filter(value -> Long.compareUnsigned(value, highest) <= 0)
                .toArray();
    }

    /** Bits that no mask has, set as in no value that is compared as a whole, if there are some. */
    private static long unnamed(List<Condition> all, List<Condition> masked, long highest) {
        long outside = highest;
        for (Condition each : masked) {
            outside &= ~each.mask();
        }
        Set<Long> named = new HashSet<>();
        for (Condition each : all) {
            named.add(each.value() & outside);
        }
        long bits = 0;
        while (named.remove(bits)) {
            bits = bits - outside & outside; // the next set of such bits
        }
        return bits;
    }

    private Action at(long[] arguments) {
        return Rule.deciding(rules, arguments).map(Rule::action).orElse(otherwise);
    }

    /** Whether the rules mention this action, so that it may happen for some arguments. */
    boolean mayBe(Action action) {
        return otherwise.equals(action)
                || rules.stream().anyMatch(rule -> rule.action().equals(action));
    }

    /** The decision in words, such as {@code allow if arg0==1, otherwise errno:EPERM}. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Rule rule : rules) {
            String list = PolicyText.format(rule.call(), rule.conditions());
            text.append(ActionText.format(rule.action()))
                    .append(" if ")
                    .append(list, list.indexOf('(') + 1, list.length() - 1)
                    .append(", ");
        }
        return text.append(text.isEmpty() ? "" : "otherwise ")
                .append(ActionText.format(otherwise))
                .toString();
    }
}
