// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.bpf;

/**
 * A point of a {@link DecisionGraph}: a test of a word of the call's data with what follows for
 * each result, or a verdict. Two of a graph that say the same are one.
 *
 * @param id above those of all that follows
 * @param test null for a verdict
 * @param readsNumber whether it, or anything that follows, tests the call's number
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

    // Identity: the graph makes each once, and those of records would walk all that follows.

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return id;
    }
}
