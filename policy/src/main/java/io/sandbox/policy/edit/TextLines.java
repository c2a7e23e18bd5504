// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.edit;

import java.util.ArrayList;
import java.util.List;

/** The lines of a text, split as by {@link String#lines}, and their positions. */
public final class TextLines {
    private final String text;
    private final List<Integer> starts = new ArrayList<>();

    public TextLines(String text) {
        this.text = text;
        int start = 0;
        while (start < text.length()) {
            starts.add(start);
            start = next(start);
        }
    }

    private int next(int start) {
        int end = start;
        while (end < text.length() && !isBreak(text.charAt(end))) {
            end++;
        }
        return text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length());
    }

    private static boolean isBreak(char c) {
        return c == '\n' || c == '\r';
    }

    public int count() {
        return starts.size();
    }

    public int start(int line) {
        return starts.get(line);
    }

    /** The position after the line break. */
    int end(int line) {
        return line + 1 < starts.size() ? starts.get(line + 1) : text.length();
    }

    /** The line without its line break. */
    public String content(int line) {
        int end = end(line);
        while (end > start(line) && isBreak(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start(line), end);
    }

    /** The line break that the text uses; the text must not be empty. */
    String lineBreak() {
        String first = text.substring(start(0) + content(0).length(), end(0));
        return first.isEmpty() ? "\n" : first;
    }

    public int lineAt(int position) {
        int line = 0;
        while (line + 1 < starts.size() && starts.get(line + 1) <= position) {
            line++;
        }
        return line;
    }
}
