// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.text.ShownValue;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Reads the settings of a unit file (systemd.syntax(7)). systemd ignores sections and settings that
 * it does not know, and settings before the first section. Here these are mistakes, since their
 * author expected an effect. A text without any section is read as settings of a service.
 */
final class UnitLines {
    static final String FILTER = "SystemCallFilter";

    private static final WordTable KNOWN = new WordTable(WordTable.SYSTEMD);

    /** What the author keeps in the file for other programs (systemd.unit(5)). */
    private static final String FOREIGN = "X-";

    /** Takes a setting. */
    interface Taker {
        /**
         * @param line the line where the setting begins
         * @param value the value without blanks around it; empty if there is none
         */
        void take(int line, String key, String value);
    }

    private Optional<String> section = Optional.empty();
    private Optional<String> kind = Optional.empty();
    private boolean outside;

    private UnitLines() {}

    /** How many of the lines are sections or settings of a unit. */
    static Fit fit(String text) {
        UnitLines lines = new UnitLines();
        Fit[] fit = {new Fit(0, 0, 0)};
        split(
                text,
                new NoteLines('#'),
                (line, content) -> fit[0] = fit[0].plus(lines.problem(content).isEmpty(), line));
        return fit[0];
    }

    /**
     * @param comments gets the lines that begin with # or ;
     * @throws PolicyFormatException for a line that is neither a section, a setting nor a comment
     */
    static void forEach(String text, NoteLines comments, Taker taker) {
        UnitLines lines = new UnitLines();
        split(
                text,
                comments,
                (line, content) -> {
                    Optional<String> problem = lines.problem(content);
                    if (problem.isPresent()) {
                        throw PolicyFormatException.at(line, problem.get());
                    }
                    if (!isSection(content) && !lines.isForeign(key(content))) {
                        String value = content.substring(content.indexOf('=') + 1).trim();
                        taker.take(line, key(content), value);
                    }
                });
    }

    /**
     * Takes settings apart from comments, and the lines of a setting together.
     *
     * @param taker gets each logical line, which may be several lines of the file, and its number
     */
    private static void split(String text, NoteLines comments, BiConsumer<Integer, String> taker) {
        List<String> lines = text.lines().toList();
        StringBuilder setting = new StringBuilder();
        int start = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("^[ \t]+", "");
            if (line.startsWith("#") || line.startsWith(";")) {
                comments.take("#" + line.substring(1)); // a comment may even split a setting
                continue;
            }
            if (setting.isEmpty()) {
                start = i + 1;
            }
            boolean goesOn = goesOn(line);
            setting.append(goesOn ? line.substring(0, line.length() - 1) + " " : line);
            if (!goesOn || i == lines.size() - 1) {
                String whole = setting.toString().trim();
                if (!whole.isEmpty()) {
                    taker.accept(start, whole);
                }
                setting.setLength(0);
            }
        }
    }

    /** Whether a backslash ends the line that no other backslash escapes. */
    private static boolean goesOn(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        return (line.length() - end) % 2 == 1;
    }

    private static boolean isSection(String content) {
        return content.startsWith("[") && content.endsWith("]");
    }

    private static String key(String setting) {
        return setting.substring(0, Math.max(setting.indexOf('='), 0)).trim();
    }

    private boolean isForeign(String key) {
        return key.startsWith(FOREIGN) || section.filter(s -> s.startsWith(FOREIGN)).isPresent();
    }

    /** Why systemd would ignore a line; empty if it does not. */
    private Optional<String> problem(String content) {
        if (isSection(content)) {
            return problemOfSection(content.substring(1, content.length() - 1));
        }
        String key = key(content);
        if (key.isEmpty()) {
            return Optional.of("neither a section nor a setting");
        }
        outside |= section.isEmpty();
        if (isForeign(key) || KNOWN.has(section.orElse("Service"), key)) {
            return Optional.empty();
        }
        return Optional.of(
                ShownValue.of(key)
                        + ": no setting that we know of "
                        + section.map(name -> "[" + ShownValue.of(name) + "]").orElse("a service"));
    }

    private Optional<String> problemOfSection(String name) {
        section = Optional.of(name);
        if (outside) {
            return Optional.of("systemd ignores the settings before the first section");
        }
        if (!name.startsWith(FOREIGN) && !KNOWN.hasKind(name)) {
            return Optional.of("[" + ShownValue.of(name) + "]: no section that we know");
        }
        if (!KNOWN.has(name, FILTER)) {
            return Optional.empty();
        }
        Optional<String> before = kind.filter(other -> !other.equals(name));
        kind = Optional.of(name);
        return before.map(other -> "both [" + other + "] and [" + name + "]: a unit has one kind");
    }
}
