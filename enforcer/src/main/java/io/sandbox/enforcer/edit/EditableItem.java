// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.edit;

import io.sandbox.enforcer.policy.PolicyEntry;
import io.sandbox.enforcer.policy.PolicySyntaxException;
import io.sandbox.enforcer.policy.PolicyText;
import java.util.List;

/**
 * Something in a text that can be taken out, or that something can be put beside.
 *
 * @param subject as {@code Rule.subject()} has it, or a group; empty for what must stay
 * @param start of its text, in chars
 * @param end behind its text
 */
public record EditableItem(String subject, int start, int end) {
    /** The subject of an entry as in our lists; empty if it is none. */
    public static String subjectOf(String entry) {
        try {
            List<PolicyEntry> read = PolicyText.parseEntries(entry);
            return read.size() == 1 ? PolicyText.format(read) : "";
        } catch (PolicySyntaxException e) {
            return "";
        }
    }
}
