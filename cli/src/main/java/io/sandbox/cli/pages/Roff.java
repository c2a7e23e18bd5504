// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes text for man(7), so that roff shows it unchanged, in lines that are not too long. */
final class Roff {
    /** mandoc calls longer lines bad style. */
    private static final int LINE = 78;

    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[A-Za-z][a-z-]*");
    private static final Pattern PLACEHOLDER = Pattern.compile("[A-Z]{2,}|\\b[A-Z]\\b");

    /** Escapes characters that roff would interpret or replace by typographic ones. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\e");
                case '-' -> out.append("\\-");
                case '\'' -> out.append("\\(aq");
                case '"' -> out.append("\\(dq");
                case '`' -> out.append("\\(ga");
                case '^' -> out.append("\\(ha");
                case '~' -> out.append("\\(ti");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    /** A line that is shown unchanged. A dot at its beginning would make it a request to roff. */
    static String line(String text) {
        return (text.startsWith(".") ? "\\&" : "") + escape(text);
    }

    static String bold(String text) {
        return "\\fB" + escape(text) + "\\fR";
    }

    static String italic(String text) {
        return "\\fI" + escape(text) + "\\fR";
    }

    /** A paragraph, in which options are bold. */
    static String paragraph(String text) {
        StringBuilder lines = new StringBuilder();
        int length = 0;
        for (String word : text.strip().split(" +")) {
            String written = (word.startsWith(".") ? "\\&" : "") + marked(word, OPTION);
            if (length > 0 && length + 1 + written.length() > LINE) {
                lines.append('\n');
                length = 0;
            }
            lines.append(length > 0 ? " " : "").append(written);
            length += (length > 0 ? 1 : 0) + written.length();
        }
        return lines.toString();
    }

    /** A way to write a command line. Words to type are bold, placeholders are not. */
    static String synopsis(String command, String line) {
        String rest = line.substring(command.length());
        StringBuilder out = new StringBuilder(bold(command));
        Matcher placeholder = PLACEHOLDER.matcher(rest);
        int end = 0;
        while (placeholder.find()) {
            out.append(marked(rest.substring(end, placeholder.start()), OPTION));
            out.append(italic(placeholder.group()));
            end = placeholder.end();
        }
        return out.append(marked(rest.substring(end), OPTION)).toString();
    }

    private static String marked(String text, Pattern bold) {
        StringBuilder out = new StringBuilder();
        Matcher matcher = bold.matcher(text);
        int end = 0;
        while (matcher.find()) {
            out.append(escape(text.substring(end, matcher.start()))).append(bold(matcher.group()));
            end = matcher.end();
        }
        return out.append(escape(text.substring(end))).toString();
    }
}
