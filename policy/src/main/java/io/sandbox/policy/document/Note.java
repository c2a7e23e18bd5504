// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import java.util.List;
import java.util.stream.Stream;

/**
 * The comments on a rule in a file, and the rule's line.
 *
 * @param comments the comment lines above the rule, without comment characters; text with line
 *     breaks is split into lines
 * @param reason the comment after the rule, empty if there is none; several lines are joined to one
 * @param line where the rule begins, from 1; 0 for a rule that was not read from a file
 */
public record Note(List<String> comments, String reason, int line) {
    public static final Note NONE = new Note(List.of(), "", 0);

    public Note {
        comments = allLinesOf(comments);
        reason = reason.isEmpty() ? "" : String.join(" ", linesOf(reason).toList()).strip();
    }

    static List<String> allLinesOf(List<String> texts) {
        return texts.isEmpty() ? List.of() : texts.stream().flatMap(Note::linesOf).toList();
    }

    /** The lines of a text, without blanks at their ends. An empty text is one empty line. */
    public static Stream<String> linesOf(String text) {
        return text.isEmpty() ? Stream.of("") : text.lines().map(String::stripTrailing);
    }

    /** A rule without comments at this line. */
    public static Note at(int line) {
        return new Note(List.of(), "", line);
    }

    public boolean isSilent() {
        return comments.isEmpty() && reason.isEmpty();
    }
}
