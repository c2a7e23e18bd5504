// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.document.PolicyFormatException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A text whose format is looked for. */
final class UnknownText {
    private static final Predicate<String> HAS_MEANING =
            line -> !line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != ';';

    private final String text;
    private final String first;

    /**
     * @throws PolicyFormatException if there are but comments
     */
    UnknownText(String text) {
        this.text = text;
        first =
                meaningful()
                        .findFirst()
                        .orElseThrow(() -> PolicyFormatException.ofWhole("empty: no policy"));
    }

    private Stream<String> meaningful() {
        return text.lines().map(String::strip).filter(HAS_MEANING);
    }

    /** The first line that is not blank and no comment, without blanks around it. */
    String firstLine() {
        return first;
    }

    /** Whether this is so for each line that is not blank and no comment. */
    boolean eachLine(Predicate<String> test) {
        return meaningful().allMatch(test);
    }

    boolean contains(String word) {
        return text.contains(word);
    }

    boolean has(Pattern sign) {
        return sign.matcher(text).find();
    }

    /** Whether it begins as a JSON object does. */
    boolean isJson() {
        return first.matches("\\{\\s*([\"}].*)?");
    }
}
