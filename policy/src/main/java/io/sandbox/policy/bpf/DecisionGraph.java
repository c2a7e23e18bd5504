// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes nodes of decisions. Equal nodes are one; a test without a difference gets none. */
final class DecisionGraph {
    private record Key(WordTest test, int then, int otherwise) {}

    private final Work work;
    private final Map<Key, DecisionNode> tests = new HashMap<>();
    private final Map<Verdict, DecisionNode> verdicts = new HashMap<>();
    private int made;

    DecisionGraph(Work work) {
        this.work = work;
    }

    DecisionNode verdict(Verdict verdict) {
        return verdicts.computeIfAbsent(
                verdict, v -> new DecisionNode(made++, null, null, null, v, false));
    }

    DecisionNode test(WordTest test, DecisionNode then, DecisionNode otherwise) {
        if (then == otherwise) {
            return then;
        }
        boolean readsNumber = test.isOfNumber() || then.readsNumber() || otherwise.readsNumber();
        return tests.computeIfAbsent(
                new Key(test, then.id(), otherwise.id()),
                key -> new DecisionNode(made++, test, then, otherwise, null, readsNumber));
    }

    /** Simplifies a decision for one call number. */
    DecisionNode forNumber(DecisionNode root, int number) {
        DecisionNode start = root;
        while (!start.isVerdict() && isKnown(start.test())) {
            work.add(1);
            start = start.test().holds(number) ? start.then() : start.otherwise();
        }
        return start.readsNumber() ? rebuilt(start, number) : start;
    }

    private static boolean isKnown(WordTest test) {
        return test.isOfNumber() && !test.isOpaque();
    }

    private DecisionNode rebuilt(DecisionNode root, int number) {
        TreeMap<Integer, DecisionNode> needed = new TreeMap<>();
        TreeMap<Integer, DecisionNode> open = new TreeMap<>(Map.of(root.id(), root));
        while (!open.isEmpty()) {
            work.add(1);
            DecisionNode node = open.pollLastEntry().getValue();
            needed.put(node.id(), node);
            if (node.readsNumber()) {
                if (!isKnown(node.test()) || node.test().holds(number)) {
                    open.put(node.then().id(), node.then());
                }
                if (!isKnown(node.test()) || !node.test().holds(number)) {
                    open.put(node.otherwise().id(), node.otherwise());
                }
            }
        }
        Map<DecisionNode, DecisionNode> made = new HashMap<>();
        for (DecisionNode node : needed.values()) {
            DecisionNode result = node;
            if (node.readsNumber() && isKnown(node.test())) {
                result = made.get(node.test().holds(number) ? node.then() : node.otherwise());
            } else if (node.readsNumber()) {
                result = test(node.test(), made.get(node.then()), made.get(node.otherwise()));
            }
            made.put(node, result);
        }
        return made.get(root);
    }

    /** The tests of a node and of all nodes that follow it. */
    Set<WordTest> testsOf(DecisionNode root) {
        Set<WordTest> found = new HashSet<>();
        for (DecisionNode node : from(root, 0)) {
            if (!node.isVerdict()) {
                found.add(node.test());
            }
        }
        return found;
    }

    /** Whether a path leads from one node to the other. */
    boolean reaches(DecisionNode root, DecisionNode wanted) {
        // Nodes that follow a node have smaller ids.
        return from(root, wanted.id()).contains(wanted);
    }

    /** A node, and all that follow it and do not have a smaller id than this. */
    private Set<DecisionNode> from(DecisionNode root, int smallest) {
        Set<DecisionNode> seen = new HashSet<>();
        ArrayDeque<DecisionNode> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            work.add(1);
            DecisionNode node = open.remove();
            if (node.id() >= smallest && seen.add(node) && !node.isVerdict()) {
                open.add(node.then());
                open.add(node.otherwise());
            }
        }
        return seen;
    }
}
