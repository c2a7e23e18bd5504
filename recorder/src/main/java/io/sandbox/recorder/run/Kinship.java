// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.util.function.IntPredicate;

/** Whether a process descends from the target. */
interface Kinship {
    /** How a process is related to the target. */
    enum Kin {
        /** It descends from a process of the target. */
        OURS,
        /** It descends from a process that is older than the target, which has not adopted it. */
        STRANGER,
        /** It has ended, or may have been adopted. */
        UNKNOWN
    }

    /** {@code isOurs}: whether a process is known to belong to the target. */
    Kin of(int process, IntPredicate isOurs);
}
