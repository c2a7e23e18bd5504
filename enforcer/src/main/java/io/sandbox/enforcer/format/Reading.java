package io.sandbox.enforcer.format;

import java.util.List;

/**
 * What was read.
 *
 * @param losses what the file says but the document does not
 */
public record Reading(PolicyDocument document, List<Loss> losses) {
    public Reading {
        losses = List.copyOf(losses);
    }
}
