// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import java.io.Serializable;

/**
 * Counts the distinct calls of all programs that no table names. A program can make a call with any
 * number, and records come of it, so without a limit it could fill the memory of who reads or
 * follows the log. For one thread.
 */
final class StrangeCalls implements Serializable {
    private static final long serialVersionUID = 1L;

    static final int MAX = 100_000;

    private int count;

    /** Counts one more; false if there is no room for it. */
    boolean take() {
        if (count == MAX) {
            return false;
        }
        count++;
        return true;
    }
}
