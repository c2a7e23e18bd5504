// SPDX-License-Identifier: Apache-2.0
package io.sandbox.text;

/** Makes text from other people safe to show. */
public final class VisibleText {
    private VisibleText() {}

    /**
     * The text in one line. Characters that a terminal, an editor or a parser could obey become
     * {@code \xNN} or {@code \}{@code uNNNN}: control characters, line separators, marks that
     * change the direction of text, other invisible ones, halves of surrogate pairs.
     */
    public static String of(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> append(shown, c));
        return shown.toString();
    }

    private static void append(StringBuilder shown, int c) {
        switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> {
                String form = c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x";
                shown.append(String.format(form, c));
            }
            default -> shown.appendCodePoint(c);
        }
    }
}
