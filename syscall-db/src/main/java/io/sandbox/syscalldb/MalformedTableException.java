// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

/** A table breaks its rules. The message is {@code FILE:LINE: reason}, from line 1. */
public final class MalformedTableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedTableException(String file, long line, String reason) {
        super(file + ":" + line + ": " + reason);
    }

    MalformedTableException(String file, String reason, Throwable cause) {
        super(file + ": " + reason, cause);
    }
}
