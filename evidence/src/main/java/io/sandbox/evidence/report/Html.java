// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.text.VisibleText;
import java.util.Set;

/**
 * Builds HTML. This is the only place that escapes text, and nothing gets around it: names of
 * elements and attributes are constants of ours, and all else is text.
 *
 * <p>A page is complete without its script. The rows are in the file, and the script only sorts and
 * hides them, so nothing makes markup of data in the browser. Pictures are SVG with places in
 * percent, which needs no library and fits any width. The page also obeys only the script and the
 * style whose hashes it states.
 */
final class Html {
    /** A path is at most so long (PATH_MAX), but nobody reads more than this of a name. */
    private static final int LONGEST_NAME = 300;

    private static final int NAME_END = 60;
    private static final Set<String> WITHOUT_END = Set.of("meta", "input");

    private final StringBuilder out = new StringBuilder(1 << 16);

    /**
     * @param attributes names and values in turn; a value of null leaves its attribute out
     */
    Html open(String element, Object... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            if (attributes[i + 1] != null) {
                out.append(' ').append(attributes[i]).append("=\"");
                escape(VisibleText.of(attributes[i + 1].toString()));
                out.append('"');
            }
        }
        out.append('>');
        return this;
    }

    Html close(String... elements) {
        for (String element : elements) {
            out.append("</").append(element).append('>');
        }
        return this;
    }

    /** An end of line, which means nothing but makes the file readable. */
    Html line() {
        out.append('\n');
        return this;
    }

    /** Text in one line. */
    Html text(Object text) {
        escape(VisibleText.of(text.toString()));
        return this;
    }

    /** Text with lines, for {@code pre}. */
    Html lines(String text) {
        // A newline after the tag of pre would be ignored.
        out.append('\n');
        StringBuilder line = new StringBuilder();
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '\n' : text.charAt(i);
            if (c == '\n' || c == '\t') {
                escape(VisibleText.of(line.toString()));
                line.setLength(0);
                if (i < text.length()) {
                    out.append(c);
                }
            } else {
                line.append(c);
            }
        }
        return this;
    }

    /** An element with text in it. */
    Html element(String element, Object text, Object... attributes) {
        open(element, attributes);
        if (!WITHOUT_END.contains(element)) {
            text(text).close(element);
        }
        return this;
    }

    /** The name of a file, a function or a call. */
    Html name(String name) {
        return element("code", shortened(name));
    }

    /** Without the middle, if it is too long. */
    static String shortened(String name) {
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        return name.substring(0, LONGEST_NAME - NAME_END)
                + "…"
                + name.substring(name.length() - NAME_END);
    }

    /** Style or script of ours, which cannot be escaped. */
    Html resource(String element, String text) {
        if (text.contains("</")) {
            throw new IllegalArgumentException("would end the element " + element);
        }
        out.append('<').append(element).append('>').append(text);
        return close(element);
    }

    Html declaration() {
        out.append("<!DOCTYPE html>\n");
        return this;
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
