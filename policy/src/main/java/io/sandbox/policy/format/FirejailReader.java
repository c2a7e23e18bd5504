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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the lines of a profile of firejail(1) that list calls: {@code seccomp}, {@code
 * seccomp.drop}, {@code seccomp.keep}, {@code seccomp-error-action}. The last line of each kind
 * counts (profile.c of firejail 0.9.74). Included files are read in their places, and lines that
 * {@code ignore} names are left out. Other directives of firejail say nothing about calls, and what
 * is no directive is a mistake, as it is for firejail. Calls of 32-bit programs pass its filter
 * unless there is {@code seccomp.block-secondary}.
 */
final class FirejailReader implements FormatReader {
    private static final String INCLUDE = "include";
    private static final String IGNORE = "ignore";
    static final String KEEP = "seccomp.keep";
    static final String DROP = "seccomp.drop";
    static final String ERROR_ACTION = "seccomp-error-action";
    static final String BLOCK_SECONDARY = "seccomp.block-secondary";

    /** Firejail 0.9.74 adds these to a list to keep (seen by {@code policy show --pid}). */
    static final List<String> ALWAYS_KEPT = List.of("execve", "execveat", "prctl");

    private static final String DEFAULT = "seccomp";
    private static final Set<String> LISTS = Set.of(KEEP, DROP, DEFAULT, ERROR_ACTION);
    private static final Set<String> OTHER_FILTERS =
            Set.of("seccomp.32", "seccomp.32.drop", "seccomp.32.keep");
    private static final Set<String> DIRECTIVES =
            Set.of(
                    FirejailDirectives.NAMESPACES,
                    FirejailDirectives.PROTOCOL,
                    FirejailDirectives.WRITE_EXECUTE);
    private static final WordTable WORDS = new WordTable(WordTable.FIREJAIL);

    /** Where firejail looks for files that a profile includes, besides the working directory. */
    private static final List<String> FOLDERS = List.of("/etc/firejail");

    /** How deep files may include others (firejail.h). */
    private static final int MAX_DEPTH = 16;

    /** A directive for some circumstances only, such as {@code ?HAS_X11: net none}. */
    private static final Pattern CONDITIONAL = Pattern.compile("\\?([A-Z0-9_]+) ?: ?(.+)");

    /** The usual result of a call that is not kept, or is dropped. */
    private static final Action USUAL_REFUSAL = Action.errno(1);

    /** A line's value, and the line's number and file, which is empty for the first. */
    private record Setting(String value, int line, String file) {
        PolicyFormatException wrong(String problem) {
            return file.isEmpty()
                    ? PolicyFormatException.at(line, problem)
                    : PolicyFormatException.ofWhole(
                            ShownValue.of(file) + ": line " + line + ": " + problem);
        }
    }

    /** What the lines of a profile and of the files that it includes say together. */
    private static final class Profile {
        final Map<String, Setting> settings = new LinkedHashMap<>();
        final List<Map.Entry<String, Setting>> directives = new ArrayList<>();
        final List<Loss> losses = new ArrayList<>();
        private final List<String> ignored = new ArrayList<>();
        private final Inclusions inclusions;

        Profile(Surroundings around) {
            inclusions = new Inclusions(around.files(), INCLUDE, MAX_DEPTH, FOLDERS);
        }

        /** {@code file}: its name; empty for the first. */
        void takeAll(String text, String file, NoteLines comments, int depth) {
            List<String> lines = text.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                String content = content(lines.get(i));
                if (content.isEmpty()) {
                    comments.take(lines.get(i));
                } else {
                    take(content, new Setting(value(content), i + 1, file), depth);
                }
            }
        }

        private void take(String line, Setting setting, int depth) {
            if (!isDirective(line)) {
                throw PolicyFormatException.at(
                        setting.line(), ShownValue.of(line) + ": no directive of firejail");
            }
            Matcher conditional = CONDITIONAL.matcher(line);
            if (conditional.matches()) {
                if (decides(conditional.group(2))) {
                    throw PolicyFormatException.at(
                            setting.line(),
                            ShownValue.of(line) + ": whether it counts depends on circumstances");
                }
                return;
            }
            String word = word(line);
            if (ignored.stream().anyMatch(start -> (line + " ").startsWith(start + " "))) {
                return;
            }
            if (word.equals(IGNORE)) {
                ignored.add(setting.value());
            } else if (word.equals(INCLUDE)) {
                inclusions.takeIfThere(
                        setting.value(),
                        setting.file(),
                        setting.line(),
                        depth,
                        (text, name) -> takeAll(text, name, new NoteLines('#'), depth + 1));
            } else if (DIRECTIVES.contains(word)) {
                directives.add(Map.entry(word, setting));
            } else if (OTHER_FILTERS.contains(word)) {
                losses.add(new Loss(setting.wrong(word).getMessage(), "is not read"));
            } else if (LISTS.contains(word) || word.equals(BLOCK_SECONDARY)) {
                settings.put(word, setting);
            }
        }
    }

    /** Whether a line says something about calls, directly or by leaving out lines that do. */
    private static boolean decides(String line) {
        return word(line).equals(IGNORE)
                ? decides(value(line))
                : word(line).startsWith(DEFAULT) || word(line).equals(INCLUDE);
    }

    /** The line without a comment, with single blanks as firejail reads it (line_remove_spaces). */
    private static String content(String line) {
        int hash = line.indexOf('#');
        return (hash == -1 ? line : line.substring(0, hash)).trim().replaceAll("[ \t]+", " ");
    }

    private static String word(String line) {
        int blank = line.indexOf(' ');
        return blank == -1 ? line : line.substring(0, blank);
    }

    private static String value(String line) {
        int blank = line.indexOf(' ');
        return blank == -1 ? "" : line.substring(blank + 1);
    }

    private static boolean isDirective(String line) {
        Matcher conditional = CONDITIONAL.matcher(line);
        if (conditional.matches()) {
            return !conditional.group(2).startsWith("?") && isDirective(conditional.group(2));
        }
        return WORDS.has(value(line).isEmpty() ? "alone" : "value", word(line));
    }

    @Override
    public Fit fit(UnknownText text) {
        return text.fitOfLines(line -> isDirective(content(line)));
    }

    @Override
    public Reading read(String text, Surroundings around) {
        NoteLines comments = new NoteLines('#');
        Profile profile = new Profile(around);
        profile.takeAll(text, "", comments, 1);
        PolicyDocument document = document(profile, comments.ofFile(), around.arch());
        List<Loss> losses = profile.losses;
        losses.addAll(profile.inclusions.losses());
        if (!profile.settings.containsKey(BLOCK_SECONDARY)) {
            losses.add(
                    new Loss(
                            "calls of other architectures",
                            "pass the filter in firejail; here they are refused"));
        }
        return new Reading(document, losses);
    }

    private PolicyDocument document(Profile profile, List<String> comments, String arch) {
        Map<String, Setting> settings = profile.settings;
        Action refusal =
                Optional.ofNullable(settings.get(ERROR_ACTION))
                        .map(setting -> action(setting, setting.value()))
                        .orElse(USUAL_REFUSAL);
        Setting keep = settings.get(KEEP);
        Setting drop = settings.get(DROP);
        Setting usual = settings.get(DEFAULT);
        if (keep != null && (drop != null || usual != null)) {
            throw keep.wrong("both " + KEEP + " and a list to drop");
        }
        if (drop != null && usual != null) {
            throw drop.wrong("both " + DROP + " and " + DEFAULT);
        }
        Map<String, Rule> rules = new LinkedHashMap<>();
        if (keep != null) {
            add(rules, keep, keep.value(), Action.ALLOW);
            ALWAYS_KEPT.forEach(call -> rules.putIfAbsent(call, rule(keep, call, Action.ALLOW)));
        } else if (drop != null) {
            add(rules, drop, drop.value(), refusal);
        } else if (usual != null) {
            add(rules, usual, "@default-nodebuggers", refusal);
            add(rules, usual, usual.value(), refusal);
        }
        List<Rule> all = withDirectives(profile, rules, keep != null, refusal, arch);
        if (keep == null && drop == null && usual == null && all.isEmpty()) {
            throw PolicyFormatException.ofWhole("a profile of firejail without seccomp");
        }
        return new PolicyDocument(
                keep != null ? refusal : Action.ALLOW, all, Coverage.NATIVE, true, false, comments);
    }

    /**
     * The rules of the lines beside the list come before its own. What the list refuses stays
     * refused. A line that adds to an earlier one of its kind is not read.
     */
    private static List<Rule> withDirectives(
            Profile profile, Map<String, Rule> list, boolean allow, Action refusal, String arch) {
        List<Rule> further = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Map.Entry<String, Setting> each : profile.directives) {
            Setting line = each.getValue();
            Optional<List<Rule>> read =
                    seen.add(each.getKey())
                            ? FirejailDirectives.rules(each.getKey(), line.value(), arch, refusal)
                            : Optional.empty();
            if (read.isEmpty()) {
                profile.losses.add(new Loss(line.wrong(each.getKey()).getMessage(), "is not read"));
            }
            read.orElse(List.of())
                    .forEach(rule -> further.add(rule.withNote(Note.at(line.line()))));
        }
        Map<String, List<Rule>> byCall = SystemdDirectives.byCall(further);
        List<Rule> all = new ArrayList<>();
        if (!allow) {
            byCall.keySet().removeAll(list.keySet());
            byCall.values().forEach(all::addAll);
        }
        list.forEach(
                (name, rule) -> {
                    List<Rule> before = allow ? byCall.getOrDefault(name, List.of()) : List.of();
                    all.addAll(before);
                    if (before.isEmpty() || before.get(before.size() - 1).isConditional()) {
                        all.add(rule);
                    }
                });
        return all;
    }

    private void add(Map<String, Rule> rules, Setting line, String list, Action usual) {
        for (String item : list.split(",")) {
            String word = item.strip();
            if (word.startsWith("!")) {
                rules.remove(word.substring(1));
            } else if (!word.isEmpty()) {
                addWord(rules, line, word, usual);
            }
        }
    }

    private void addWord(Map<String, Rule> rules, Setting line, String word, Action usual) {
        int colon = word.indexOf(':');
        String name = colon == -1 ? word : word.substring(0, colon);
        Action action = colon == -1 ? usual : action(line, word.substring(colon + 1));
        if (colon != -1 && usual == Action.ALLOW) {
            throw line.wrong(ShownValue.of(word) + ": an allowed call cannot have an action");
        }
        if (name.startsWith("@")) {
            List<String> calls =
                    Groups.ofFirejail(name)
                            .orElseThrow(() -> line.wrong(ShownValue.of(name) + ": unknown group"));
            Note note = new Note(List.of(), name, line.line());
            calls.forEach(call -> rules.put(call, rule(line, call, action).withNote(note)));
        } else {
            rules.put(name, rule(line, name, action));
        }
    }

    private static Rule rule(Setting line, String name, Action action) {
        try {
            CallRef call =
                    name.matches("\\$[0-9]{1,9}")
                            ? new CallRef.Numbered(Integer.parseInt(name.substring(1)))
                            : new CallRef.Named(name);
            return Rule.of(call, List.of(), action).withNote(Note.at(line.line()));
        } catch (IllegalArgumentException e) {
            throw line.wrong(e.getMessage());
        }
    }

    private static Action action(Setting line, String text) {
        if (text.equals("kill")) {
            return Action.KILL;
        }
        if (text.equals("log")) {
            return Action.LOG;
        }
        OptionalInt number = ErrnoNames.numberOf(text);
        if (number.isEmpty()) {
            throw line.wrong(ShownValue.of(text) + ": neither kill, log nor the name of an errno");
        }
        return Action.errno(number.getAsInt());
    }
}
