// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import java.util.Set;

interface FormatWriter {
    /**
     * @param here the circumstances for rules that depend on them, if the format has no such rules
     * @throws PolicyFormatException if the format cannot express a policy of this kind
     */
    Writing write(PolicyDocument document, Circumstances here);

    /** Whether the format has a word for the action. If not, the caller replaces it. */
    default boolean says(Action action) {
        return action instanceof Action.Errno errno
                ? errno.isUsual()
                : action instanceof Action.Plain && action != Action.NOTIFY;
    }

    /** What of a policy, beside its rules, a format may have no words for. */
    enum Feature {
        /** Rules that depend on circumstances. */
        CIRCUMSTANCES,
        /** Who decides about calls that get {@link Action#NOTIFY}. */
        LISTENER,
        /** Calls that nobody could judge get ENOSYS. */
        UNKNOWN,
        /** What happens to foreign calls. */
        FOREIGN
    }

    /** What it can say, or reports the loss of itself; the caller reports the others. */
    default Set<Feature> features() {
        return Set.of();
    }
}
