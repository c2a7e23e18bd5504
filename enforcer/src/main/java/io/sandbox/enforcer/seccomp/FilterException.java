// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.enforcer.policy.ShownValue;

/**
 * No filter can be made of a policy that is right by its grammar: a call that does not exist on the
 * architecture, more than the kernel takes, an architecture that we make no filters for. The
 * message is {@code SUBJECT: REASON}, where the subject is mostly an entry.
 */
public final class FilterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FilterException(String subject, String reason) {
        super(ShownValue.of(subject) + ": " + reason);
    }

    static FilterException tooLong() {
        return new FilterException(
                "filter",
                "more than the "
                        + BpfNumbers.MAX_INSTRUCTIONS
                        + " instructions that the kernel takes");
    }
}
