// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.edit.EditableItem;
import io.sandbox.enforcer.edit.EditableLines;
import io.sandbox.enforcer.edit.EditablePart;
import io.sandbox.enforcer.edit.PolicyEdit.Addition;
import io.sandbox.enforcer.policy.Action;
import java.util.ArrayList;
import java.util.List;

/** All lines of a list. */
final class ListPlaces implements CallPlaces {
    @Override
    public boolean says(Addition addition) {
        return addition.action() == Action.ALLOW;
    }

    @Override
    public List<EditablePart> in(String text) {
        List<String> subjects = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String entry = line.replaceFirst("#.*", "").strip();
            subjects.add(entry.isEmpty() ? null : EditableItem.subjectOf(entry));
        }
        return List.of(
                EditableLines.of(text, subjects, false, add -> add.subject() + add.remark()));
    }
}
