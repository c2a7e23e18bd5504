// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

/**
 * A node of a {@link DecisionGraph}: either a verdict, or a test with the node that follows for
 * each result. Equal nodes of a graph are one object.
 *
 * @param id larger than the ids of all nodes that follow
 * @param test null for a verdict
 * @param readsNumber whether this node or one that follows tests the call's number
 */
record DecisionNode(
        int id,
        WordTest test,
        DecisionNode then,
        DecisionNode otherwise,
        Verdict verdict,
        boolean readsNumber) {
    boolean isVerdict() {
        return test == null;
    }

    // The graph makes equal nodes once. A record's own methods would visit all nodes that follow.

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return id;
    }
}
