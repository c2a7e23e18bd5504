// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.edit.EditableLines;
import io.sandbox.policy.edit.EditablePart;
import io.sandbox.policy.edit.EditableRow;
import io.sandbox.policy.edit.PolicyEdit.Addition;
import io.sandbox.policy.edit.SyntaxNode;
import io.sandbox.policy.edit.TextLines;
import io.sandbox.policy.edit.YamlSyntax;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The lists of names in a profile, in brackets or on separate lines of YAML. */
final class SpoPlaces implements CallPlaces {
    private static final String AFTER_ALL_NAMES = "~";

    @Override
    public List<EditablePart> in(String text) {
        return specs(text).stream()
                .flatMap(spec -> OciPlaces.plainNames(spec).stream())
                .map(names -> part(text, names))
                .toList();
    }

    private static List<SyntaxNode> specs(String text) {
        return YamlSyntax.parse(text).stream()
                .filter(
                        document ->
                                document.find("kind")
                                        .filter(kind -> kind.text().equals(SpoReader.KIND))
                                        .isPresent())
                .map(document -> document.members().get("spec"))
                .toList();
    }

    @Override
    public boolean says(Addition addition) {
        return addition.isPlain() || OciPlaces.isSaid(addition);
    }

    @Override
    public List<EditablePart> rulesIn(String text) {
        return specs(text).stream()
                .flatMap(spec -> spec.find("syscalls").stream())
                .filter(rules -> !rules.items().isEmpty())
                .map(
                        rules ->
                                rules.isRow()
                                        ? OciPlaces.rules(text, rules, false)
                                        : lines(text, rules))
                .toList();
    }

    /** The lines of the first rule: a new one comes before it, since a rule ends anywhere. */
    private static EditablePart lines(String text, SyntaxNode rules) {
        TextLines lines = new TextLines(text);
        List<String> subjects = new ArrayList<>(Collections.nCopies(lines.count(), (String) null));
        int start = rules.items().get(0).start();
        int line = lines.lineAt(start);
        subjects.set(line, AFTER_ALL_NAMES);
        String dash = text.substring(lines.start(line), start);
        return EditableLines.of(
                text, subjects, false, add -> dash + OciPlaces.rule(add, false) + add.remark());
    }

    private static EditablePart part(String text, SyntaxNode list) {
        if (list.isRow()) {
            return EditableRow.ofTexts(text, list, add -> add.call().toString());
        }
        TextLines lines = new TextLines(text);
        List<String> subjects = new ArrayList<>(Collections.nCopies(lines.count(), (String) null));
        String dash = "- ";
        for (SyntaxNode name : list.items()) {
            int line = lines.lineAt(name.start());
            subjects.set(line, name.text());
            dash = text.substring(lines.start(line), name.start());
        }
        String before = dash;
        return EditableLines.of(text, subjects, false, add -> before + add.call() + add.remark());
    }
}
