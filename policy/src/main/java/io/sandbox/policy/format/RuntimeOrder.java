// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.meaning.Region;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The order in which libseccomp tests the rules with arguments of one call. It does not depend on
 * the order in the file. It was measured with libseccomp 2.6, and OciMeaningIT compares it.
 *
 * <p>libseccomp makes one tree of all these rules, in which each test looks at 32 bits. Only for
 * some kinds of rules, the tree decides like whole rules that are tested in turn.
 */
final class RuntimeOrder {
    /** A higher argument first, then equality, then limits: a small limit and a great value. */
    private static final Comparator<Condition> BY_TEST =
            Comparator.comparingInt((Condition condition) -> -condition.argument())
                    .thenComparing(RuntimeOrder::isLimit)
                    .thenComparing(RuntimeOrder::byValue);

    private static final Comparator<Condition> BY_ARGUMENT =
            Comparator.comparingInt(Condition::argument);
    private static final Set<Operator> LIMITS = Set.of(Operator.LT, Operator.LE);
    private static final Set<Operator> LIMITS_OR_EQUAL =
            Set.of(Operator.LT, Operator.LE, Operator.EQ);
    private static final Set<Operator> LIMITS_OR_BITS =
            Set.of(Operator.LT, Operator.LE, Operator.MASKED_EQ);

    private static boolean isLimit(Condition condition) {
        return LIMITS.contains(condition.operator());
    }

    private static int byValue(Condition one, Condition other) {
        int order = Long.compareUnsigned(one.value(), other.value());
        return isLimit(one) ? order : -order;
    }

    /** Whether two rules can hold for the same arguments and have different actions. */
    static boolean matters(List<Rule> rules) {
        for (Rule one : rules) {
            for (Rule other : rules) {
                if (!one.action().equals(other.action())
                        && !one.scope().excludes(other.scope())
                        && Region.overlap(one.conditions(), other.conditions())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether libseccomp decides by the first that holds, in the order that we know. */
    static boolean isKnown(List<Rule> rules) {
        for (Rule one : rules) {
            for (Rule other : rules) {
                if (!one.action().equals(other.action())
                        && one.conditions().containsAll(other.conditions())) {
                    return false; // a contradiction for libseccomp
                }
            }
        }
        List<Condition> conditions =
                rules.stream().flatMap(rule -> rule.conditions().stream()).toList();
        return haveOperators(conditions, Set.of(Operator.EQ))
                || conditions.size() == rules.size()
                        && conditions.stream().map(Condition::argument).distinct().count() == 1
                        && conditions.stream().allMatch(RuntimeOrder::isOfLowHalf)
                        && (haveOperators(conditions, LIMITS_OR_EQUAL)
                                || haveOperators(conditions, LIMITS_OR_BITS));
    }

    private static boolean haveOperators(List<Condition> conditions, Set<Operator> operators) {
        return conditions.stream().allMatch(condition -> operators.contains(condition.operator()));
    }

    private static boolean isOfLowHalf(Condition condition) {
        boolean bits = condition.operator() == Operator.MASKED_EQ;
        return ((bits ? condition.mask() : condition.value()) >>> Integer.SIZE) == 0;
    }

    static List<Rule> of(List<Rule> rules) {
        return rules.stream().sorted(RuntimeOrder::compare).toList();
    }

    private static int compare(Rule one, Rule other) {
        Iterator<Condition> rest = other.conditions().stream().sorted(BY_ARGUMENT).iterator();
        for (Condition condition : one.conditions().stream().sorted(BY_ARGUMENT).toList()) {
            int order = rest.hasNext() ? BY_TEST.compare(condition, rest.next()) : 1;
            if (order != 0) {
                return order;
            }
        }
        return rest.hasNext() ? -1 : 0;
    }
}
