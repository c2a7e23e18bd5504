// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.text.Shipped;
import io.sandbox.text.VisibleText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The settings of a drop-in that fit what the journal says of a service which failed. That is no
 * proof; {@code learn-service --verify} gives one.
 */
public final class UnitFailure {
    /** A trace of calls, as Python writes it, names the call some lines before the error. */
    private static final int CONTEXT = 3;

    private static final Pattern FAILURE =
            pattern("fail|\\bnot?\\b|denied|cannot|unable|error|must|read-only|=2\\d\\d/");

    /** A row of failures.tsv. */
    private record Row(String key, Pattern answer, Pattern about) {
        static Row of(String row) {
            String[] fields = row.split("\t", -1);
            return new Row(fields[0], pattern(fields[1]), pattern(fields[2]));
        }
    }

    private static final List<Row> ALL =
            Shipped.lines(UnitFailure.class, "failures.tsv").map(Row::of).toList();

    private final String dropIn;

    /** What the journal says, by the setting that it fits. */
    private final Map<String, String> suspects;

    /** Whether it names what these settings refuse, not only an error. */
    private final boolean isNamed;

    /** {@code journal}: what it says of the service, the oldest line first. */
    public UnitFailure(String dropIn, List<String> journal) {
        this.dropIn = dropIn;
        List<String> settings = HardenedUnit.settings(dropIn);
        Map<String, String> named = new LinkedHashMap<>();
        Map<String, String> others = new LinkedHashMap<>();
        for (int i = 0; i < journal.size(); i++) {
            String line = journal.get(i);
            String context = String.join(" ", journal.subList(Math.max(0, i + 1 - CONTEXT), i + 1));
            boolean fails = FAILURE.matcher(line).find();
            for (Row row : ALL) {
                if (!settings.contains(row.key)) {
                    continue;
                }
                if (fails && row.about.matcher(context).find()) {
                    named.putIfAbsent(row.key, line);
                } else if (row.answer.matcher(line).find()) {
                    others.putIfAbsent(row.key, line);
                }
            }
        }
        isNamed = !named.isEmpty();
        suspects = isNamed ? named : others;
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(text, Pattern.CASE_INSENSITIVE);
    }

    public boolean isExplained() {
        return !suspects.isEmpty();
    }

    /** For each setting its line in the drop-in, in this file, and what the journal says. */
    public String text(String file) {
        List<String> lines = dropIn.lines().toList();
        StringBuilder text = new StringBuilder();
        suspects.forEach(
                (key, said) -> {
                    int line = 1;
                    while (!lines.get(line - 1).startsWith(key + "=")) {
                        line++;
                    }
                    text.append(file + ":" + line + ": " + key + "= ")
                            .append(isNamed ? "presumably" : "perhaps")
                            .append(" refused this: " + VisibleText.of(said) + "\n");
                });
        return text.toString();
    }

    /** The setting that the oldest line fits. */
    public String first() {
        return suspects.keySet().iterator().next();
    }

    /** The drop-in without the first setting, but with a comment that says why. */
    public String withoutFirst() {
        String key = first() + "=";
        String why = " (" + VisibleText.of(suspects.get(first())) + ")";
        // No line is left that begins so; this is the end of the comment.
        return HardenedUnit.without(List.of(first()), dropIn).replace(key + "\n", key + why + "\n");
    }
}
