// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.edit;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of a JSON or YAML text, and where in the text it is.
 *
 * @param start in chars
 * @param end behind it
 * @param isRow whether it is a list in brackets
 * @param text of a scalar, else empty
 * @param members of an object, else empty
 * @param items of a list, else empty
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

    /** Of a list or an object that may be absent. */
    public boolean has(String key) {
        return find(key).filter(n -> !n.items.isEmpty() || !n.members.isEmpty()).isPresent();
    }
}
