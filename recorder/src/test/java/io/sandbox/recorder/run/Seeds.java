// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.util.Random;

/** Repeatable random numbers: a failure names its seed. */
final class Seeds {
    /** The first of a property's seeds, from -Dverdict.seed. */
    static final long FIRST = Long.getLong("verdict.seed", 1);

    /** Consecutive seeds would give a {@link Random} nearly the same first numbers. */
    static Random random(long seed) {
        return new Random(seed * 0x9e37_79b9_7f4a_7c15L);
    }
}
