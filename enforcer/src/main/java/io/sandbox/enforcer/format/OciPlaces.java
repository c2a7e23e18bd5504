// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.edit.EditablePart;
import io.sandbox.enforcer.edit.EditableRow;
import io.sandbox.enforcer.edit.JsonSyntax;
import io.sandbox.enforcer.edit.SyntaxNode;
import java.util.ArrayList;
import java.util.List;

/** The lists of names that are allowed with any arguments and in all circumstances. */
final class OciPlaces implements CallPlaces {
    private static final String ALLOW = "SCMP_ACT_ALLOW";

    @Override
    public List<EditablePart> in(String text) {
        SyntaxNode root = JsonSyntax.parse(text);
        SyntaxNode profile =
                root.find("linux").flatMap(linux -> linux.find("seccomp")).orElse(root);
        List<EditablePart> parts = new ArrayList<>();
        for (SyntaxNode names : plainNames(profile)) {
            parts.add(EditableRow.ofTexts(text, names, add -> "\"" + add.call() + "\""));
        }
        return parts;
    }

    static List<SyntaxNode> plainNames(SyntaxNode profile) {
        List<SyntaxNode> found = new ArrayList<>();
        for (SyntaxNode rule : profile.find("syscalls").map(SyntaxNode::items).orElse(List.of())) {
            boolean plain =
                    rule.find("action").filter(a -> a.text().equals(ALLOW)).isPresent()
                            && !rule.has("args")
                            && !rule.has("includes")
                            && !rule.has("excludes");
            if (plain) {
                rule.find("names").ifPresent(found::add);
            }
        }
        return found;
    }
}
