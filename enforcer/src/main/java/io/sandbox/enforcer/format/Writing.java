// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.document.Loss;
import java.util.List;

/**
 * The result of writing a document.
 *
 * @param losses what the document says but the text cannot
 */
public record Writing(String text, List<Loss> losses) {
    public Writing {
        losses = List.copyOf(losses);
    }
}
