// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.document;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a file says about a rule to people, and where the rule is.
 *
 * @param comments lines above the rule, without the characters that make them comments; of text
 *     with line breaks, the lines
 * @param reason the text behind the rule, empty if there is none; of several lines one is made
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

    /** Lines, stripped at the end; an empty text is one empty line. */
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
