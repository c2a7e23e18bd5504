// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.edit;

import io.sandbox.policy.edit.PolicyEdit.Addition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Items that are whole lines, each with its line break and the comments above it. Text between
 * items stays.
 */
public record EditableLines(
        List<EditableItem> items, int start, String lineBreak, Function<Addition, String> writer)
        implements EditablePart {
    /**
     * Finds the lines that are items.
     *
     * @param subjects of the text's lines, in order: null for a line that belongs to the item
     *     before it or to none, and for a comment
     * @param continues whether a backslash at the end of a line adds the next line to the item
     */
    public static EditableLines of(
            String text,
            List<String> subjects,
            boolean continues,
            Function<Addition, String> writer) {
        List<EditableItem> items = new ArrayList<>();
        TextLines lines = new TextLines(text);
        int itemEnd = 0;
        for (int i = 0; i < lines.count(); i++) {
            if (subjects.get(i) == null) {
                continue;
            }
            int first = i;
            while (first > itemEnd && isComment(lines.content(first - 1))) {
                first--;
            }
            // A comment at the top is rather about the whole file.
            int from = first == 0 ? i : first;
            itemEnd = i + 1;
            while (continues
                    && itemEnd < lines.count()
                    && lines.content(itemEnd - 1).endsWith("\\")) {
                itemEnd++;
            }
            items.add(new EditableItem(subjects.get(i), lines.start(from), lines.end(itemEnd - 1)));
        }
        int start = items.isEmpty() ? text.length() : items.get(0).start();
        return new EditableLines(items, start, lines.lineBreak(), writer);
    }

    private static boolean isComment(String line) {
        return line.strip().startsWith("#");
    }

    @Override
    public String change(String text, List<Addition> additions, Set<String> removals) {
        List<List<String>> added = new ArrayList<>();
        for (int i = 0; i <= items.size(); i++) {
            added.add(new ArrayList<>());
        }
        for (Addition addition : additions) {
            added.get(EditablePart.place(items, addition)).add(writer.apply(addition));
        }
        StringBuilder out = new StringBuilder(text.substring(0, start));
        added.get(0).forEach(line -> appendLine(out, line));
        int end = start;
        for (int i = 0; i < items.size(); i++) {
            EditableItem item = items.get(i);
            out.append(text, end, item.start());
            end = item.end();
            if (!removals.contains(item.subject())) {
                out.append(text, item.start(), end);
            }
            added.get(i + 1).forEach(line -> appendLine(out, line));
        }
        return out.append(text, end, text.length()).toString();
    }

    private void appendLine(StringBuilder out, String line) {
        boolean begun =
                !out.isEmpty()
                        && out.charAt(out.length() - 1) != '\n'
                        && out.charAt(out.length() - 1) != '\r';
        out.append(begun ? lineBreak : "").append(line).append(lineBreak);
    }
}
