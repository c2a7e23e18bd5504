// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;

/** Thrown if a source of records cannot be used here. The caller may try another. */
public final class SourceException extends CommandFailure {
    private static final long serialVersionUID = 1L;

    /** {@code message}: what is missing. */
    public SourceException(String message) {
        super(ExitCodes.OWN_FAILURE, message);
    }

    public static SourceException of(String what, int negativeErrno, String hint) {
        return new SourceException(what + ": " + LibC.strerror(-negativeErrno) + " (" + hint + ")");
    }
}
