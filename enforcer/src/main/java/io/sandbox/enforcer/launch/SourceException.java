// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/** A source of records that cannot be used here, so that another may be tried. */
public final class SourceException extends CommandFailure {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is missing
     */
    public SourceException(String message) {
        super(ExitCodes.OWN_FAILURE, message);
    }

    public static SourceException of(String what, int negativeErrno, String hint) {
        return new SourceException(what + ": " + LibC.strerror(-negativeErrno) + " (" + hint + ")");
    }
}
