// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.edit.EditablePart;
import io.sandbox.policy.edit.EditableRow;
import io.sandbox.policy.edit.TextLines;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines that add calls; for a setting of several lines, its first line. */
final class SystemdPlaces implements CallPlaces {
    private static final Pattern SETTING =
            Pattern.compile("\\s*" + SystemdReader.FILTER + "\\s*=\\s*([^~\\s].*)");

    @Override
    public List<EditablePart> in(String text) {
        TextLines lines = new TextLines(text);
        List<EditablePart> parts = new ArrayList<>();
        for (int i = 0; i < lines.count(); i++) {
            Matcher setting = SETTING.matcher(lines.content(i));
            if (setting.matches()) {
                int start = lines.start(i) + setting.start(1);
                int end = lines.start(i) + setting.end(1);
                parts.add(
                        EditableRow.ofWords(
                                text,
                                start,
                                end,
                                "[^\\s\\\\]+",
                                " ",
                                add -> add.call().toString()));
            }
        }
        return parts;
    }
}
