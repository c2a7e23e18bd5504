// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.edit.EditablePart;
import io.sandbox.policy.edit.PolicyEdit.Addition;
import java.util.ArrayList;
import java.util.List;

/** All lines of a list. */
final class ListPlaces implements CallPlaces {
    @Override
    public boolean says(Addition addition) {
        return addition.isOfEntries();
    }

    @Override
    public List<EditablePart> in(String text) {
        List<String> subjects = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String entry = line.replaceFirst("#.*", "").strip();
            subjects.add(entry.isEmpty() ? null : EditablePart.subjectOf(entry));
        }
        return List.of(
                EditablePart.ofLines(text, subjects, false, add -> add.entry() + add.remark()));
    }
}
