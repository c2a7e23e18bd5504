// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.bpf;

/** What decoding may cost: a filter can be made to have more ways through it than can be walked. */
final class Work {
    /** In memory and in time, about as much as so many steps over what there is already. */
    static final int NEW_STATE = 200;

    /** A second or two. */
    private static final int LIMIT = 20_000_000;

    /** Thrown when it costs more. */
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
