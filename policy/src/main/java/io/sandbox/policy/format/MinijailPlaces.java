// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.edit.EditablePart;
import io.sandbox.policy.edit.PolicyEdit.Addition;
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
    public boolean says(Addition addition) {
        return addition.action() == Action.ALLOW
                || addition.action() instanceof Action.Errno && !addition.isConditional();
    }

    /** A policy has one line for each call. */
    @Override
    public List<Addition> items(Addition addition) {
        return List.of(addition);
    }

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
        return List.of(EditablePart.ofLines(text, subjects, true, add -> line(add, subjects)));
    }

    private static String line(Addition addition, List<String> subjects) {
        String call = addition.call().toString();
        if (subjects.contains(call) || subjects.contains(call + ":")) {
            // Only some of minijail's programs read a file with two.
            throw PolicyFormatException.ofWhole(
                    "has a line for " + call + " already: change it by hand");
        }
        String filter = MinijailWriter.permission(addition.rules(), Action.KILL, new ArrayList<>());
        return call + ": " + filter + addition.remark();
    }

    /** A subject that no rule can have, since it ends with a colon. */
    private static String placeholder(String line) {
        return line.substring(0, line.indexOf(':') + 1).strip();
    }
}
