// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.edit.EditableItem;
import io.sandbox.policy.edit.EditablePart;
import io.sandbox.policy.edit.EditableRow;
import io.sandbox.policy.edit.JsonSyntax;
import io.sandbox.policy.edit.PolicyEdit.Addition;
import io.sandbox.policy.edit.SyntaxNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The list of rules in our own format. */
final class JsonPlaces implements CallPlaces {
    @Override
    public boolean says(Addition addition) {
        return true;
    }

    @Override
    public List<EditablePart> in(String text) {
        SyntaxNode rules = JsonSyntax.parse(text).members().get("rules");
        List<EditableItem> items = new ArrayList<>();
        for (SyntaxNode rule : rules.items()) {
            items.add(new EditableItem(subject(rule), rule.start(), rule.end()));
        }
        return List.of(EditableRow.ofList(text, rules, items, JsonPlaces::rule));
    }

    /**
     * The subject of a rule. A rule that does not allow gets a subject that no rule can have, so
     * that it stays.
     */
    private static String subject(SyntaxNode rule) {
        String call = rule.members().get("call").text();
        boolean allow = rule.find("action").filter(a -> a.text().equals("allow")).isPresent();
        String conditions =
                rule.find("if").map(SyntaxNode::items).orElse(List.of()).stream()
                        .map(SyntaxNode::text)
                        .collect(Collectors.joining(","));
        String entry = conditions.isEmpty() ? call : call + "(" + conditions + ")";
        return allow ? EditableItem.subjectOf(entry) : entry + ":";
    }

    private static String rule(Addition addition) {
        Rule rule = addition.rules().get(0);
        return JsonWriter.ruleText(rule.withNote(new Note(List.of(), addition.reason(), 0)));
    }
}
