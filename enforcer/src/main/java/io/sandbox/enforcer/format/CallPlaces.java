// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.edit.EditablePart;
import java.util.List;

/** Says where a format lists the calls that it allows, so that a text can be changed in place. */
interface CallPlaces {
    /**
     * In order; none if the file allows nothing that way.
     *
     * @param text that has been read before
     */
    List<EditablePart> in(String text);
}
