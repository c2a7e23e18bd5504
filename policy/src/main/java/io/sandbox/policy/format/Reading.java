// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import java.util.List;

/** The result of reading a file. {@code losses}: what the file says but the document cannot. */
public record Reading(PolicyDocument document, List<Loss> losses) {
    public Reading {
        losses = List.copyOf(losses);
    }
}
