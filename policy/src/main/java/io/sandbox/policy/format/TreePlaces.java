// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.edit.EditablePart;
import io.sandbox.policy.edit.PolicyEdit.Addition;
import io.sandbox.policy.edit.TextLines;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The places in formats of JSON or YAML. */
enum TreePlaces implements CallPlaces {
    /** The list of rules in our own format. */
    JSON {
        @Override
        public boolean says(Addition addition) {
            return true;
        }

        @Override
        public List<EditablePart> in(String text) {
            DataNode rules = JsonTree.parse(text).get("rules");
            return List.of(row(text, rules, TreePlaces::subject, TreePlaces::jsonRule));
        }
    },
    OCI {
        @Override
        List<DataNode> profiles(String text) {
            return List.of(OciReader.profile(JsonTree.parse(text)));
        }
    },
    SPO {
        @Override
        List<DataNode> profiles(String text) {
            return YamlTree.parse(text).stream()
                    .filter(SpoReader::isProfile)
                    .map(profile -> profile.get("spec"))
                    .toList();
        }
    };

    private static final String AFTER_ALL_NAMES = "~";

    /** The profiles for container runtimes in a text. */
    List<DataNode> profiles(String text) {
        return List.of();
    }

    /** Runtimes know calls by name only, so no entry can have a rule for a number. */
    @Override
    public boolean says(Addition addition) {
        return addition.isPlain() || addition.call() instanceof CallRef.Named;
    }

    /** The lists of names that are allowed with any arguments and in all circumstances. */
    @Override
    public List<EditablePart> in(String text) {
        return profiles(text).stream()
                .flatMap(profile -> profile.items("syscalls").stream())
                .filter(TreePlaces::allowsAlways)
                .flatMap(rule -> rule.find("names").stream())
                .map(names -> names(text, names))
                .toList();
    }

    private static boolean allowsAlways(DataNode rule) {
        return rule.find("action").filter(a -> a.text().equals("SCMP_ACT_ALLOW")).isPresent()
                && List.of("args", "includes", "excludes").stream()
                        .flatMap(key -> rule.find(key).stream())
                        .allMatch(DataNode::isEmpty);
    }

    private EditablePart names(String text, DataNode names) {
        String quote = this == OCI ? "\"" : "";
        Function<Addition, String> writer = add -> quote + add.call() + quote;
        return names.isRow()
                ? row(text, names, DataNode::text, writer)
                : lines(text, names.items(), DataNode::text, writer);
    }

    /** The lists of rules, which may have any order. */
    @Override
    public List<EditablePart> rulesIn(String text) {
        if (this == JSON) {
            return in(text);
        }
        return profiles(text).stream()
                .flatMap(profile -> profile.find("syscalls").stream())
                .filter(rules -> this == OCI || !rules.isEmpty())
                .map(rules -> rules(text, rules))
                .toList();
    }

    private EditablePart rules(String text, DataNode rules) {
        // A new rule on a line of its own comes before the first, since a rule ends anywhere.
        return rules.isRow()
                ? row(text, rules, rule -> "", this::rule)
                : lines(text, rules.items().subList(0, 1), rule -> AFTER_ALL_NAMES, this::rule);
    }

    /** A rule on one line of JSON. */
    private String rule(Addition addition) {
        Rule rule = withReason(addition);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("names", List.of(rule.call().toString()));
        entry.putAll(OciTree.withoutNames(rule, rule.conditions(), this == OCI));
        return JsonText.line(entry);
    }

    private static String jsonRule(Addition addition) {
        return JsonWriter.ruleText(withReason(addition));
    }

    private static Rule withReason(Addition addition) {
        return addition.rules().get(0).withNote(new Note(List.of(), addition.reason(), 0));
    }

    /** A rule's subject in our format. A rule that does not allow gets one that no rule has. */
    private static String subject(DataNode rule) {
        String call = rule.get("call").text();
        String conditions =
                rule.items("if").stream().map(DataNode::text).collect(Collectors.joining(","));
        String entry = conditions.isEmpty() ? call : call + "(" + conditions + ")";
        boolean allow = rule.get("action").text().equals("allow");
        return allow ? EditablePart.subjectOf(entry) : entry + ":";
    }

    /** The items of a list in brackets. */
    private static EditablePart row(
            String text,
            DataNode list,
            Function<DataNode, String> subject,
            Function<Addition, String> writer) {
        List<EditablePart.Item> items = new ArrayList<>();
        for (DataNode item : list.items()) {
            items.add(new EditablePart.Item(subject.apply(item), item.start(), item.end()));
        }
        int start = items.isEmpty() ? list.start() + 1 : items.get(0).start();
        return new EditablePart(items, start, separator(text, list), false, writer);
    }

    /** The text between the last two items; with fewer, like that before the first. */
    private static String separator(String text, DataNode list) {
        int count = list.items().size();
        if (count >= 2) {
            int from = list.items().get(count - 2).end();
            return text.substring(from, list.items().get(count - 1).start());
        }
        String before =
                count == 0 ? "" : text.substring(list.start() + 1, list.items().get(0).start());
        return before.isEmpty() ? ", " : "," + before;
    }

    /** The lines of a list of YAML, on each of which an item begins after a dash. */
    private static EditablePart lines(
            String text,
            List<DataNode> items,
            Function<DataNode, String> subject,
            Function<Addition, String> writer) {
        TextLines lines = new TextLines(text);
        List<String> subjects = new ArrayList<>(Collections.nCopies(lines.count(), (String) null));
        String dash = "- ";
        for (DataNode item : items) {
            int line = lines.lineAt(item.start());
            subjects.set(line, subject.apply(item));
            dash = text.substring(lines.start(line), item.start());
        }
        String before = dash;
        return EditablePart.ofLines(
                text, subjects, false, add -> before + writer.apply(add) + add.remark());
    }
}
