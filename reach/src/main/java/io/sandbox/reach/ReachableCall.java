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

    /**
     * Whether the program makes the call itself, or by a function that it names, such as uname. An
     * empty program may reach it too, but not for the same purpose.
     */
    public boolean isAskedFor() {
        return path.size() == 1 || path.size() == 2 && path.get(0).imported().isPresent();
    }

    /** Whether the path leads through libraries that have more to do than to make the call. */
    public boolean isIndirect() {
        return path.stream().map(Step::file).distinct().count() > 2;
    }

    /** The first name by which the path leads to another file; empty if it stays in the program. */
    public Optional<String> imported() {
        return path.stream().flatMap(step -> step.imported().stream()).findFirst();
    }
}
