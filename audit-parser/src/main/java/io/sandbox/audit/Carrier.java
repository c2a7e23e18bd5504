// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/** What a record came in, which decides how far the line can be trusted. */
public enum Carrier {
    /** A line of text or a netlink payload; who wrote a line of text is for the caller to know. */
    PLAIN,
    /**
     * An entry of the journal with the fields that journald itself sets ({@code journalctl -o json}
     * or {@code export}): the entry was taken only because they name the kernel, or auditd's own
     * dispatcher, as its writer.
     */
    JOURNAL,
    /**
     * A line of a container's output, as Docker (json-file) or a CRI runtime keep it. Whatever runs
     * in the container can print such a text: it is no proof that the kernel wrote it.
     */
    CONTAINER
}
