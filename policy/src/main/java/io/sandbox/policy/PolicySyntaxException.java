// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import io.sandbox.text.ShownValue;
import java.util.Optional;

/**
 * Thrown if the text of a policy breaks its grammar. The message is {@code [SOURCE: ]VALUE:
 * REASON}, one line of printable ASCII, in the words of libsandbox.so.
 */
public final class PolicySyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final PolicyMistake mistake;
    private final int offset;
    private final String source;
    private final String detail;

    private PolicySyntaxException(
            PolicyMistake mistake, int offset, String source, String detail, Throwable cause) {
        super(source == null ? detail : source + ": " + detail, cause);
        this.mistake = mistake;
        this.offset = offset;
        this.source = source;
        this.detail = detail;
    }

    /** Shows only the entry at the offset, because a whole list is too long for a line. */
    static PolicySyntaxException inList(PolicyMistake mistake, int offset, String list) {
        int start = list.lastIndexOf(':', offset - 1) + 1;
        int end = list.indexOf(':', offset);
        String entry = list.substring(start, end == -1 ? list.length() : end);
        String detail = detail(mistake, entry) + ", at byte " + offset;
        return new PolicySyntaxException(mistake, offset, null, detail, null);
    }

    static PolicySyntaxException inValue(PolicyMistake mistake, int offset, String value) {
        return new PolicySyntaxException(mistake, offset, null, detail(mistake, value), null);
    }

    private static String detail(PolicyMistake mistake, String value) {
        return ShownValue.of(value) + ": " + mistake.reason();
    }

    /** This mistake with the name of its source. {@code this} becomes the cause. */
    PolicySyntaxException from(String newSource) {
        return new PolicySyntaxException(mistake, offset, newSource, detail, this);
    }

    public PolicyMistake mistake() {
        return mistake;
    }

    /**
     * Where the mistake is, in characters from the start of the text: the first character with
     * which no correct text can continue, or the start of a part with a wrong meaning.
     */
    public int offset() {
        return offset;
    }

    /** The variable that the text comes from, if known. */
    public Optional<String> source() {
        return Optional.ofNullable(source);
    }
}
