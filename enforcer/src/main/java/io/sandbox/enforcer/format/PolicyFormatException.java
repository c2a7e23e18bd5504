package io.sandbox.enforcer.format;

/**
 * A file is not a policy of its format, or holds what we do not understand. The message is one
 * line: {@code [line N: ]what: reason}.
 */
public final class PolicyFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int line;

    private PolicyFormatException(int line, String message, Throwable cause) {
        super(message, cause);
        this.line = line;
    }

    static PolicyFormatException at(int line, String problem) {
        return at(line, problem, null);
    }

    static PolicyFormatException at(int line, String problem, Throwable cause) {
        return new PolicyFormatException(line, "line " + line + ": " + problem, cause);
    }

    static PolicyFormatException ofWhole(String problem) {
        return new PolicyFormatException(0, problem, null);
    }

    /** From 1; 0 if the problem is not on one line. */
    public int line() {
        return line;
    }
}
