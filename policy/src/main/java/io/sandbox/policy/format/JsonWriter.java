// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Listener;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes what {@link JsonReader} reads, always in the same order, with one rule on each line. */
final class JsonWriter implements FormatWriter {
    private static final CallRef ANY_CALL = new CallRef.Named("x");

    @Override
    public Writing write(PolicyDocument document, Circumstances here) {
        StringBuilder out = new StringBuilder("{\n  \"" + JsonReader.MARK + "\": 1,\n");
        appendList(out, "comments", document.comments());
        append(out, "default", JsonText.quoted(ActionText.format(document.otherwise())));
        appendList(out, "architectures", document.coverage().also());
        if (!document.coverage().byMachine().isEmpty()) {
            List<String> machines = new ArrayList<>();
            for (Map.Entry<String, List<String>> each :
                    document.coverage().byMachine().entrySet()) {
                machines.add(
                        JsonText.quoted(each.getKey()) + ": " + JsonText.list(each.getValue()));
            }
            append(out, "architecturesOf", "{" + String.join(", ", machines) + "}");
        }
        if (document.ignoresMissing()) {
            append(out, "missing", "\"ignore\"");
        }
        if (document.logDenials()) {
            append(out, "log", "true");
        }
        if (!document.treatsForeignAsUsual()) {
            append(out, "foreign", document.logsForeign() ? "\"log\"" : "\"kill\"");
        }
        if (document.unknown().refused()) {
            String newest =
                    document.unknown().newest().map(Object::toString).orElse(JsonReader.NEWEST);
            append(out, JsonReader.KERNEL, JsonText.quoted(newest));
        }
        document.listener().ifPresent(listener -> appendListener(out, listener));
        String rules =
                document.rules().stream()
                        .map(rule -> "\n    " + ruleText(rule))
                        .collect(Collectors.joining(","));
        out.append("  \"rules\": [").append(rules).append(rules.isEmpty() ? "" : "\n  ");
        return new Writing(out.append("]\n}\n").toString(), List.of());
    }

    private static void appendListener(StringBuilder out, Listener listener) {
        append(out, JsonReader.LISTENER, JsonText.quoted(listener.path()));
        if (!listener.metadata().isEmpty()) {
            append(out, JsonReader.METADATA, JsonText.quoted(listener.metadata()));
        }
    }

    @Override
    public boolean says(Action action) {
        return true;
    }

    @Override
    public Set<Feature> features() {
        return Set.of(Feature.values());
    }

    private static void append(StringBuilder out, String key, String json) {
        out.append("  \"").append(key).append("\": ").append(json).append(",\n");
    }

    private static void appendList(StringBuilder out, String key, Collection<String> texts) {
        if (!texts.isEmpty()) {
            append(out, key, JsonText.list(texts));
        }
    }

    /** A rule on one line. */
    static String ruleText(Rule rule) {
        List<String> members = new ArrayList<>();
        members.add(member("call", JsonText.quoted(rule.call().toString())));
        addList(members, "if", rule.conditions().stream().map(JsonWriter::conditionText).toList());
        members.add(member("action", JsonText.quoted(ActionText.format(rule.action()))));
        addList(members, "arches", rule.scope().arches());
        addList(members, "notArches", rule.scope().notArches());
        addList(members, "caps", rule.scope().capabilities());
        addList(members, "notCaps", rule.scope().notCapabilities());
        rule.scope().minKernel().ifPresent(v -> members.add(member("minKernel", "\"" + v + "\"")));
        rule.scope()
                .belowKernel()
                .ifPresent(v -> members.add(member("belowKernel", "\"" + v + "\"")));
        if (!rule.note().reason().isEmpty()) {
            members.add(member("reason", JsonText.quoted(rule.note().reason())));
        }
        addList(members, "comments", rule.note().comments());
        return members.stream().collect(Collectors.joining(", ", "{", "}"));
    }

    private static String member(String key, String json) {
        return "\"" + key + "\": " + json;
    }

    private static void addList(List<String> members, String key, Collection<String> texts) {
        if (!texts.isEmpty()) {
            members.add(member(key, JsonText.list(texts)));
        }
    }

    private static String conditionText(Condition condition) {
        String entry = PolicyText.format(ANY_CALL, List.of(condition));
        return entry.substring("x(".length(), entry.length() - 1);
    }
}
