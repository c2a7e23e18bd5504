// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.testing.Results;
import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlTest {
    @Test
    void text_withMarkup_isText() {
        String html = new Html().add("%s", "<b a=\"1\" c='2'>&amp;").toString();
        assertEquals("&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;", html);
    }

    @Test
    void attribute_withQuotes_staysOne() {
        String html = new Html().add("<td title='%s'>x</td>", "\" onload=\"y").toString();
        assertEquals("<td title=\"&quot; onload=&quot;y\">x</td>", html);
    }

    @Test
    void add_putsEachTextWhereItBelongs() {
        assertEquals(
                "<a b=\"1\">2% 3</a>", new Html().add("<a b='%s'>%s% %s</a>", 1, 2, 3).toString());
        assertThrows(RuntimeException.class, () -> new Html().add("%s"));
        assertThrows(RuntimeException.class, () -> new Html().add("", "x"));
    }

    @Test
    void invisibleCharacters_areShown() {
        String html = new Html().add("%s", "a\u0000\u001b\u202e\u2028\ud800\ufeffb\n").toString();
        assertEquals("a\\x00\\x1b\\u202e\\u2028\\ud800\\ufeffb\\x0a", html);
    }

    @Test
    void lines_keepLinesAndTabs_andNothingElse() {
        String html = new Html().lines("<a>\n\tb\u0007\n\n").toString();
        assertEquals("\n&lt;a&gt;\n\tb\\x07\n\n", html);
    }

    @Test
    void hostileText_leavesNoMarkup() {
        for (String text : Results.HOSTILE) {
            for (String html :
                    List.of(
                            new Html().add("%s", text).toString(),
                            new Html().lines(text).toString())) {
                assertFalse(html.matches("(?s).*[<>\"'].*"), text);
                assertTrue(html.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\t'), text);
            }
        }
    }

    @Test
    void name_tooLong_losesItsMiddle() {
        String name = Html.shortened("a".repeat(1000) + "end");
        assertEquals(301, name.length());
        assertTrue(name.endsWith("aend"));
        assertTrue(name.contains("…"));
    }

    @Test
    void resource_thatEndsItsElement_isRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> new Html().resource("script", "'</script>'"));
    }
}
