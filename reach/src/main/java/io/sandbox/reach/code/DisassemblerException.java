// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

/** Thrown if capstone is missing or does not work. The message says what to install. */
public final class DisassemblerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DisassemblerException(String message, Throwable cause) {
        super(message, cause);
    }
}
