// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

/** The possible mistakes in the text of a policy. */
public enum PolicyMistake {
    BAD_NAME("bad-name", "neither a system call name nor a number"),
    BAD_NUMBER("bad-number", "not a decimal or 0x-hex number"),
    LEADING_ZERO("leading-zero", "decimal number with a leading zero"),
    NUMBER_OVERFLOW("number-overflow", "number too large"),
    X32_NUMBER("x32-number", "system call number of the x32 ABI"),
    UNEXPECTED_CHARACTER("unexpected-character", "unexpected character"),
    EMPTY_CONDITIONS("empty-conditions", "no condition between parentheses"),
    BAD_ARGUMENT("bad-argument", "a condition begins with arg0 to arg5"),
    BAD_OPERATOR("bad-operator", "expected one of == != < <= > >="),
    MASK_NEEDS_EQ("mask-needs-eq", "a mask is only possible with =="),
    VALUE_OUTSIDE_MASK("value-outside-mask", "value has bits outside the mask"),
    MISSING_CLOSE("missing-close", "entry ends before its )"),
    DUPLICATE_ARGUMENT("duplicate-argument", "argument twice in one entry"),
    BAD_ACTION("bad-action", "not one of kill, kill_thread, trap, errno, log"),
    BAD_ERRNO("bad-errno", "unknown errno name"),
    ERRNO_RANGE("errno-range", "errno is not in 1 to 4095"),
    /** Not a mistake of the grammar: a variable for on or off has another value. */
    BAD_SWITCH("bad-switch", "neither 1 (on) nor 0 or empty (off)"),
    BAD_UNKNOWN("bad-unknown", "neither enosys nor enosys:VERSION, as in enosys:6.12"),
    /** Not a mistake of the grammar: programs would differ on which of the two values they use. */
    SET_TWICE("set-twice", "set twice, and differently");

    private final String keyword;
    private final String reason;

    PolicyMistake(String keyword, String reason) {
        this.keyword = keyword;
        this.reason = reason;
    }

    /** The word for the mistake in the shared test vectors. */
    public String keyword() {
        return keyword;
    }

    /** The words for the user, the same as in libsandbox.so. */
    public String reason() {
        return reason;
    }
}
