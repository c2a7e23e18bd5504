// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import java.util.List;

/** Puts words on lines that fit into a terminal. */
public final class WrappedWords {
    private WrappedWords() {}

    /** Fills up with blanks. String.format loads a locale, a seventh of a start. */
    public static String filled(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /**
     * @param first what the first line begins with
     * @param further what each further line begins with
     * @param width how long a line may be, unless a single word is longer; 0 for one line
     * @return the lines, each with a newline at its end
     */
    public static String of(String first, String further, List<String> words, int width) {
        StringBuilder text = new StringBuilder();
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            if (line.isEmpty()) {
                line.append(first);
            } else if (width > 0 && line.length() + 1 + word.length() > width) {
                text.append(line).append('\n');
                line.setLength(0);
                line.append(further);
            } else {
                line.append(' ');
            }
            line.append(word);
        }
        return text.append(line).append('\n').toString();
    }
}
