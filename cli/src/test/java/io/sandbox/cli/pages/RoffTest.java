// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoffTest {
    @Test
    void escape_whatMeansSomethingToRoff_isShownAsItIs() {
        assertEquals("a\\eb \\-\\-c \\(aqd\\(aq", Roff.escape("a\\b --c 'd'"));
        assertEquals("\\(dqa\\(dq \\(gab\\(ga \\(ha \\(ti", Roff.escape("\"a\" `b` ^ ~"));
    }

    @Test
    void line_beginsWithADotOrAQuote_isNoRequest() {
        assertEquals("\\&.TH x", Roff.line(".TH x"));
        assertEquals("\\(aqTH x", Roff.line("'TH x"));
        assertEquals("a.b", Roff.line("a.b"));
    }

    @Test
    void paragraph_isBrokenIntoLines_noneOfThemARequest() {
        String dots = ".word ".repeat(40);
        String[] lines = Roff.paragraph(dots).split("\n");
        assertTrue(lines.length > 2, () -> String.join("|", lines));
        for (String line : lines) {
            assertTrue(line.startsWith("\\&.word"), line);
            assertTrue(line.length() <= 78, line);
        }
    }

    @Test
    void paragraph_namesOfOptions_areBold() {
        assertEquals(
                "see \\fB\\-\\-a\\-b\\fR=c, \\fB\\-o\\fR.", Roff.paragraph("see --a-b=c, -o."));
        assertEquals("32\\-bit, \\-90s, \\-", Roff.paragraph("32-bit, -90s, -"));
    }

    @Test
    void synopsis_whatIsTyped_isBold() {
        assertEquals(
                "\\fBprog\\-a sub\\fR [\\fB\\-\\-on\\fR \\fIVERSION\\fR] \\fIN\\fR...",
                Roff.synopsis("prog-a sub", "prog-a sub [--on VERSION] N..."));
    }
}
