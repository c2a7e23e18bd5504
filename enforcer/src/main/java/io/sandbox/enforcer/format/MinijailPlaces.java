// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.edit.EditableLines;
import io.sandbox.enforcer.edit.EditablePart;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the allowed calls in the lines of a minijail policy. */
final class MinijailPlaces implements CallPlaces {
    private static final Pattern PLAIN =
            Pattern.compile("\\s*([a-z_0-9]+)\\s*:\\s*(1|allow)\\s*(#.*)?");
    private static final Pattern NAME = Pattern.compile("\\s*([a-z_0-9]+)\\s*:.*");

    @Override
    public List<EditablePart> in(String text) {
        List<String> subjects = new ArrayList<>();
        boolean goesOn = false;
        for (String line : text.lines().toList()) {
            Matcher plain = PLAIN.matcher(line);
            boolean isItem = !goesOn && NAME.matcher(line).matches();
            // A line with conditions cannot be removed, but it counts for the order of calls.
            subjects.add(!isItem ? null : plain.matches() ? plain.group(1) : placeholder(line));
            goesOn = line.endsWith("\\");
        }
        return List.of(
                EditableLines.of(text, subjects, true, add -> add.call() + ": 1" + add.remark()));
    }

    /** A subject that no rule can have, since it ends with a colon. */
    private static String placeholder(String line) {
        return line.substring(0, line.indexOf(':') + 1).strip();
    }
}
