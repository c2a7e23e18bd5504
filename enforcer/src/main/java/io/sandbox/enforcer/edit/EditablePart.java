// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.edit;

import io.sandbox.enforcer.edit.PolicyEdit.Addition;
import java.util.List;
import java.util.Set;

/** A part of a text that is a sequence of items. */
public interface EditablePart {
    /** Where it begins; parts do not overlap. */
    int start();

    List<EditableItem> items();

    /**
     * The whole text with this part changed: at its place where the items are sorted, an addition
     * comes there, otherwise at the end.
     *
     * @param removals subjects
     */
    String change(String text, List<Addition> additions, Set<String> removals);

    /** Before which item an addition comes: that many items are before it. */
    static int place(List<EditableItem> items, Addition addition) {
        String name = addition.call().toString();
        for (int i = 1; i < items.size(); i++) {
            if (items.get(i - 1).subject().compareTo(items.get(i).subject()) > 0) {
                return items.size();
            }
        }
        int place = items.size();
        while (place > 0 && items.get(place - 1).subject().compareTo(name) > 0) {
            place--;
        }
        return place;
    }
}
