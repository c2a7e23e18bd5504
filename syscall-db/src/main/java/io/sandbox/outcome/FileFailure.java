// SPDX-License-Identifier: Apache-2.0
package io.sandbox.outcome;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read or written, in the words of the system's messages. */
public final class FileFailure {
    private FileFailure() {}

    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (e instanceof CharacterCodingException) {
            return "not UTF-8 text";
        }
        if (e instanceof FileNotFoundException) {
            return inParentheses(e.getMessage());
        }
        if (e instanceof EOFException) {
            return "it ends too early"; // Java has no message, or only its class's name
        }
        String reason = e instanceof FileSystemException failure ? failure.getReason() : null;
        if (reason == null) {
            reason = e.getMessage();
        }
        return reason != null ? reason : e.getClass().getSimpleName();
    }

    /** The reason in {@code FILE (Permission denied)}, the form of the older classes of java.io. */
    private static String inParentheses(String message) {
        int start = message.lastIndexOf(" (");
        return start >= 0 && message.endsWith(")")
                ? message.substring(start + 2, message.length() - 1)
                : message;
    }
}
