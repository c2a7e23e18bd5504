// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.bpf;

/**
 * Calls whose numbers, as unsigned values, go from one to another, and what is decided about each.
 *
 * @param to included
 */
record NumberRange(long from, long to, DecisionNode decision) {
    long size() {
        return to - from + 1;
    }
}
