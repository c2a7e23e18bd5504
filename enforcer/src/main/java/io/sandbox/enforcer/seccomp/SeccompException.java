// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.ErrnoNames;

/** A function of libseccomp failed. The message is {@code FUNCTION: reason (hint)}. */
public final class SeccompException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SeccompException(String function, String reason, String hint, Throwable cause) {
        super(function + ": " + reason + " (" + hint + ")", cause);
    }

    /** {@code returned}: what the function returned, a negative errno value. */
    static SeccompException of(String function, int returned, String hint) {
        String name = ErrnoNames.nameOf(-returned).orElse("returned " + returned);
        return new SeccompException(function, name, hint, null);
    }
}
