// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.text.ShownValue;
import java.util.Collection;
import java.util.stream.Collectors;

/** Files that hold several policies, of which a document is one. */
final class Parts {
    private static final int SHOWN = 3;

    /** {@code kind} such as "threads". */
    static PolicyFormatException several(String kind, Collection<String> names) {
        String shown =
                names.stream().limit(SHOWN).map(ShownValue::of).collect(Collectors.joining(", "));
        return PolicyFormatException.ofWhole(
                String.format(
                        "has %s %s: %s%s",
                        names.size(), kind, shown, names.size() > SHOWN ? " ..." : ""),
                PolicyFormatException.Advice.CHOOSE_PART);
    }
}
