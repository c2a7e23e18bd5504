// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

/**
 * Who decides about calls that get {@link io.sandbox.policy.Action#NOTIFY}: a container runtime
 * sends the filter's listener there.
 *
 * @param path of a unix socket; empty if the file does not say it
 * @param metadata what the runtime sends along; mostly empty
 */
public record Listener(String path, String metadata) {

    /** For people. */
    @Override
    public String toString() {
        return metadata.isEmpty() ? path : path + " (" + metadata + ")";
    }
}
