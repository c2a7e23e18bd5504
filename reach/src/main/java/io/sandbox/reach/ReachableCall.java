// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import java.util.List;
import java.util.Optional;

/**
 * A system call that the code can make.
 *
 * @param floor whether even an empty program reaches it on this system
 * @param path a shortest way to it, from where the program begins; empty if only a recorded run
 *     shows the call
 */
public record ReachableCall(String name, int number, boolean floor, List<Step> path) {
    public ReachableCall {
        path = List.copyOf(path);
    }

    /** The first name by which the path leads to another file; empty if it stays in the program. */
    public Optional<String> imported() {
        return path.stream().flatMap(step -> step.imported().stream()).findFirst();
    }
}
