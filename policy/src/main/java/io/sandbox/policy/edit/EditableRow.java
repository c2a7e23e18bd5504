// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.edit;

import io.sandbox.policy.edit.PolicyEdit.Addition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Items with a separator between them.
 *
 * @param start the position of the first item, or where it would be
 * @param separator the text between two items
 */
public record EditableRow(
        List<EditableItem> items, int start, String separator, Function<Addition, String> writer)
        implements EditablePart {
    /**
     * The words of a text.
     *
     * @param word the pattern of a word; a group begins with @, and a number may begin with $
     */
    public static EditableRow ofWords(
            String text,
            int start,
            int end,
            String word,
            String separator,
            Function<Addition, String> writer) {
        List<EditableItem> items = new ArrayList<>();
        Matcher matcher = Pattern.compile(word).matcher(text).region(start, end);
        while (matcher.find()) {
            String found = matcher.group().strip();
            if (!found.isEmpty()) {
                int from = matcher.start() + matcher.group().indexOf(found);
                String subject =
                        found.startsWith("@")
                                ? found
                                : EditableItem.subjectOf(found.replace("$", ""));
                items.add(new EditableItem(subject, from, from + found.length()));
            }
        }
        int first = items.isEmpty() ? start : items.get(0).start();
        return new EditableRow(items, first, separator, writer);
    }

    /** The texts of a list in brackets. */
    public static EditableRow ofTexts(
            String text, SyntaxNode list, Function<Addition, String> writer) {
        List<EditableItem> items = new ArrayList<>();
        for (SyntaxNode name : list.items()) {
            items.add(new EditableItem(name.text(), name.start(), name.end()));
        }
        return ofList(text, list, items, writer);
    }

    /** The items of a list in brackets. */
    public static EditableRow ofList(
            String text,
            SyntaxNode list,
            List<EditableItem> items,
            Function<Addition, String> writer) {
        int start = items.isEmpty() ? list.start() + 1 : items.get(0).start();
        return new EditableRow(items, start, separator(text, list), writer);
    }

    /**
     * The text between the last two items; with fewer items, a text like that before the first one.
     */
    private static String separator(String text, SyntaxNode list) {
        int count = list.items().size();
        if (count >= 2) {
            int from = list.items().get(count - 2).end();
            return text.substring(from, list.items().get(count - 1).start());
        }
        String before =
                count == 0 ? "" : text.substring(list.start() + 1, list.items().get(0).start());
        return before.isEmpty() ? ", " : "," + before;
    }

    @Override
    public String change(String text, List<Addition> additions, Set<String> removals) {
        List<List<Addition>> added = new ArrayList<>();
        for (int i = 0; i <= items.size(); i++) {
            added.add(new ArrayList<>());
        }
        for (Addition addition : additions) {
            added.get(EditablePart.place(items, addition)).add(addition);
        }
        StringBuilder row = new StringBuilder();
        int end = start;
        for (int i = 0; i <= items.size(); i++) {
            for (Addition addition : added.get(i)) {
                row.append(row.isEmpty() ? "" : separator).append(writer.apply(addition));
            }
            if (i == items.size()) {
                break;
            }
            EditableItem item = items.get(i);
            if (!removals.contains(item.subject())) {
                // The text before an item stays.
                String before = i == 0 ? separator : text.substring(end, item.start());
                row.append(row.isEmpty() ? "" : before).append(text, item.start(), item.end());
            }
            end = item.end();
        }
        return text.substring(0, start) + row + text.substring(end);
    }
}
