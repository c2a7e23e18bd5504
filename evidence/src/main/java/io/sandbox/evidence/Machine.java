// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

/**
 * The machine on which evidence was collected.
 *
 * @param kernel the kernel's release, as {@code uname -r} prints it
 * @param arch the kernel's architecture, as {@code uname -m} prints it
 * @param tool the version of this program
 */
public record Machine(String kernel, String arch, String tool) {
    public Machine {
        Required.all(kernel, arch, tool);
    }
}
