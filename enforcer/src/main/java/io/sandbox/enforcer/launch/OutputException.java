// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Standard output cannot be written. */
public final class OutputException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    public OutputException(IOException cause) {
        super("standard output: cannot write the result: " + cause.getMessage(), cause);
    }

    /** Whether the reader has gone, as head(1) does: nobody wants to hear of it. */
    public boolean isBrokenPipe() {
        return "Broken pipe".equals(getCause().getMessage());
    }
}
