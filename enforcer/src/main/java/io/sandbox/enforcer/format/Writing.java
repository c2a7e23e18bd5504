// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.document.Loss;
import java.util.List;

/**
 * What was written.
 *
 * @param losses what the document says but the text does not
 */
public record Writing(String text, List<Loss> losses) {
    public Writing {
        losses = List.copyOf(losses);
    }
}
