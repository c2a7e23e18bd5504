// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.ErrnoNames;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the lines of a profile of firejail(1) that list calls: {@code seccomp}, {@code
 * seccomp.drop}, {@code seccomp.keep}, {@code seccomp-error-action}. The last line of each kind
 * counts (profile.c of firejail 0.9.74). Calls of 32-bit programs pass its filter unless there is
 * {@code seccomp.block-secondary}.
 */
final class FirejailReader implements FormatReader {
    static final String KEEP = "seccomp.keep";
    static final String DROP = "seccomp.drop";
    static final String ERROR_ACTION = "seccomp-error-action";
    static final String BLOCK_SECONDARY = "seccomp.block-secondary";

    private static final String DEFAULT = "seccomp";
    private static final Pattern SIGN =
            Pattern.compile("(?m)^\\s*seccomp(\\.(keep|drop)\\b|[ \\t]+[@!$a-z]|[ \\t]*$)");
    private static final Set<String> OTHER_FILTERS =
            Set.of(
                    "seccomp.32",
                    "seccomp.32.drop",
                    "seccomp.32.keep",
                    "protocol",
                    "memory-deny-write-execute",
                    "restrict-namespaces",
                    "include");

    /** The usual result of a call that is not kept, or is dropped. */
    private static final Action USUAL_REFUSAL = Action.errno(1);

    private final SyscallGroups groups;

    FirejailReader(SyscallGroups groups) {
        this.groups = groups;
    }

    /** A line's value, and the line's number. */
    private record Setting(String value, int line) {}

    @Override
    public boolean recognises(UnknownText text) {
        return text.has(SIGN);
    }

    @Override
    public Reading read(String text, Surroundings around) {
        NoteLines comments = new NoteLines('#');
        List<Loss> losses = new ArrayList<>();
        Map<String, Setting> settings = new LinkedHashMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!comments.take(lines.get(i))) {
                String[] words = lines.get(i).strip().split("\\s+", 2);
                settings.put(words[0], new Setting(words.length < 2 ? "" : words[1], i + 1));
                if (OTHER_FILTERS.contains(words[0])) {
                    losses.add(new Loss("line " + (i + 1) + ": " + words[0], "is not read"));
                }
            }
        }
        PolicyDocument document = document(settings, comments.ofFile());
        if (!settings.containsKey(BLOCK_SECONDARY)) {
            losses.add(
                    new Loss(
                            "calls of other architectures",
                            "pass the filter in firejail; here they are refused"));
        }
        return new Reading(document, losses);
    }

    private PolicyDocument document(Map<String, Setting> settings, List<String> comments) {
        Action refusal =
                Optional.ofNullable(settings.get(ERROR_ACTION))
                        .map(setting -> action(setting.line(), setting.value()))
                        .orElse(USUAL_REFUSAL);
        Setting keep = settings.get(KEEP);
        Setting drop = settings.get(DROP);
        Setting usual = settings.get(DEFAULT);
        if (keep == null && drop == null && usual == null) {
            throw PolicyFormatException.ofWhole("has neither " + KEEP + " nor " + DROP);
        }
        if (keep != null && (drop != null || usual != null)) {
            throw PolicyFormatException.at(keep.line(), "both " + KEEP + " and a list to drop");
        }
        if (drop != null && usual != null) {
            throw PolicyFormatException.at(drop.line(), "both " + DROP + " and " + DEFAULT);
        }
        Map<String, Rule> rules = new LinkedHashMap<>();
        if (keep != null) {
            add(rules, keep.line(), keep.value(), Action.ALLOW);
        } else if (drop != null) {
            add(rules, drop.line(), drop.value(), refusal);
        } else {
            add(rules, usual.line(), "@default-nodebuggers", refusal);
            add(rules, usual.line(), usual.value(), refusal);
        }
        return new PolicyDocument(
                keep != null ? refusal : Action.ALLOW,
                List.copyOf(rules.values()),
                Coverage.NATIVE,
                true,
                false,
                comments);
    }

    private void add(Map<String, Rule> rules, int line, String list, Action usual) {
        for (String item : list.split(",")) {
            String word = item.strip();
            if (word.startsWith("!")) {
                rules.remove(word.substring(1));
            } else if (!word.isEmpty()) {
                addWord(rules, line, word, usual);
            }
        }
    }

    private void addWord(Map<String, Rule> rules, int line, String word, Action usual) {
        int colon = word.indexOf(':');
        String name = colon < 0 ? word : word.substring(0, colon);
        Action action = colon < 0 ? usual : action(line, word.substring(colon + 1));
        if (colon >= 0 && usual == Action.ALLOW) {
            throw PolicyFormatException.at(
                    line, ShownValue.of(word) + ": an allowed call cannot have an action");
        }
        if (name.startsWith("@")) {
            List<String> calls =
                    groups.calls(name)
                            .orElseThrow(
                                    () ->
                                            PolicyFormatException.at(
                                                    line, ShownValue.of(name) + ": unknown group"));
            Note note = new Note(List.of(), name, line);
            calls.forEach(call -> rules.put(call, rule(line, call, action).withNote(note)));
        } else {
            rules.put(name, rule(line, name, action));
        }
    }

    private static Rule rule(int line, String name, Action action) {
        try {
            CallRef call =
                    name.matches("\\$[0-9]{1,9}")
                            ? new CallRef.Numbered(Integer.parseInt(name.substring(1)))
                            : new CallRef.Named(name);
            return Rule.of(call, List.of(), action).withNote(Note.at(line));
        } catch (IllegalArgumentException e) {
            throw PolicyFormatException.at(line, e.getMessage(), e);
        }
    }

    private static Action action(int line, String text) {
        if (text.equals("kill")) {
            return Action.KILL;
        }
        if (text.equals("log")) {
            return Action.LOG;
        }
        OptionalInt number = ErrnoNames.numberOf(text);
        if (number.isEmpty()) {
            throw PolicyFormatException.at(
                    line, ShownValue.of(text) + ": neither kill, log nor the name of an errno");
        }
        return Action.errno(number.getAsInt());
    }
}
