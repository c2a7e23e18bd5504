// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import java.util.List;
import java.util.stream.Collectors;

/** Quotes a word for a shell; with control characters, for bash, ksh and zsh only. */
public final class ShellQuote {
    private ShellQuote() {}

    public static String quote(List<String> words) {
        return words.stream().map(ShellQuote::quote).collect(Collectors.joining(" "));
    }

    public static String quote(String word) {
        if (word.matches("[A-Za-z0-9_@%+=:,./-]+")) {
            return word;
        }
        return word.chars().anyMatch(c -> c < ' ' || c == 0x7f)
                ? escaped(word)
                : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String escaped(String word) {
        StringBuilder text = new StringBuilder("$'");
        for (char c : word.toCharArray()) {
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\'', '\\' -> text.append('\\').append(c);
                default -> text.append(c < ' ' || c == 0x7f ? String.format("\\%03o", (int) c) : c);
            }
        }
        return text.append('\'').toString();
    }
}
