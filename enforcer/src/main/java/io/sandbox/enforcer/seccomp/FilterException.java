// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.text.ShownValue;

/**
 * Thrown if a policy with correct grammar cannot become a filter: a call does not exist on the
 * architecture, the filter is too long for the kernel, or we make no filters for the architecture.
 * The message is {@code SUBJECT: REASON}; the subject is mostly an entry.
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
