// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Computes for which arguments the rules of one call decide in a certain way. The result is a list
 * of alternatives, each with conditions that must all hold. For formats without an order of rules.
 */
public final class Region {
    /** Nobody could review more alternatives. */
    public static final int LIMIT = 64;

    /** How many values of an argument are listed in place of a range. */
    private static final int FEW = 16;

    private Region() {}

    /**
     * @param rules the rules of one call, of which the first that holds decides
     * @return empty if it would need too many alternatives. A list without alternatives means
     *     never; an alternative without conditions means always
     */
    public static Optional<List<List<Condition>>> where(
            List<Rule> rules, Predicate<Action> wanted) {
        Set<List<Condition>> found = new LinkedHashSet<>();
        List<List<Condition>> notDecided = List.of(List.of());
        int end = rules.size(); // of the last rule that is wanted: those behind it do not matter
        while (end > 0 && !wanted.test(rules.get(end - 1).action())) {
            end--;
        }
        for (Rule rule : rules.subList(0, end)) {
            boolean isWanted = wanted.test(rule.action());
            Optional<List<List<Condition>>> both =
                    product(
                            notDecided,
                            isWanted ? List.of(rule.conditions()) : negation(rule.conditions()));
            if (both.isEmpty()) {
                return Optional.empty();
            }
            if (!isWanted) {
                notDecided = both.get();
                continue;
            }
            found.addAll(both.get());
            if (found.contains(List.<Condition>of())) {
                return Optional.of(List.of(List.of()));
            }
            if (found.size() > LIMIT) {
                return Optional.empty();
            }
            if (!rule.isConditional()) {
                break;
            }
        }
        return Optional.of(List.copyOf(found));
    }

    /**
     * The alternatives for "both hold": each of the left combined with each of the right.
     *
     * @return empty if it would need too many alternatives, or one of them too many conditions
     */
    public static Optional<List<List<Condition>>> product(
            List<List<Condition>> left, List<List<Condition>> right) {
        Set<List<Condition>> all = new LinkedHashSet<>();
        for (List<Condition> one : left) {
            for (List<Condition> other : right) {
                List<Condition> both = new ArrayList<>(one);
                for (Condition condition : other) {
                    if (!mergeInto(both, condition)) {
                        both.clear();
                        break;
                    }
                }
                if (both.size() > Rule.MAX_CONDITIONS) {
                    return Optional.empty();
                }
                if (!both.isEmpty() || one.isEmpty() && other.isEmpty()) {
                    all.add(both);
                }
            }
            if (all.size() > LIMIT) {
                return Optional.empty();
            }
        }
        return Optional.of(List.copyOf(all));
    }

    /**
     * Adds a condition. Several tests of one argument's bits become one test.
     *
     * @return false if the conditions can never hold together
     */
    private static boolean mergeInto(List<Condition> conditions, Condition added) {
        for (int i = 0; i < conditions.size(); i++) {
            Condition known = conditions.get(i);
            if (known.equals(added)) {
                return true;
            }
            boolean bits =
                    known.argument() == added.argument() && known.isOfBits() && added.isOfBits();
            if (bits) {
                if (((known.value() ^ added.value()) & known.mask() & added.mask()) != 0) {
                    return false;
                }
                conditions.set(
                        i,
                        Condition.masked(
                                known.argument(),
                                known.mask() | added.mask(),
                                known.value() | added.value()));
                return true;
            }
        }
        conditions.add(added);
        return true;
    }

    /**
     * The same as alternatives with one condition for each argument, where several conditions leave
     * an argument only a few values; otherwise the conditions as they are.
     */
    public static List<List<Condition>> spelledOut(List<Condition> conditions) {
        List<List<Condition>> alternatives = List.of(List.of());
        for (int argument = 0; argument < Condition.ARGUMENTS; argument++) {
            int place = argument;
            List<Condition> ofOne =
                    conditions.stream().filter(each -> each.argument() == place).toList();
            List<List<Condition>> values = ofOne.size() > 1 ? values(ofOne) : List.of(ofOne);
            alternatives = product(alternatives, values).orElse(List.of());
        }
        return alternatives.isEmpty() ? List.of(conditions) : alternatives;
    }

    /** Each value of an argument as a condition; or all conditions if there are many values. */
    private static List<List<Condition>> values(List<Condition> ofOne) {
        long lowest = 0;
        long highest = Long.MAX_VALUE;
        for (Condition each : ofOne) {
            switch (each.operator()) {
                case GE -> lowest = Math.max(lowest, each.value());
                case GT -> lowest = Math.max(lowest, each.value() + 1);
                case LE -> highest = Math.min(highest, each.value());
                case LT -> highest = Math.min(highest, each.value() - 1);
                default -> {}
            }
        }
        // Numbers from 2^63 on are negative here.
        if (highest < 0 || highest - lowest >= FEW) {
            return List.of(ofOne);
        }
        List<List<Condition>> values = new ArrayList<>();
        for (long value = lowest; value <= highest; value++) {
            long tried = value;
            if (ofOne.stream().allMatch(each -> each.holds(tried))) {
                values.add(List.of(Condition.of(ofOne.get(0).argument(), Operator.EQ, value)));
            }
        }
        return values;
    }

    /** Whether both can hold for the same arguments. True in cases that are hard to decide. */
    public static boolean overlap(List<Condition> one, List<Condition> other) {
        for (Condition condition : one) {
            for (Condition otherCondition : other) {
                if (condition.argument() == otherCondition.argument()
                        && (exclude(condition, otherCondition)
                                || exclude(otherCondition, condition))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether the second condition never holds if the first does. */
    private static boolean exclude(Condition first, Condition second) {
        return switch (first.operator()) {
            case EQ -> !second.holds(first.value());
            case LT, LE ->
                    second.operator() == Operator.GE && !first.holds(second.value())
                            || second.operator() == Operator.GT
                                    && (second.value() == -1 || !first.holds(second.value() + 1));
            case MASKED_EQ ->
                    second.operator() == Operator.MASKED_EQ
                            && ((first.value() ^ second.value()) & first.mask() & second.mask())
                                    != 0;
            default -> false;
        };
    }

    /** Alternatives of which one holds if, and only if, not all conditions hold. */
    private static List<List<Condition>> negation(List<Condition> conditions) {
        List<List<Condition>> alternatives = new ArrayList<>();
        conditions.forEach(condition -> alternatives.addAll(negation(condition)));
        return alternatives;
    }

    public static List<List<Condition>> negation(Condition condition) {
        int argument = condition.argument();
        long value = condition.value();
        return switch (condition.operator()) {
            case EQ -> one(argument, Operator.NE, value);
            case NE -> one(argument, Operator.EQ, value);
            case LT -> one(argument, Operator.GE, value);
            case LE -> one(argument, Operator.GT, value);
            case GT -> one(argument, Operator.LE, value);
            case GE -> one(argument, Operator.LT, value);
            case MASKED_EQ -> otherBits(argument, condition.mask(), value);
        };
    }

    private static List<List<Condition>> one(int argument, Operator operator, long value) {
        return List.of(List.of(Condition.of(argument, operator, value)));
    }

    private static List<List<Condition>> otherBits(int argument, long mask, long value) {
        List<List<Condition>> alternatives = new ArrayList<>();
        for (long rest = mask; rest != 0; rest &= rest - 1) {
            long bit = Long.lowestOneBit(rest);
            alternatives.add(List.of(Condition.masked(argument, bit, ~value & bit)));
        }
        return alternatives;
    }
}
