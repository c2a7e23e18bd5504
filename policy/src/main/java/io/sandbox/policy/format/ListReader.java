// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads one entry from each line, written as in our variables: a call that is allowed, or fails
 * with an errno. {@code #} begins a comment.
 */
final class ListReader implements FormatReader {
    private static final Pattern LINE =
            Pattern.compile("[a-z_0-9]+(\\([^:]*\\))?(=\\w*)?(\\s*#.*)?");

    @Override
    public Fit fit(UnknownText text) {
        return text.fitOfLines(line -> LINE.matcher(line).matches());
    }

    @Override
    public Reading read(String text, Surroundings around) {
        NoteLines notes = new NoteLines('#');
        List<Rule> rules = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!notes.take(lines.get(i))) {
                rules.add(rule(lines.get(i), i + 1, notes));
            }
        }
        List<Rule> ordered = Rule.strictestFirst(rules);
        PolicyDocument document =
                new PolicyDocument(
                        Action.KILL, ordered, Coverage.NATIVE, false, false, notes.ofFile());
        return new Reading(document, List.of());
    }

    private static Rule rule(String line, int number, NoteLines notes) {
        int hash = line.indexOf('#');
        String entry = (hash == -1 ? line : line.substring(0, hash)).strip();
        String reason = hash == -1 ? "" : NoteLines.content(line.substring(hash));
        if (entry.contains(":")) {
            throw PolicyFormatException.at(number, "one system call on a line, without colons");
        }
        try {
            PolicyEntry call = PolicyText.parseEntries(entry).get(0);
            Action action =
                    call.errno().isPresent() ? Action.errno(call.errno().getAsInt()) : Action.ALLOW;
            return Rule.of(call.call(), call.conditions(), action)
                    .withNote(notes.noteAt(number, reason));
        } catch (PolicySyntaxException e) {
            throw PolicyFormatException.at(number, e.getMessage(), e);
        }
    }
}
