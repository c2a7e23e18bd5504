// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a command, written as a line that a person would type. */
public final class Words {
    private static final Pattern OUR_COMMANDS =
            Pattern.compile("sandbox|sandboxify|sandbox-[a-z-]+");
    private static final String PLACE = "%s";

    /**
     * Splits the line at blanks. Each {@code %s} in it is the next value, blanks and all. For a
     * list, {@code %s} stands for all its words. Our commands are those of {@link Dist}.
     *
     * @return a new list, which the caller may change
     */
    public static List<String> of(String line, Object... values) {
        Iterator<Object> rest = Arrays.asList(values).iterator();
        List<String> words = new ArrayList<>();
        for (String word : line.isEmpty() ? new String[0] : line.split(" +")) {
            if (OUR_COMMANDS.matcher(word).matches()) {
                words.add(Dist.command(word).toString());
            } else if (word.equals(PLACE)) {
                Object value = rest.next();
                if (value instanceof List<?> list) {
                    list.forEach(each -> words.add(text(each)));
                } else {
                    words.add(text(value));
                }
            } else {
                words.add(
                        Pattern.compile(PLACE)
                                .matcher(word)
                                .replaceAll(place -> Matcher.quoteReplacement(text(rest.next()))));
            }
        }
        if (rest.hasNext()) {
            throw new IllegalArgumentException("more values than places: " + line);
        }
        return words;
    }

    /** The likes of an array or a command that was not run would be no word of a command. */
    private static String text(Object value) {
        if (value instanceof CharSequence
                || value instanceof Path
                || value instanceof Number
                || value instanceof Enum<?>) {
            return value.toString();
        }
        throw new IllegalArgumentException("no word of a command: " + value);
    }
}
