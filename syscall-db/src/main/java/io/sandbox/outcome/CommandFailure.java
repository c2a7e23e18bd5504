// SPDX-License-Identifier: Apache-2.0
package io.sandbox.outcome;

/**
 * Thrown if a command cannot do what it was asked; the only exception with an exit status. The
 * message is one line for the user. Errors that a command has to explain first, such as a malformed
 * policy, have their own exceptions.
 */
public class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public CommandFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    /** A failure of our own: status 125, or 2 for commands that run no program. */
    public static CommandFailure ownFailure(String message) {
        return new CommandFailure(ExitCodes.OWN_FAILURE, message);
    }

    /** A failure of our own with a file or anything else that the user named. */
    public static CommandFailure of(Object subject, String reason) {
        return ownFailure(subject + ": " + reason);
    }

    /** The exit status for the user: 125 our own failure, 126 not executable, 127 not found. */
    public final int status() {
        return status;
    }
}
