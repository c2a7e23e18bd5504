// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import io.sandbox.text.VisibleText;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes comments in formats with one item on each line. */
public final class NoteLines {
    private final char marker;
    private final List<String> pending = new ArrayList<>();
    private final List<String> ofFile = new ArrayList<>();
    private boolean beforeRules = true;

    /** {@code marker}: the character before a comment. */
    public NoteLines(char marker) {
        this.marker = marker;
    }

    /** Whether the line is blank or a comment. Remembers the comment. */
    public boolean take(String line) {
        String stripped = line.strip();
        if (stripped.isEmpty()) {
            if (beforeRules) {
                ofFile.addAll(pending);
                pending.clear();
            }
            return true;
        }
        if (stripped.charAt(0) != marker) {
            return false;
        }
        pending.add(content(stripped));
        return true;
    }

    /** The note of the rule on this line, with the comments before it. */
    public Note noteAt(int line, String reason) {
        Note note = new Note(pending, reason, line);
        pending.clear();
        beforeRules = false;
        return note;
    }

    /** The comments that belong to no rule. */
    public List<String> ofFile() {
        ofFile.addAll(pending);
        pending.clear();
        return ofFile;
    }

    /** The text after the marker, without the first blank. */
    public static String content(String comment) {
        return comment.startsWith(" ", 1)
                ? comment.substring(2).stripTrailing()
                : comment.substring(1).stripTrailing();
    }

    /**
     * A line of a comment for a format that has no escapes. In some formats a backslash at the end
     * would make the next line, which may be a rule, a part of the comment.
     */
    public static String shown(String line) {
        String shown = VisibleText.of(line.replace('\t', ' ')).stripTrailing();
        return shown.endsWith("\\") ? shown.substring(0, shown.length() - 1) + "\\x5c" : shown;
    }

    public static void write(StringBuilder out, char marker, List<String> comments) {
        for (String comment : comments) {
            out.append((marker + " " + shown(comment)).stripTrailing()).append('\n');
        }
    }

    /** Writes comments on the whole file, followed by an empty line. */
    public static void writeOfFile(StringBuilder out, char marker, List<String> comments) {
        write(out, marker, comments);
        if (!comments.isEmpty()) {
            out.append('\n');
        }
    }
}
