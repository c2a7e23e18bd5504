// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.text.VisibleText;

/**
 * Builds HTML. This is the only place that escapes text, and nothing gets around it: markup is a
 * constant of ours, and all else is text.
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
    private final StringBuilder out = new StringBuilder(1 << 16);

    /**
     * Adds markup with texts in it.
     *
     * @param markup a constant, in which {@code %s} stands for each text: between elements, or
     *     between the quotes of an attribute. Its single quotes become double ones, so that it can
     *     be read in Java.
     */
    Html add(String markup, Object... texts) {
        int from = 0;
        for (Object text : texts) {
            int place = markup.indexOf("%s", from);
            out.append(markup.substring(from, place).replace('\'', '"'));
            escape(VisibleText.of(text.toString()));
            from = place + "%s".length();
        }
        if (markup.indexOf("%s", from) >= 0) {
            throw new IllegalArgumentException("a text is missing in " + markup);
        }
        out.append(markup.substring(from).replace('\'', '"'));
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

    /** The name of a file, a function or a call. */
    Html name(String name) {
        return add("<code>%s</code>", shortened(name));
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
        out.append("</").append(element).append(">\n");
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
