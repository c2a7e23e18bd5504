// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.edit.EditableItem;
import io.sandbox.policy.edit.EditablePart;
import io.sandbox.policy.edit.EditableRow;
import io.sandbox.policy.edit.JsonSyntax;
import io.sandbox.policy.edit.PolicyEdit.Addition;
import io.sandbox.policy.edit.SyntaxNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The lists of names that are allowed with any arguments and in all circumstances. */
final class OciPlaces implements CallPlaces {
    private static final String ALLOW = "SCMP_ACT_ALLOW";

    @Override
    public List<EditablePart> in(String text) {
        List<EditablePart> parts = new ArrayList<>();
        for (SyntaxNode names : plainNames(profile(text))) {
            parts.add(EditableRow.ofTexts(text, names, add -> "\"" + add.call() + "\""));
        }
        return parts;
    }

    private static SyntaxNode profile(String text) {
        SyntaxNode root = JsonSyntax.parse(text);
        return root.find("linux").flatMap(linux -> linux.find("seccomp")).orElse(root);
    }

    @Override
    public boolean says(Addition addition) {
        return addition.isPlain() || isSaid(addition);
    }

    /** Whether an entry can have this rule: runtimes know calls by name only. */
    static boolean isSaid(Addition addition) {
        return addition.call() instanceof CallRef.Named;
    }

    @Override
    public List<EditablePart> rulesIn(String text) {
        return profile(text)
                .find("syscalls")
                .map(rules -> List.of(rules(text, rules, true)))
                .orElse(List.of());
    }

    /** The list of rules, which may have any order. */
    static EditablePart rules(String text, SyntaxNode rules, boolean docker) {
        List<EditableItem> items = new ArrayList<>();
        for (SyntaxNode rule : rules.items()) {
            items.add(new EditableItem("", rule.start(), rule.end()));
        }
        return EditableRow.ofList(text, rules, items, add -> rule(add, docker));
    }

    /** A rule on one line of JSON. */
    static String rule(Addition addition, boolean docker) {
        Rule rule = addition.rules().get(0);
        Note note = new Note(List.of(), addition.reason(), 0);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("names", List.of(rule.call().toString()));
        entry.putAll(OciTree.withoutNames(rule.withNote(note), rule.conditions(), docker));
        return JsonText.line(entry);
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
