// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.edit.EditableLines;
import io.sandbox.enforcer.edit.EditablePart;
import io.sandbox.enforcer.edit.EditableRow;
import io.sandbox.enforcer.edit.SyntaxNode;
import io.sandbox.enforcer.edit.TextLines;
import io.sandbox.enforcer.edit.YamlSyntax;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The lists of names in a profile, in brackets or on separate lines of YAML. */
final class SpoPlaces implements CallPlaces {
    @Override
    public List<EditablePart> in(String text) {
        List<EditablePart> parts = new ArrayList<>();
        for (SyntaxNode document : YamlSyntax.parse(text)) {
            boolean isProfile =
                    document.find("kind")
                            .filter(kind -> kind.text().equals(SpoReader.KIND))
                            .isPresent();
            if (isProfile) {
                OciPlaces.plainNames(document.members().get("spec"))
                        .forEach(names -> parts.add(part(text, names)));
            }
        }
        return parts;
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
