// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.meaning;

import io.sandbox.enforcer.document.Rule;
import java.util.List;
import java.util.Objects;

/**
 * What a policy says about one call.
 *
 * @param extent for which arguments it is allowed
 * @param entries if for some, which: entries of a list, together they allow just as much; empty if
 *     a list cannot say it
 * @param text for people, such as {@code allow if arg0==1, otherwise kill}
 * @param rules those about the call, the first that holds decides; empty if the rest does
 */
public record Ruling(Extent extent, List<String> entries, String text, List<Rule> rules) {
    /** For which arguments a call is allowed. */
    public enum Extent {
        ALWAYS,
        SOMETIMES,
        NEVER
    }

    public Ruling {
        Objects.requireNonNull(extent, "extent");
        Objects.requireNonNull(text, "text");
        entries = List.copyOf(entries);
        rules = List.copyOf(rules);
    }
}
