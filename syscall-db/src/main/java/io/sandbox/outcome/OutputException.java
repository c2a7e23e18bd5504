// SPDX-License-Identifier: Apache-2.0
package io.sandbox.outcome;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Thrown if standard output cannot be written. */
public final class OutputException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    public OutputException(IOException cause) {
        super("standard output: cannot write the result: " + cause.getMessage(), cause);
    }

    /** Whether the reader has gone, as head(1) does. This is no error for the user. */
    public boolean isBrokenPipe() {
        return "Broken pipe".equals(getCause().getMessage());
    }
}
