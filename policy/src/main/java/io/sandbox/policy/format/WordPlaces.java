// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.PolicyEnvironment;
import io.sandbox.policy.edit.EditablePart;
import io.sandbox.policy.edit.PolicyEdit.Addition;
import io.sandbox.policy.edit.TextLines;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words in the values of some lines.
 *
 * @param line a line whose value has allowed calls; the value is its first group
 * @param word a word of the value
 * @param entries whether the words are entries of a list of ours
 * @param onlyLast whether only the last of these lines counts
 */
record WordPlaces(
        Pattern line,
        Pattern word,
        String separator,
        boolean entries,
        boolean onlyLast,
        Function<Addition, String> writer)
        implements CallPlaces {
    /** The entries in the variable of an allow list. */
    static WordPlaces env() {
        return new WordPlaces(
                Pattern.compile("\\s*" + PolicyEnvironment.ALLOW + "=\"?(.*?)\"?\\s*"),
                Pattern.compile("[^:]+"),
                ":",
                true,
                true,
                Addition::entry);
    }

    /** The value of the last line that keeps calls, the one that counts. */
    static WordPlaces firejail() {
        return new WordPlaces(
                Pattern.compile("\\s*" + FirejailReader.KEEP + "\\s+(\\S.*?)\\s*"),
                Pattern.compile("[^,]+"),
                ",",
                false,
                true,
                add -> (add.call() instanceof CallRef.Numbered ? "$" : "") + add.call());
    }

    /** The lines that add calls; for a setting of several lines, its first line. */
    static WordPlaces systemd() {
        return new WordPlaces(
                Pattern.compile("\\s*" + SystemdReader.FILTER + "\\s*=\\s*([^~\\s].*)"),
                Pattern.compile("[^\\s\\\\]+"),
                " ",
                false,
                false,
                add -> add.call().toString());
    }

    @Override
    public boolean says(Addition addition) {
        return entries ? addition.isOfEntries() : addition.isPlain();
    }

    @Override
    public List<EditablePart> in(String text) {
        TextLines lines = new TextLines(text);
        List<EditablePart> parts = new ArrayList<>();
        for (int i = 0; i < lines.count(); i++) {
            Matcher matcher = line.matcher(lines.content(i));
            if (matcher.matches()) {
                int start = lines.start(i) + matcher.start(1);
                int end = lines.start(i) + matcher.end(1);
                parts.add(EditablePart.ofWords(text, start, end, word, separator, writer));
            }
        }
        return onlyLast && parts.size() > 1 ? parts.subList(parts.size() - 1, parts.size()) : parts;
    }
}
