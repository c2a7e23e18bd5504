// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.document.Coverage;
import io.sandbox.enforcer.document.Loss;
import io.sandbox.enforcer.document.Note;
import io.sandbox.enforcer.document.NoteLines;
import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.document.PolicyFormatException;
import io.sandbox.enforcer.document.Rule;
import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.CallRef;
import io.sandbox.enforcer.policy.ErrnoNames;
import io.sandbox.enforcer.policy.ShownValue;
import io.sandbox.enforcer.policy.UnknownCalls;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the settings of a systemd unit or drop-in that list calls (systemd.exec(5), load-fragment.c
 * of version 257). The first SystemCallFilter= decides the kind of the list, a later one of the
 * other kind removes calls, and an empty one starts again. In an allow list, a removed call can get
 * an errno of its own. An allow list also has @default. What systemd ignores with a warning becomes
 * a loss.
 */
final class SystemdReader implements FormatReader {
    static final String FILTER = "SystemCallFilter";
    static final String ERRNO = "SystemCallErrorNumber";
    static final String ARCHITECTURES = "SystemCallArchitectures";
    static final String ALWAYS = "@default";

    private static final Pattern SIGN = Pattern.compile("(?m)^\\s*" + FILTER + "\\s*=");

    /** The architectures that systemd filters without SystemCallArchitectures= (seccomp-util.c). */
    static final Coverage ALL_LOCAL = allLocal();

    /** Other settings that also make filters. */
    private static final Set<String> OTHER_FILTERS =
            Set.of(
                    "SystemCallLog",
                    "RestrictAddressFamilies",
                    "RestrictNamespaces",
                    "RestrictRealtime",
                    "RestrictSUIDSGID",
                    "MemoryDenyWriteExecute",
                    "LockPersonality",
                    "ProtectClock",
                    "ProtectHostname",
                    "ProtectKernelLogs",
                    "ProtectKernelModules",
                    "ProtectKernelTunables",
                    "PrivateDevices");

    private final SyscallGroups groups;

    SystemdReader(SyscallGroups groups) {
        this.groups = groups;
    }

    private static Coverage allLocal() {
        Map<String, List<String>> secondary = new HashMap<>();
        for (Arch arch : SyscallDb.get().arches()) {
            if (!arch.secondary().isEmpty()) {
                secondary.put(arch.name(), arch.secondary());
            }
        }
        return new Coverage(List.of(), secondary);
    }

    @Override
    public boolean recognises(UnknownText text) {
        return text.has(SIGN);
    }

    @Override
    public Reading read(String text, Surroundings around) {
        Unit unit = new Unit(groups);
        NoteLines comments = new NoteLines('#');
        UnitLines.forEach(text, comments, unit::take);
        return unit.finish(comments.ofFile());
    }

    /** The result of the settings so far. */
    private static final class Unit {
        private record Entry(Optional<Action> action, Note note) {}

        private final SyscallGroups groups;
        private final List<Loss> losses = new ArrayList<>();
        private final Map<String, Entry> filter = new LinkedHashMap<>();

        /** The calls that an allow list refuses in a way of their own. */
        private final Map<String, Entry> refused = new LinkedHashMap<>();

        private Optional<Boolean> allowList = Optional.empty(); // before the first filter
        private Action refusal = Action.KILL;
        private Optional<List<String>> architectures = Optional.empty();

        Unit(SyscallGroups groups) {
            this.groups = groups;
        }

        void take(int line, String key, String value) {
            switch (key) {
                case FILTER -> takeFilter(line, value);
                case ERRNO -> refusal = value.isEmpty() ? Action.KILL : action(line, value);
                case ARCHITECTURES -> takeArchitectures(line, value);
                default -> {
                    if (OTHER_FILTERS.contains(key)) {
                        losses.add(new Loss("line " + line + ": " + key, "is not read"));
                    }
                }
            }
        }

        private void takeFilter(int line, String value) {
            if (value.isEmpty()) {
                filter.clear();
                refused.clear();
                allowList = Optional.empty();
                return;
            }
            boolean inverted = value.startsWith("~");
            if (allowList.isEmpty()) {
                allowList = Optional.of(!inverted);
                if (!inverted) {
                    addGroup(line, ALWAYS, true, Optional.empty());
                }
            }
            boolean add = allowList.get() != inverted;
            for (String word : words(inverted ? value.substring(1) : value)) {
                takeWord(line, word, inverted, add);
            }
        }

        private void takeWord(int line, String word, boolean inverted, boolean add) {
            int colon = word.indexOf(':');
            String name = colon < 0 ? word : word.substring(0, colon);
            Optional<Action> action =
                    colon < 0
                            ? Optional.empty()
                            : Optional.of(action(line, word.substring(colon + 1)));
            if (action.isPresent() && !inverted) {
                ignored(line, word, "an allowed call cannot have an errno");
            } else if (name.startsWith("@")) {
                addGroup(line, name, add, action);
            } else {
                put(name, add, new Entry(action, Note.at(line)), line);
            }
        }

        private void addGroup(int line, String group, boolean add, Optional<Action> action) {
            Optional<List<String>> calls = groups.calls(group);
            if (calls.isEmpty()) {
                ignored(line, group, "unknown group");
                return;
            }
            for (String call : calls.get()) {
                put(call, add, new Entry(action, new Note(List.of(), group, line)), line);
            }
        }

        private void put(String name, boolean add, Entry entry, int line) {
            try {
                new CallRef.Named(name);
            } catch (IllegalArgumentException e) {
                throw PolicyFormatException.at(line, e.getMessage(), e);
            }
            filter.remove(name); // the last mention decides the place
            refused.remove(name);
            if (add) {
                filter.put(name, entry);
            } else if (entry.action().isPresent()) {
                refused.put(name, entry);
            }
        }

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

        private static Rule rule(String name, Entry entry, Action action) {
            return Rule.of(new CallRef.Named(name), List.of(), action).withNote(entry.note());
        }

        Reading finish(List<String> comments) {
            if (allowList.isEmpty()) {
                throw PolicyFormatException.ofWhole("has no " + FILTER + "=");
            }
            boolean allow = allowList.get();
            List<Rule> rules = new ArrayList<>(filter.size());
            filter.forEach(
                    (name, entry) ->
                            rules.add(
                                    rule(
                                            name,
                                            entry,
                                            allow
                                                    ? Action.ALLOW
                                                    : entry.action().orElse(refusal))));
            refused.forEach(
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
            PolicyDocument document =
                    new PolicyDocument(
                            allow ? refusal : Action.ALLOW,
                            MultiplexerRules.first(rules),
                            coverage,
                            true,
                            false,
                            comments);
            return new Reading(document, losses);
        }
    }
}
