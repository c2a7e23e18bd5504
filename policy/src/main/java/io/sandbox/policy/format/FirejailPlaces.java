// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.edit.EditablePart;
import io.sandbox.policy.edit.EditableRow;
import io.sandbox.policy.edit.PolicyEdit.Addition;
import io.sandbox.policy.edit.TextLines;
import java.util.List;

/** The value of the last line that keeps calls, the one that counts. */
final class FirejailPlaces implements CallPlaces {
    @Override
    public List<EditablePart> in(String text) {
        TextLines lines = new TextLines(text);
        List<EditablePart> last = List.of();
        for (int i = 0; i < lines.count(); i++) {
            String line = lines.content(i);
            String[] words = line.strip().split("\\s+", 2);
            if (words[0].equals(FirejailReader.KEEP) && words.length == 2) {
                int start = lines.start(i) + line.indexOf(words[1]);
                int end = start + words[1].length();
                last =
                        List.of(
                                EditableRow.ofWords(
                                        text, start, end, "[^,]+", ",", FirejailPlaces::word));
            }
        }
        return last;
    }

    private static String word(Addition addition) {
        return (addition.call() instanceof CallRef.Numbered ? "$" : "") + addition.call();
    }
}
