// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.PolicyEnvironment;
import io.sandbox.policy.edit.EditablePart;
import io.sandbox.policy.edit.EditableRow;
import io.sandbox.policy.edit.PolicyEdit.Addition;
import io.sandbox.policy.edit.TextLines;
import java.util.List;

/** The entries in the variable of an allow list. */
final class EnvPlaces implements CallPlaces {
    @Override
    public boolean says(Addition addition) {
        return addition.isOfEntries();
    }

    @Override
    public List<EditablePart> in(String text) {
        TextLines lines = new TextLines(text);
        for (int i = 0; i < lines.count(); i++) {
            String line = lines.content(i);
            if (line.strip().startsWith(PolicyEnvironment.ALLOW + "=")) {
                int start = lines.start(i) + line.indexOf('=') + 1;
                start += text.startsWith("\"", start) ? 1 : 0;
                int end = lines.start(i) + line.stripTrailing().length();
                end -= end > start && text.charAt(end - 1) == '"' ? 1 : 0;
                return List.of(
                        EditableRow.ofWords(text, start, end, "[^:]+", ":", Addition::entry));
            }
        }
        return List.of();
    }
}
