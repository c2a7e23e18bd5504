// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.edit;

import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.policy.PolicyText;
import java.util.List;

/**
 * A part of a text that can be removed, or beside which something can be added.
 *
 * @param subject as in {@code Rule.subject()}, or a group; empty for an item that must stay
 * @param start where its text begins, in chars
 * @param end the position after its text
 */
public record EditableItem(String subject, int start, int end) {
    /** The subject of an entry of our lists; empty if the text is no entry. */
    public static String subjectOf(String entry) {
        try {
            List<PolicyEntry> read = PolicyText.parseEntries(entry);
            return read.size() == 1 ? PolicyText.format(read) : "";
        } catch (PolicySyntaxException e) {
            return "";
        }
    }
}
