// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import java.util.Locale;

public enum PolicyMistake {
    BAD_NAME("neither a system call name nor a number"),
    BAD_NUMBER("not a decimal or 0x-hex number"),
    LEADING_ZERO("decimal number with a leading zero"),
    NUMBER_OVERFLOW("number too large"),
    X32_NUMBER("system call number of the x32 ABI"),
    UNEXPECTED_CHARACTER("unexpected character"),
    EMPTY_CONDITIONS("no condition between parentheses"),
    BAD_ARGUMENT("a condition begins with arg0 to arg5"),
    BAD_OPERATOR("expected one of == != < <= > >="),
    MASK_NEEDS_EQ("a mask is only possible with =="),
    VALUE_OUTSIDE_MASK("value has bits outside the mask"),
    MISSING_CLOSE("entry ends before its )"),
    DUPLICATE_ARGUMENT("argument twice in one entry"),
    BAD_ACTION("not one of kill, kill_thread, trap, errno, log"),
    BAD_ERRNO("unknown errno name"),
    ERRNO_RANGE("errno is not in 1 to 4095"),
    /** Not a mistake of the grammar: a variable for on or off has another value. */
    BAD_SWITCH("neither 1 (on) nor 0 or empty (off)"),
    BAD_UNKNOWN("neither enosys nor enosys:VERSION, as in enosys:6.12"),
    /** Not a mistake of the grammar: programs would differ on which of the two values they use. */
    SET_TWICE("set twice, and differently");

    private final String reason;

    PolicyMistake(String reason) {
        this.reason = reason;
    }

    /** The word for the mistake in the shared test vectors. */
    public String keyword() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The words for the user, the same as in libsandbox.so. */
    public String reason() {
        return reason;
    }
}
