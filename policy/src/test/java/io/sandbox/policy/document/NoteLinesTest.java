// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NoteLinesTest {
    private final NoteLines lines = new NoteLines('#');

    /** A ~ is the end of a line; what is not taken is a rule. */
    @Table
    void take_lines_areCommentsOfRulesOrOfTheFile(String text, String ofRules, String ofFile) {
        List<String> notes = new ArrayList<>();
        for (String line : text.split("~", -1)) {
            if (!lines.take(line)) {
                notes.add(String.join(",", lines.noteAt(notes.size(), "").comments()));
            }
        }
        assertEquals(ofRules, String.join(" | ", notes));
        assertEquals(ofFile, String.join(",", lines.ofFile()));
        assertEquals(ofFile, String.join(",", lines.ofFile()));
    }

    @Test
    void noteAt_rule_hasItsLineAndReason() {
        assertTrue(lines.take("# one"));
        assertEquals(new Note(List.of("one"), "why", 5), lines.noteAt(5, "why"));
        assertEquals(Note.at(6), lines.noteAt(6, ""));
    }

    @Table
    void content_comment_isWithoutMarkerAndOneBlank(String comment, String content) {
        assertEquals(content, NoteLines.content(comment));
    }

    /** In some formats, a backslash at the end would make the next rule a comment. */
    @Table
    void shown_comment_doesNotGoOnInTheNextLine(String comment, String shown) {
        assertEquals(shown, NoteLines.shown(comment));
    }

    @Test
    void writeOfFile_comments_areSetOffByABlankLine() {
        StringBuilder out = new StringBuilder();
        NoteLines.writeOfFile(out, '#', List.of());
        assertEquals("", out.toString());
        NoteLines.writeOfFile(out, '#', List.of("a", ""));
        assertEquals("# a\n#\n\n", out.toString());
    }

    @Test
    void isSilent_noCommentsAndNoReason_only() {
        assertTrue(Note.NONE.isSilent());
        assertTrue(Note.at(3).isSilent());
        assertEquals(3, Note.at(3).line());
        assertFalse(new Note(List.of("a"), "", 0).isSilent());
        assertFalse(new Note(List.of(), "a", 0).isSilent());
    }

    @Test
    void note_textsOfSeveralLines_becomeLines() {
        Note note = new Note(List.of("a \nb", ""), " one \ntwo", 1);
        assertEquals(List.of("a", "b", ""), note.comments());
        assertEquals("one two", note.reason());
    }
}
