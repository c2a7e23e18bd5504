// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

/** Thrown if a program cannot be analysed. The message names the file and the reason. */
public final class ReachException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReachException(String message, Throwable cause) {
        super(message, cause);
    }
}
