// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import io.sandbox.policy.Action;
import io.sandbox.policy.ErrnoNames;

/**
 * What is to become of a call.
 *
 * @param action allow, or an errno
 * @param onlySeen whether it is only for the arguments that the evidence shows
 * @param reason what the user typed; may be empty
 */
record Decision(Action action, boolean onlySeen, String reason) {
    Decision {
        if (action != Action.ALLOW && !(action instanceof Action.Errno)) {
            throw new IllegalArgumentException("action: neither allow nor an errno");
        }
    }

    boolean isRefusal() {
        return action != Action.ALLOW;
    }

    /** In words, such as {@code refuse with EPERM}. */
    @Override
    public String toString() {
        String what =
                action instanceof Action.Errno errno
                        ? "refuse with " + ErrnoNames.nameOrNumber(errno.number())
                        : onlySeen ? "allow with the seen arguments" : "allow";
        return reason.isEmpty() ? what : what + ": " + reason;
    }
}
