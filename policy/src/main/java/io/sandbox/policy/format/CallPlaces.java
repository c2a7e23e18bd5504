// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.edit.EditablePart;
import io.sandbox.policy.edit.PolicyEdit.Addition;
import java.util.List;

/** Finds where a text of one format has its rules, so that it can be changed in place. */
interface CallPlaces {
    /** The lists of allowed calls in a text that was read, in their order; none if it has none. */
    List<EditablePart> in(String text);

    default boolean says(Addition addition) {
        return addition.isPlain();
    }

    /** The places for rules that have conditions or refuse a call, in a text that can be read. */
    default List<EditablePart> rulesIn(String text) {
        return in(text);
    }

    /** What becomes one item each. */
    default List<Addition> items(Addition addition) {
        return addition.split();
    }
}
