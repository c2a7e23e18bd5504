// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.PolicyFormatException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A text whose format is not known yet. */
final class UnknownText {
    private static final Predicate<String> HAS_MEANING =
            line -> !line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != ';';

    private final String text;
    private final String first;

    /**
     * @throws PolicyFormatException if the text has only comments
     */
    UnknownText(String text) {
        this.text = text;
        first =
                meaningful()
                        .findFirst()
                        .orElseThrow(() -> PolicyFormatException.ofWhole("empty: no policy"));
    }

    private Stream<String> meaningful() {
        return meaningful(text);
    }

    private static Stream<String> meaningful(String text) {
        return text.lines().map(String::strip).filter(HAS_MEANING);
    }

    /** Whether a text has only comments. */
    static boolean isEmpty(String text) {
        return meaningful(text).findAny().isEmpty();
    }

    /** The first line that is neither blank nor a comment, without blanks around it. */
    String firstLine() {
        return first;
    }

    /** Whether the test succeeds for each line that is neither blank nor a comment. */
    boolean eachLine(Predicate<String> test) {
        return meaningful().allMatch(test);
    }

    boolean contains(String word) {
        return text.contains(word);
    }

    boolean has(Pattern sign) {
        return sign.matcher(text).find();
    }

    /** Whether the text begins like a JSON object. */
    boolean isJson() {
        return first.matches("\\{\\s*([\"}].*)?");
    }
}
