// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

/** The text is no recording. The message says where and why, without the file's name. */
public final class RecordingFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RecordingFormatException(String message) {
        super(message);
    }

    RecordingFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
