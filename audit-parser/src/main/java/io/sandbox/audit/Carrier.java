// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/** The kind of text that a record was found in, which decides how far it can be trusted. */
public enum Carrier {
    /** A line of text or a netlink payload. The caller must know who can write such lines. */
    PLAIN,
    /**
     * An entry of the journal with the fields that journald itself sets ({@code journalctl -o json}
     * or {@code export}): it was accepted only because these fields name the kernel, or auditd's
     * own dispatcher, as its writer.
     */
    JOURNAL,
    /**
     * A line of a container's output, stored by Docker (json-file) or a CRI runtime. Any program in
     * the container can print such a text, so nothing proves that the kernel wrote it.
     */
    CONTAINER
}
