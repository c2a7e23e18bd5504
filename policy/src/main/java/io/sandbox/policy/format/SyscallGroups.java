// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import java.util.List;
import java.util.Optional;

/** The {@code @groups} of a format. */
interface SyscallGroups {
    /**
     * The calls of a group, including those of groups in it; empty if there is no such group.
     *
     * @param name the name with its @
     */
    Optional<List<String>> calls(String name);
}
