// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NoteLinesTest {
    private final NoteLines lines = new NoteLines('#');

    private void take(String... texts) {
        for (String text : texts) {
            assertTrue(lines.take(text), text);
        }
    }

    @Test
    void take_rule_isLeftToTheCaller() {
        assertFalse(lines.take("read"));
        assertFalse(lines.take(" read # why"));
        assertFalse(lines.take("; another marker"));
        assertEquals(List.of(), lines.ofFile());
    }

    @Test
    void noteAt_commentsRightBefore_areTheRules() {
        take("# of the file", "", " # one", "#two");
        assertEquals(new Note(List.of("one", "two"), "why", 5), lines.noteAt(5, "why"));
        assertEquals(Note.at(6), lines.noteAt(6, ""));
        assertEquals(List.of("of the file"), lines.ofFile());
    }

    @Test
    void noteAt_blankLineAfterTheFirstRule_keepsTheComments() {
        lines.noteAt(1, "");
        take("# one", "  ", "# two");
        assertEquals(List.of("one", "two"), lines.noteAt(5, "").comments());
        assertEquals(List.of(), lines.ofFile());
    }

    @Test
    void ofFile_commentsAfterTheLastRule_areOfTheFileOnce() {
        take("# first", "");
        lines.noteAt(3, "");
        take("# last");
        assertEquals(List.of("first", "last"), lines.ofFile());
        assertEquals(List.of("first", "last"), lines.ofFile());
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"#a,a", "# a,a", "#  a, a", "# a ,a", "#a ,a", "#,''", "# ,''"})
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
        NoteLines.writeOfFile(out, '#', List.of("a", ""));
        assertEquals("# a\n#\n\n", out.toString());
    }

    @Test
    void writeOfFile_noComments_isNothing() {
        StringBuilder out = new StringBuilder();
        NoteLines.writeOfFile(out, '#', List.of());
        assertEquals("", out.toString());
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
