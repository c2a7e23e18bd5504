// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.enforcer.policy.Condition;
import io.sandbox.enforcer.policy.Operator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rules of a policy for one architecture: for each number alternatives, each a conjunction of
 * conditions with what the filter returns when they hold; the first that holds decides. In a form
 * that libseccomp and {@link AlternativesCode} get right: conditions that always hold are left out,
 * and so are rules that never decide, or decide as no rule would; a rule without conditions is the
 * last of its number, and all before it return something else.
 */
final class RuleSet {
    private final int otherwise;
    private final Map<Integer, Map<List<Condition>, Integer>> rules = new TreeMap<>();
    private int size;

    /**
     * @param otherwise what the filter returns for a call that no rule matches
     */
    RuleSet(int otherwise) {
        this.otherwise = otherwise;
    }

    int otherwise() {
        return otherwise;
    }

    /** Behind the rules that the number has already. */
    void add(int number, List<Condition> conditions, int returned) {
        List<Condition> needed = new ArrayList<>(conditions.size());
        for (Condition condition : conditions) {
            if (neverHolds(condition)) {
                return;
            }
            if (!alwaysHolds(condition)) {
                needed.add(condition);
            }
        }
        Map<List<Condition>, Integer> alternatives = rules.get(number);
        if (alternatives == null) {
            alternatives = new LinkedHashMap<>();
            rules.put(number, alternatives);
        }
        addTo(alternatives, needed, returned);
    }

    private void addTo(
            Map<List<Condition>, Integer> alternatives, List<Condition> needed, int returned) {
        if (alternatives.containsKey(List.of())) {
            return;
        }
        if (needed.isEmpty()) {
            size -= removeLast(alternatives, returned);
        }
        if (alternatives.putIfAbsent(needed, returned) == null) {
            size++;
        }
    }

    /** Takes away what the end of the rules has in common with a rule for all the rest. */
    private static int removeLast(Map<List<Condition>, Integer> alternatives, int returned) {
        int kept = 0;
        int index = 0;
        for (int value : alternatives.values()) {
            index++;
            if (value != returned) {
                kept = index;
            }
        }
        int removed = index - kept;
        Iterator<?> all = alternatives.keySet().iterator();
        for (int i = 0; all.hasNext(); i++) {
            all.next();
            if (i >= kept) {
                all.remove();
            }
        }
        return removed;
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

    /**
     * The numbers that have rules, ascending, with their alternatives; none is there twice. No rule
     * may be added afterwards.
     */
    Map<Integer, Map<List<Condition>, Integer>> byNumber() {
        Iterator<Map<List<Condition>, Integer>> all = rules.values().iterator();
        while (all.hasNext()) {
            Map<List<Condition>, Integer> alternatives = all.next();
            size -= removeLast(alternatives, otherwise);
            if (alternatives.isEmpty()) {
                all.remove();
            }
        }
        return Collections.unmodifiableMap(rules);
    }
}
