// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.document;

import io.sandbox.syscalldb.KernelVersion;
import java.util.Objects;
import java.util.Set;

/**
 * Where a policy is to be enforced, for rules that depend on it.
 *
 * @param arch the machine's, by the name of our tables
 * @param capabilities what the process may ever have (its bounding set), by names like {@code
 *     CAP_SYS_ADMIN}
 */
public record Circumstances(String arch, Set<String> capabilities, KernelVersion kernel) {
    public Circumstances {
        Objects.requireNonNull(arch, "arch");
        Objects.requireNonNull(kernel, "kernel");
        capabilities = Set.copyOf(capabilities);
    }
}
