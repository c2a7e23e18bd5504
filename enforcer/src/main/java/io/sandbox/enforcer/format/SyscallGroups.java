// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import java.util.List;
import java.util.Optional;

/** What the {@code @groups} of a format stand for. */
interface SyscallGroups {
    /**
     * The calls of a group, those of its groups included; empty if there is no such group.
     *
     * @param name with its @
     */
    Optional<List<String>> calls(String name);
}
