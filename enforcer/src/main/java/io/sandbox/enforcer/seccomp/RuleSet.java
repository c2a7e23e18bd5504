// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.Condition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rules of a policy for one architecture. Each number has alternatives: conditions that must
 * all hold, and the value that the filter then returns. The first alternative that holds decides.
 * The set is kept in a form that libseccomp and {@link AlternativesCode} translate correctly. It
 * has no conditions that always hold, no rules that never decide, and no rules that decide as if
 * there were none. A rule without conditions is the last of its number, and the rule before it
 * returns another value.
 */
final class RuleSet {
    private final int otherwise;
    private final Map<Integer, Map<List<Condition>, Integer>> rules = new TreeMap<>();
    private final Set<Integer> numbers = new TreeSet<>();
    private int size;

    /** {@code otherwise}: what the filter returns for a call that no rule matches. */
    RuleSet(int otherwise) {
        this.otherwise = otherwise;
    }

    int otherwise() {
        return otherwise;
    }

    /** Adds a rule after those that the number already has. */
    void add(int number, List<Condition> conditions, int returned) {
        List<Condition> needed = new ArrayList<>(conditions.size());
        for (Condition condition : conditions) {
            if (condition.neverHolds()) {
                return;
            }
            if (!alwaysHolds(condition)) {
                needed.add(condition);
            }
        }
        numbers.add(number);
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

    /** Removes the rules at the end that return the same as the default after them. */
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

    /** All for which there was a rule that can hold, also one that decides as no rule would. */
    Set<Integer> numbers() {
        return numbers;
    }

    /** The number of rules, of all numbers together. */
    int size() {
        return size;
    }

    /** The numbers with rules, ascending, and their alternatives. No rule may follow. */
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
