// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.edit;

import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.edit.PolicyEdit.Addition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a text that is a sequence of items. They are words or values with a separator between
 * them, or whole lines, each with its line break and the comments above it.
 *
 * @param start the position of the first item, or where it would be
 * @param separator the text between two items, or the line break after each
 * @param writer writes an addition as an item
 */
public record EditablePart(
        List<Item> items,
        int start,
        String separator,
        boolean isOfLines,
        Function<Addition, String> writer) {
    /**
     * Something that can be removed, or beside which something can be added.
     *
     * @param subject as in {@code Rule.subject()}, or a group; empty for an item that must stay
     * @param start where its text begins, in chars
     * @param end the position after its text
     */
    public record Item(String subject, int start, int end) {}

    /** The subject of an entry of our lists; empty if the text is no entry. */
    public static String subjectOf(String entry) {
        try {
            List<PolicyEntry> read = PolicyText.parseEntries(entry);
            return read.size() == 1 ? PolicyText.format(read) : "";
        } catch (PolicySyntaxException e) {
            return "";
        }
    }

    /**
     * The words of a text.
     *
     * @param word the pattern of a word; a group begins with @, and a number may begin with $
     */
    public static EditablePart ofWords(
            String text,
            int start,
            int end,
            Pattern word,
            String separator,
            Function<Addition, String> writer) {
        List<Item> items = new ArrayList<>();
        Matcher matcher = word.matcher(text).region(start, end);
        while (matcher.find()) {
            String found = matcher.group().strip();
            if (!found.isEmpty()) {
                int from = matcher.start() + matcher.group().indexOf(found);
                String subject = found.startsWith("@") ? found : subjectOf(found.replace("$", ""));
                items.add(new Item(subject, from, from + found.length()));
            }
        }
        int first = items.isEmpty() ? start : items.get(0).start();
        return new EditablePart(items, first, separator, false, writer);
    }

    /**
     * The lines that are items.
     *
     * @param subjects of the text's lines, in order: null for a line that belongs to the item
     *     before it or to none, and for a comment
     * @param continues whether a backslash at the end of a line adds the next line to the item
     */
    public static EditablePart ofLines(
            String text,
            List<String> subjects,
            boolean continues,
            Function<Addition, String> writer) {
        List<Item> items = new ArrayList<>();
        TextLines lines = new TextLines(text);
        int itemEnd = 0;
        for (int i = 0; i < lines.count(); i++) {
            if (subjects.get(i) == null) {
                continue;
            }
            int first = i;
            while (first > itemEnd && lines.content(first - 1).strip().startsWith("#")) {
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
            items.add(new Item(subjects.get(i), lines.start(from), lines.end(itemEnd - 1)));
        }
        int start = items.isEmpty() ? text.length() : items.get(0).start();
        return new EditablePart(items, start, lines.lineBreak(), true, writer);
    }

    /** The number of items before the place of an addition: the end, unless they are sorted. */
    public int place(Addition addition) {
        String name = addition.call().toString();
        for (int i = 1; i < items.size(); i++) {
            if (items.get(i - 1).subject().compareTo(items.get(i).subject()) > 0) {
                return items.size();
            }
        }
        int place = items.size();
        while (place > 0 && callOf(items.get(place - 1)).compareTo(name) > 0) {
            place--;
        }
        return place;
    }

    /** Without conditions, so that a further rule for a call comes after its others. */
    private static String callOf(Item item) {
        return item.subject().replaceFirst("[(:=].*", "");
    }

    /** The whole text with this part changed; the items with these subjects are removed. */
    public String change(String text, List<Addition> additions, Set<String> removals) {
        StringBuilder out = new StringBuilder(text.substring(0, start));
        int[] places = additions.stream().mapToInt(this::place).toArray();
        int end = start;
        for (int i = 0; i <= items.size(); i++) {
            for (int added = 0; added < places.length; added++) {
                if (places[added] == i) {
                    add(out, writer.apply(additions.get(added)));
                }
            }
            if (i < items.size()) {
                Item item = items.get(i);
                boolean stays = !removals.contains(item.subject());
                if (isOfLines) {
                    out.append(text, end, item.start());
                } else if (stays && out.length() > start) {
                    out.append(i == 0 ? separator : text.substring(end, item.start()));
                }
                out.append(stays ? text.substring(item.start(), item.end()) : "");
                end = item.end();
            }
        }
        return out.append(text, end, text.length()).toString();
    }

    private void add(StringBuilder out, String added) {
        if (!isOfLines) {
            out.append(out.length() > start ? separator : "").append(added);
            return;
        }
        boolean begun = !out.isEmpty() && "\r\n".indexOf(out.charAt(out.length() - 1)) < 0;
        out.append(begun ? separator : "").append(added).append(separator);
    }
}
