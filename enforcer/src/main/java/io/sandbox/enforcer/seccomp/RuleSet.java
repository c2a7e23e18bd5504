package io.sandbox.enforcer.seccomp;

import io.sandbox.enforcer.policy.Condition;
import io.sandbox.enforcer.policy.Operator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rules of a policy for one architecture: for each number alternatives, each a conjunction of
 * conditions. In a form that libseccomp and {@link AlternativesCode} get right: conditions that
 * always hold are left out, and so are rules that never match; a rule without conditions is the
 * only one of its number; none is there twice.
 */
final class RuleSet {
    private final Map<Integer, Set<List<Condition>>> rules = new TreeMap<>();
    private int size;

    void add(int number, List<Condition> conditions) {
        List<Condition> needed = new ArrayList<>(conditions.size());
        for (Condition condition : conditions) {
            if (neverHolds(condition)) {
                return;
            }
            if (!alwaysHolds(condition)) {
                needed.add(condition);
            }
        }
        Set<List<Condition>> alternatives = rules.get(number);
        if (alternatives == null) {
            alternatives = new LinkedHashSet<>();
            rules.put(number, alternatives);
        }
        addTo(alternatives, needed);
    }

    private void addTo(Set<List<Condition>> alternatives, List<Condition> needed) {
        if (alternatives.contains(List.of())) {
            return;
        }
        if (needed.isEmpty()) {
            size -= alternatives.size();
            alternatives.clear();
        }
        if (alternatives.add(needed)) {
            size++;
        }
    }

    private static boolean alwaysHolds(Condition condition) {
        return switch (condition.operator()) {
            case MASKED_EQ -> condition.mask() == 0; // the value is then 0, too
            case GE -> condition.value() == 0;
            case LE -> condition.value() == -1; // 2^64 - 1
            default -> false;
        };
    }

    private static boolean neverHolds(Condition condition) {
        return condition.operator() == Operator.LT && condition.value() == 0
                || condition.operator() == Operator.GT && condition.value() == -1;
    }

    /** How many rules there are, of all numbers together. */
    int size() {
        return size;
    }

    /** The numbers that have rules, ascending, with their alternatives. */
    Map<Integer, Set<List<Condition>>> byNumber() {
        return Collections.unmodifiableMap(rules);
    }
}
