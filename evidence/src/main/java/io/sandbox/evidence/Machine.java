// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.Objects;

/**
 * The machine on which evidence was collected.
 *
 * @param kernel the kernel's release, as {@code uname -r} prints it
 * @param arch the kernel's architecture, as {@code uname -m} prints it
 * @param tool the version of this program
 */
public record Machine(String kernel, String arch, String tool) {
    public Machine {
        Objects.requireNonNull(kernel, "kernel");
        Objects.requireNonNull(arch, "arch");
        Objects.requireNonNull(tool, "tool");
    }
}
