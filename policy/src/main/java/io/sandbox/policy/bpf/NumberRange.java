// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

/**
 * A range of call numbers, as unsigned values, with the decision about each call in it.
 *
 * @param to the last number, included
 */
record NumberRange(long from, long to, DecisionNode decision) {
    long size() {
        return to - from + 1;
    }
}
