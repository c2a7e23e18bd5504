// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

import io.sandbox.reach.ReachableCall;
import io.sandbox.syscalldb.Risk;
import java.util.Optional;

/**
 * A reachable call beside what else is known of it.
 *
 * @param allowed whether the policy allows it, with some arguments or all
 * @param seen whether a recording shows it
 * @param exercise what a test can do to make it
 */
record ReviewedCall(
        ReachableCall call, boolean allowed, boolean seen, Risk risk, Optional<String> exercise) {
    /**
     * Whether a tester should know of it: nobody allows it, and no test made it.
     *
     * @param isCompared whether there is a policy or a recording, which have what every program
     *     does at its start
     */
    boolean isOpen(boolean isCompared) {
        return !allowed && !seen && (!call.floor() || isCompared && call.isAskedFor());
    }

    /** By what the program leads there: the name that it imports, or its own code. */
    String origin() {
        return call.imported().orElse("its own code");
    }
}
