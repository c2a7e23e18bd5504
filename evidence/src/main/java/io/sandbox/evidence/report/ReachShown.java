// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import java.util.List;
import java.util.Optional;

/**
 * What the code of a program can call.
 *
 * @param auditArch the AUDIT_ARCH value of its calls
 * @param calls all that are reachable, by name
 * @param remarks what the answer may lack, one sentence each
 */
public record ReachShown(
        String program, int auditArch, List<ReachedCall> calls, List<String> remarks) {
    public ReachShown {
        calls = List.copyOf(calls);
        remarks = List.copyOf(remarks);
    }

    /**
     * A call that can be reached.
     *
     * @param floor whether every program reaches it
     * @param seen whether the recording shows it in this program
     * @param path a shortest way there
     * @param exercise what a test can do to make it
     */
    public record ReachedCall(
            String name,
            int number,
            boolean floor,
            boolean seen,
            String path,
            Optional<String> exercise) {
        /** Whether a tester should know of it. */
        boolean isOpen() {
            return !floor && !seen;
        }
    }
}
