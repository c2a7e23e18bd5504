// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;

/** Writes policy files of one format. */
interface FormatWriter {
    /**
     * @param here the circumstances for rules that depend on them, if the format has no such rules
     * @throws PolicyFormatException if the format cannot express a policy of this kind
     */
    Writing write(PolicyDocument document, Circumstances here);

    /**
     * Whether rules of the format can depend on circumstances. If not, the caller reports a loss.
     */
    default boolean keepsCircumstances() {
        return false;
    }

    /** Whether the format has a word for the action. If not, the caller replaces it. */
    default boolean says(Action action) {
        return action instanceof Action.Errno errno
                ? errno.isUsual()
                : action instanceof Action.Plain && action != Action.NOTIFY;
    }

    /** Whether the format says who decides about calls that get {@link Action#NOTIFY}. */
    default boolean saysListener() {
        return false;
    }

    /** Whether it can be said that calls which nobody could judge get ENOSYS. */
    default boolean saysUnknown() {
        return false;
    }

    /**
     * Whether the format can express what happens to foreign calls, or the writer reports the loss
     * itself.
     */
    default boolean saysForeign() {
        return false;
    }
}
