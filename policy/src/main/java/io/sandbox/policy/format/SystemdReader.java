// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.ErrnoNames;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the settings of a systemd unit or drop-in that list calls (systemd.exec(5), load-fragment.c
 * of version 257). The first SystemCallFilter= decides the kind of the list, a later one of the
 * other kind removes calls, and an empty one starts again. In an allow list, a removed call can get
 * an errno of its own. An allow list also has @default. What systemd ignores with a warning becomes
 * a loss. {@link SystemdDirectives} reads the settings that refuse calls for some arguments. Of all
 * filters, the strictest decides, and of errnos that of SystemCallFilter=, since it is loaded last.
 */
final class SystemdReader implements FormatReader {
    static final String FILTER = UnitLines.FILTER;
    static final String ERRNO = "SystemCallErrorNumber";
    static final String ARCHITECTURES = "SystemCallArchitectures";
    static final String ALWAYS = "@default";

    private static final Pattern SIGN = Pattern.compile("(?m)^[ \t]*" + FILTER + "[ \t]*=");

    /** The architectures that systemd filters without SystemCallArchitectures= (seccomp-util.c). */
    static final Coverage ALL_LOCAL =
            new Coverage(
                    List.of(),
                    SyscallDb.get().arches().stream()
                            .filter(arch -> !arch.secondary().isEmpty())
                            .collect(Collectors.toMap(Arch::name, Arch::secondary)));

    /** Other settings that also make filters. */
    private static final Set<String> OTHER_FILTERS =
            Set.of(
                    """
                    SystemCallLog ProtectClock ProtectHostname ProtectKernelLogs
                    ProtectKernelModules ProtectKernelTunables PrivateDevices
                    """
                            .split("\\s"));

    @Override
    public Fit fit(UnknownText text) {
        if (!text.has(SIGN)) {
            return Fit.NONE;
        }
        Fit fit = UnitLines.fit(text.text());
        return fit.isWhole() ? fit : Fit.nearly(fit.firstOther());
    }

    @Override
    public Reading read(String text, Surroundings around) {
        Unit unit = new Unit();
        NoteLines comments = new NoteLines('#');
        UnitLines.forEach(text, comments, unit::take);
        return unit.finish(comments.ofFile(), around.arch());
    }

    /** The result of the settings so far. */
    private static final class Unit {
        private record Entry(Optional<Action> action, Note note) {}

        /**
         * A word of the filter.
         *
         * @param word a call or a group
         * @param calls what it names
         * @param add whether it adds them to the filter or removes them
         */
        private record Mention(String word, List<String> calls, boolean add, Entry entry) {}

        private final List<Loss> losses = new ArrayList<>();
        private final List<Mention> mentions = new ArrayList<>();
        private final SystemdDirectives directives = new SystemdDirectives();

        /** The calls of a deny list, and the words whose calls are all among them. */
        private final Set<String> denied = new HashSet<>();

        private final Set<String> deniedWords = new HashSet<>();
        private Optional<Boolean> allowList = Optional.empty(); // before the first filter
        private boolean reset;
        private boolean allowListWasReset;
        private Action refusal = Action.KILL;
        private Optional<List<String>> architectures = Optional.empty();

        void take(int line, String key, String value) {
            switch (key) {
                case FILTER -> takeFilter(line, value);
                case ERRNO -> refusal = value.isEmpty() ? Action.KILL : action(line, value);
                case ARCHITECTURES -> takeArchitectures(line, value);
                default -> {
                    directives.take(line, key, value);
                    if (OTHER_FILTERS.contains(key)) {
                        losses.add(new Loss("line " + line + ": " + key, "is not read"));
                    }
                }
            }
        }

        private void takeFilter(int line, String value) {
            if (value.isEmpty()) {
                if (reset && mentions.isEmpty()) {
                    throw PolicyFormatException.at(
                            line,
                            FILTER + "= is empty, and nothing has come since the last empty one");
                }
                reset = true;
                allowListWasReset |= allowList.orElse(false);
                mentions.clear();
                denied.clear();
                deniedWords.clear();
                allowList = Optional.empty();
                return;
            }
            boolean inverted = value.startsWith("~");
            if (allowList.isEmpty()) {
                if (inverted && allowListWasReset) {
                    throw PolicyFormatException.at(
                            line,
                            "refuses calls, after an allow list that an empty line has reset");
                }
                allowList = Optional.of(!inverted);
                if (!inverted) {
                    addGroup(line, ALWAYS, true, Optional.empty());
                }
            }
            boolean add = allowList.get() != inverted;
            int before = denied.size();
            for (String word : words(inverted ? value.substring(1) : value)) {
                takeWord(line, word, inverted, add);
            }
            if (!add && !allowList.get() && denied.size() == before) {
                throw PolicyFormatException.at(
                        line,
                        "takes nothing out of the list, which has the calls that are refused:"
                                + " an earlier "
                                + FILTER
                                + "= begins with ~");
            }
        }

        private void takeWord(int line, String word, boolean inverted, boolean add) {
            int colon = word.indexOf(':');
            String name = colon == -1 ? word : word.substring(0, colon);
            Optional<Action> action =
                    colon == -1
                            ? Optional.empty()
                            : Optional.of(action(line, word.substring(colon + 1)));
            if (action.isPresent() && !inverted) {
                ignored(line, word, "an allowed call cannot have an errno");
            } else if (name.startsWith("@")) {
                addGroup(line, name, add, action);
            } else {
                requireName(line, name);
                mention(new Mention(name, List.of(name), add, new Entry(action, Note.at(line))));
            }
        }

        private void addGroup(int line, String group, boolean add, Optional<Action> action) {
            Optional<List<String>> calls = Groups.ofSystemd(group);
            if (calls.isEmpty()) {
                throw PolicyFormatException.at(line, ShownValue.of(group) + ": unknown group");
            }
            Note note = new Note(List.of(), group, line);
            mention(new Mention(group, calls.get(), add, new Entry(action, note)));
        }

        private void mention(Mention mention) {
            mentions.add(mention);
            if (allowList.orElse(true)) {
                return;
            }
            if (!mention.add) {
                mention.calls.forEach(denied::remove);
                deniedWords.clear();
            } else if (deniedWords.add(mention.word)) {
                denied.addAll(mention.calls);
            }
        }

        private static void requireName(int line, String name) {
            try {
                new CallRef.Named(name);
            } catch (IllegalArgumentException e) {
                throw PolicyFormatException.at(line, e.getMessage(), e);
            }
        }

        /**
         * The calls of the filter, in the order of their last mentions, each of which decides about
         * its call; and those that an allow list refuses in a way of their own. So the mentions are
         * read from the last to the first, and those of a group that was read already change
         * nothing: a file may name a large group on each of its lines.
         */
        private Calls calls() {
            Calls backwards = new Calls(new LinkedHashMap<>(), new LinkedHashMap<>());
            Set<String> read = new HashSet<>();
            Set<String> decided = new HashSet<>();
            for (int i = mentions.size() - 1; i >= 0; i--) {
                Mention mention = mentions.get(i);
                if (!read.add(mention.word)) {
                    continue;
                }
                for (int j = mention.calls.size() - 1; j >= 0; j--) {
                    String name = mention.calls.get(j);
                    if (!decided.add(name)) {
                        continue;
                    }
                    if (mention.add) {
                        backwards.filter.put(name, mention.entry);
                    } else if (mention.entry.action().isPresent()) {
                        backwards.refused.put(name, mention.entry);
                    }
                }
            }
            return new Calls(reversed(backwards.filter), reversed(backwards.refused));
        }

        private static Map<String, Entry> reversed(Map<String, Entry> entries) {
            List<String> names = new ArrayList<>(entries.keySet());
            Collections.reverse(names);
            Map<String, Entry> reversed = new LinkedHashMap<>();
            names.forEach(name -> reversed.put(name, entries.get(name)));
            return reversed;
        }

        private record Calls(Map<String, Entry> filter, Map<String, Entry> refused) {}

        private void ignored(int line, String what, String why) {
            String subject = "line " + line + ": " + ShownValue.of(what);
            losses.add(new Loss(subject, "is ignored, as systemd does: " + why));
        }

        private void takeArchitectures(int line, String value) {
            if (value.isEmpty()) {
                architectures = Optional.empty();
                return;
            }
            List<String> all = new ArrayList<>(architectures.orElse(List.of()));
            for (String word : words(value)) {
                Optional<String> arch = ArchNames.ofSystemd(word);
                if (arch.isPresent()) {
                    all.add(arch.get());
                } else if (!word.equals("native")) {
                    ignored(line, word, "unknown architecture");
                }
            }
            architectures = Optional.of(all);
        }

        private static List<String> words(String value) {
            String stripped = value.strip();
            return stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s+"));
        }

        private static Action action(int line, String text) {
            if (text.equals("kill")) {
                return Action.KILL;
            }
            OptionalInt number = ErrnoNames.numberOf(text);
            if (number.isEmpty() && text.matches("[1-9][0-9]{0,3}")) {
                number = OptionalInt.of(Integer.parseInt(text));
            }
            if (number.isEmpty() || number.getAsInt() > Action.Errno.MAX) {
                throw PolicyFormatException.at(line, ShownValue.of(text) + ": not an errno");
            }
            return Action.errno(number.getAsInt());
        }

        /** The rules are for all covered architectures, and not all have this filter. */
        private void reportFamilies(Coverage coverage, String arch) {
            for (String each : coverage.archesOn(arch)) {
                if (directives.saysFamilies() && !SystemdDirectives.hasFamilies(each)) {
                    losses.add(
                            new Loss(
                                    "socket",
                                    "systemd does not restrict its address families on " + each));
                }
            }
        }

        private static Rule rule(String name, Entry entry, Action action) {
            return Rule.of(new CallRef.Named(name), List.of(), action).withNote(entry.note());
        }

        Reading finish(List<String> comments, String arch) {
            if (allowList.isEmpty()) {
                throw PolicyFormatException.ofWhole("has no " + FILTER + "=");
            }
            boolean allow = allowList.get();
            List<Rule> rules = new ArrayList<>();
            Calls calls = calls();
            Map<String, List<Rule>> further = directives.rules(arch);
            if (!allow) {
                further.keySet().removeAll(calls.filter.keySet());
                further.values().forEach(rules::addAll);
            }
            calls.filter.forEach(
                    (name, entry) -> {
                        List<Rule> before =
                                allow ? further.getOrDefault(name, List.of()) : List.of();
                        rules.addAll(before);
                        if (before.isEmpty() || before.get(before.size() - 1).isConditional()) {
                            Action usual = allow ? Action.ALLOW : entry.action().orElse(refusal);
                            rules.add(rule(name, entry, usual));
                        }
                    });
            calls.refused.forEach(
                    (name, entry) -> {
                        rules.add(rule(name, entry, entry.action().orElseThrow()));
                        if (entry.action().get().equals(UnknownCalls.REFUSAL)) {
                            losses.add(
                                    new Loss(
                                            "line " + entry.note().line() + ": " + name,
                                            "systemd 257 does not start a unit that gives ENOSYS"
                                                    + " to a single call of an allow list"));
                        }
                    });
            Coverage coverage =
                    architectures.map(also -> new Coverage(also, Map.of())).orElse(ALL_LOCAL);
            reportFamilies(coverage, arch);
            Action others = allow ? refusal : Action.ALLOW;
            List<Rule> ordered = MultiplexerRules.first(rules);
            PolicyDocument document =
                    new PolicyDocument(others, ordered, coverage, true, false, comments);
            return new Reading(document, losses);
        }
    }
}
