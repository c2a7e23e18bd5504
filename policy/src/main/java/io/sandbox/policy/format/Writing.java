// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.Loss;
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
