// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.edit.EditablePart;
import java.util.List;

/** Finds where a text of one format lists the allowed calls, so that it can be changed in place. */
interface CallPlaces {
    /**
     * The lists of allowed calls, in their order; none if the text has no such list.
     *
     * @param text a text that was already read without an error
     */
    List<EditablePart> in(String text);
}
