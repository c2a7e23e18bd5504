package io.sandbox.enforcer.edit;

import io.sandbox.enforcer.edit.PolicyEdit.Addition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Items with a separator between them.
 *
 * @param start where the first item is, or would be
 * @param separator what comes between two items
 */
record EditableRow(
        List<EditableItem> items, int start, String separator, Function<Addition, String> writer)
        implements EditablePart {
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
                // What was between them stays there.
                String before = i == 0 ? separator : text.substring(end, item.start());
                row.append(row.isEmpty() ? "" : before).append(text, item.start(), item.end());
            }
            end = item.end();
        }
        return text.substring(0, start) + row + text.substring(end);
    }
}
