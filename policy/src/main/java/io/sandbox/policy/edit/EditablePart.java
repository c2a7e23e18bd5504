// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.edit;

import io.sandbox.policy.edit.PolicyEdit.Addition;
import java.util.List;
import java.util.Set;

/** A part of a text that is a sequence of items. */
public interface EditablePart {
    /** The position where the part begins. Parts do not overlap. */
    int start();

    List<EditableItem> items();

    /**
     * The whole text with this part changed. If the items are sorted, an addition gets its place
     * among them; otherwise it comes at the end.
     *
     * @param removals the subjects of items to remove
     */
    String change(String text, List<Addition> additions, Set<String> removals);

    /** The number of items before the place of an addition. */
    static int place(List<EditableItem> items, Addition addition) {
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
    private static String callOf(EditableItem item) {
        return item.subject().replaceFirst("[(:=].*", "");
    }
}
