// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import java.util.Optional;

/**
 * Thrown if a file is not a policy of its format, or has parts that we do not understand. The
 * message is one line: {@code [line N: ]what: reason}.
 */
public final class PolicyFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** What a user can do about it. Commands word it: only they know their options. */
    public enum Advice {
        /** The file holds several policies: choose one. */
        CHOOSE_PART,
        /** The file uses a constant that is unknown here: give its value. */
        GIVE_CONSTANT,
        /** The file fits more than one format: name the one that is meant. */
        NAME_FORMAT,
        /** The file was taken for one format: another can be named. */
        NAME_OTHER_FORMAT,
        /** The file is a program: its calls can be learned. */
        LEARN,
        /** The file is a recording: a policy can be made of it. */
        MAKE_POLICY,
        /** The file is a log: its calls can be counted. */
        COUNT_LOG
    }

    private final Advice advice;

    private PolicyFormatException(String message, Advice advice, Throwable cause) {
        super(message, cause);
        this.advice = advice;
    }

    public Optional<Advice> advice() {
        return Optional.ofNullable(advice);
    }

    /** Returns this failure, with what a user can do about it. */
    public PolicyFormatException with(Optional<Advice> other) {
        return new PolicyFormatException(getMessage(), other.orElse(advice), getCause());
    }

    public static PolicyFormatException at(int line, String problem) {
        return at(line, problem, null);
    }

    public static PolicyFormatException at(int line, String problem, Throwable cause) {
        return new PolicyFormatException("line " + line + ": " + problem, null, cause);
    }

    public static PolicyFormatException ofWhole(String problem, Advice advice) {
        return new PolicyFormatException(problem, advice, null);
    }

    public static PolicyFormatException ofWhole(String problem) {
        return new PolicyFormatException(problem, null, null);
    }
}
