// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.edit;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of a JSON or YAML text, and its position in the text.
 *
 * @param start where it begins, in chars
 * @param end the position after it, for texts, lists and objects
 * @param isRow whether it is in brackets, if it is a list
 * @param text the text of a scalar, otherwise empty
 * @param members the members of an object, otherwise empty
 * @param items the items of a list, otherwise empty
 */
public record SyntaxNode(
        int start,
        int end,
        boolean isRow,
        String text,
        Map<String, SyntaxNode> members,
        List<SyntaxNode> items) {
    public Optional<SyntaxNode> find(String key) {
        return Optional.ofNullable(members.get(key));
    }

    /** Whether a member is a list or an object that is not empty. */
    public boolean has(String key) {
        return find(key).filter(n -> !n.items.isEmpty() || !n.members.isEmpty()).isPresent();
    }
}
