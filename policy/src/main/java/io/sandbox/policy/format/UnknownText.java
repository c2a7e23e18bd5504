// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.PolicyFormatException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A text whose format is not known yet. */
final class UnknownText {
    private static final Predicate<String> HAS_MEANING =
            line -> !line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != ';';

    private final String text;
    private final String first;
    private final Optional<DataNode> json;

    /**
     * @throws PolicyFormatException if the text has only comments, or begins like JSON and is not
     */
    UnknownText(String text) {
        this.text = text;
        first =
                meaningful(text)
                        .findFirst()
                        .orElseThrow(() -> PolicyFormatException.ofWhole("empty: no policy"));
        boolean isJson = first.matches("\\{\\s*([\"}].*)?");
        json = isJson ? Optional.of(JsonTree.parse(text)) : Optional.empty();
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

    String text() {
        return text;
    }

    /** The object, if the text is one in JSON. */
    Optional<DataNode> json() {
        return json;
    }

    boolean has(Pattern sign) {
        return sign.matcher(text).find();
    }

    /**
     * How many lines pass a test. Lines that are empty or begin with # do not count.
     *
     * @param test takes a line without blanks around it
     */
    Fit fitOfLines(Predicate<String> test) {
        Fit fit = new Fit(0, 0, 0);
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).trim();
            if (!line.isEmpty() && line.charAt(0) != '#') {
                fit = fit.plus(test.test(line), i + 1);
            }
        }
        return fit;
    }
}
