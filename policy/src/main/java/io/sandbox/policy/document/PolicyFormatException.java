// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

/**
 * Thrown if a file is not a policy of its format, or has parts that we do not understand. The
 * message is one line: {@code [line N: ]what: reason}.
 */
public final class PolicyFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private PolicyFormatException(String message, Throwable cause) {
        super(message, cause);
    }

    public static PolicyFormatException at(int line, String problem) {
        return at(line, problem, null);
    }

    public static PolicyFormatException at(int line, String problem, Throwable cause) {
        return new PolicyFormatException("line " + line + ": " + problem, cause);
    }

    public static PolicyFormatException ofWhole(String problem) {
        return new PolicyFormatException(problem, null);
    }
}
