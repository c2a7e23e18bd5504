// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

/** Limits the cost of decoding, since a hostile filter can have too many paths to follow. */
final class Work {
    /** The cost of a new state in memory and time, in steps. */
    static final int NEW_STATE = 200;

    /** The most steps, which take a second or two. */
    private static final int LIMIT = 20_000_000;

    /** Thrown when decoding costs more. */
    static final class Exceeded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Exceeded() {
            super("too many ways through the filter", null, false, false);
        }
    }

    private int done;

    void add(int steps) {
        done += steps;
        if (done > LIMIT) {
            throw new Exceeded();
        }
    }
}
