// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.testing.Results;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageTest {
    private static String text(Object value) {
        return Page.fill("{{text}}", Map.of("text", value));
    }

    @Test
    void text_withMarkup_isText() {
        assertEquals(
                "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;", text("<b a=\"1\" c='2'>&amp;"));
    }

    @Test
    void tagWithoutAValue_isAMistake() {
        assertThrows(RuntimeException.class, () -> Page.fill("{{other}}", Map.of()));
        assertThrows(RuntimeException.class, () -> Page.fill("{{#other}}{{/other}}", Map.of()));
    }

    @Test
    void invisibleCharacters_areShown() {
        assertEquals(
                "a\\x00\\x1b\\u202e\\u2028\\ud800\\ufeffb\\x0a",
                text("a\u0000\u001b\u202e\u2028\ud800\ufeffb\n"));
    }

    @Test
    void lines_keepLinesAndTabs_andNothingElse() {
        assertEquals("&lt;a&gt;\n\tb\\x07\n\n$1\\", text(new Page.Lines("<a>\n\tb\u0007\n\n$1\\")));
    }

    @Test
    void hostileText_leavesNoMarkup() {
        for (String hostile : Results.HOSTILE) {
            String html = text(hostile) + text(new Page.Lines(hostile));
            assertFalse(html.matches("(?s).*[<>\"'].*"), hostile);
            assertTrue(html.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\t'), hostile);
        }
    }

    @Test
    void templates_escapeEveryText_andTheirScriptDoesNotEndEarly() {
        for (String name :
                new String[] {
                    "report.html", "head.html", "picture.html", "policy.html", "worth.html"
                }) {
            assertFalse(Page.resource(name).matches("(?s).*\\{\\{[{&=].*"), name);
        }
        assertFalse((Page.resource("report.css") + Page.resource("report.js")).contains("</"));
    }

    @Test
    void name_tooLong_losesItsMiddle() {
        String name = Units.shortened("a".repeat(1000) + "end");
        assertEquals(301, name.length());
        assertTrue(name.endsWith("aend"));
        assertTrue(name.contains("…"));
    }
}
