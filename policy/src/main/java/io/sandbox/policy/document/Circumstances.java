// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import io.sandbox.syscalldb.KernelVersion;
import java.util.Set;

/**
 * The machine and the process for which a policy is enforced, for rules that depend on them.
 *
 * @param arch the machine's architecture, as our tables name it
 * @param capabilities the capabilities that the process can get (its bounding set), by names like
 *     {@code CAP_SYS_ADMIN}
 */
public record Circumstances(String arch, Set<String> capabilities, KernelVersion kernel) {
    public Circumstances {
        capabilities = Set.copyOf(capabilities);
    }
}
