// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Listener;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.document.Scope;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.text.ShownValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads our own format, which can express every document. Version 1:
 *
 * <pre> { "sandboxPolicy": 1, "comments": [TEXT...], "default": ACTION, for a call that no rule
 * matches "architectures": [ARCH...], besides the machine's own, or "architecturesOf": {ARCH:
 * [ARCH...]...}, by the machine's own "missing": "refuse" | "ignore", names that the architecture
 * does not have "log": true | false, refused calls leave audit records too "foreign": "log" |
 * "kill", calls of architectures that are not covered; without it, log if the default is log
 * "rules": [RULE...] } the first that matches decides RULE = { "call": NAME-OR-NUMBER, "if":
 * [CONDITION...], "action": ACTION, "arches", "notArches", "caps", "notCaps": [TEXT...],
 * "minKernel", "belowKernel": "4.8", "reason": TEXT, "comments": [TEXT...] }
 * </pre>
 *
 * ACTION is {@code allow} or as in SECCOMP_DEFAULT_ACTION, CONDITION is as in a list. Only {@code
 * sandboxPolicy}, {@code default}, {@code rules}, {@code call} and {@code action} are required. An
 * unknown key is a mistake, since it might be a condition.
 */
final class JsonReader implements FormatReader {
    static final String MARK = "sandboxPolicy";

    /** The newest kernel whose calls the author has judged. */
    static final String KERNEL = "kernel";

    /** In its place: all that the tables have. */
    static final String NEWEST = "newest";

    /** Who decides about calls that get notify. */
    static final String LISTENER = "listenerPath";

    static final String METADATA = "listenerMetadata";

    private static final Set<String> KEYS =
            Set.of(
                    """
                    sandboxPolicy comments default architectures architecturesOf missing log foreign
                    kernel listenerPath listenerMetadata rules
                    """
                            .split("\\s"));
    private static final Set<String> RULE_KEYS =
            Set.of(
                    """
                    call if action arches notArches caps notCaps minKernel belowKernel reason
                    comments
                    """
                            .split("\\s"));

    @Override
    public Fit fit(UnknownText text) {
        return text.json().filter(root -> root.find(MARK).isPresent()).isPresent()
                ? Fit.WHOLE
                : Fit.NONE;
    }

    @Override
    public Reading read(String text, Surroundings around) {
        DataNode root = JsonTree.parse(text);
        root.get(MARK).integer(1);
        root.requireKeysAmong(KEYS);
        List<Rule> rules = root.get("rules").items().stream().map(JsonReader::rule).toList();
        Action otherwise = action(root.get("default"));
        PolicyDocument document =
                new PolicyDocument(
                        otherwise,
                        rules,
                        coverage(root),
                        ignoresMissing(root),
                        root.find("log").map(DataNode::flag).orElse(false),
                        root.find("foreign")
                                .map(JsonReader::logsForeign)
                                .orElse(otherwise == Action.LOG),
                        root.find(KERNEL).map(JsonReader::unknown).orElse(UnknownCalls.AS_OTHERS),
                        listener(root),
                        root.texts("comments"));
        return new Reading(document, List.of());
    }

    private static Coverage coverage(DataNode root) {
        Map<String, List<String>> byMachine = new LinkedHashMap<>();
        Optional<DataNode> machines = root.find("architecturesOf");
        if (machines.isPresent()) {
            for (String machine : machines.get().keys()) {
                byMachine.put(machine, machines.get().texts(machine));
            }
        }
        List<String> also = root.texts("architectures");
        if (!also.isEmpty() && !byMachine.isEmpty()) {
            throw root.wrong("either architectures or architecturesOf");
        }
        return new Coverage(also, byMachine);
    }

    private static boolean ignoresMissing(DataNode root) {
        Optional<DataNode> missing = root.find("missing");
        if (missing.isEmpty() || missing.get().text().equals("refuse")) {
            return false;
        }
        if (!missing.get().text().equals("ignore")) {
            throw missing.get().wrong("neither refuse nor ignore");
        }
        return true;
    }

    private static boolean logsForeign(DataNode foreign) {
        boolean logs = foreign.text().equals("log");
        if (!logs && !foreign.text().equals("kill")) {
            throw foreign.wrong("neither log nor kill");
        }
        return logs;
    }

    /** The listener in our own format, or in a profile for container runtimes. */
    static Optional<Listener> listener(DataNode root) {
        String metadata = root.find(METADATA).map(DataNode::text).orElse("");
        String path = root.find(LISTENER).map(DataNode::text).orElse("");
        return path.isEmpty() && metadata.isEmpty()
                ? Optional.empty()
                : Optional.of(new Listener(path, metadata));
    }

    private static UnknownCalls unknown(DataNode node) {
        return node.text().equals(NEWEST)
                ? UnknownCalls.ABOVE_TABLES
                : UnknownCalls.after(kernel(node));
    }

    private static Rule rule(DataNode node) {
        node.requireKeysAmong(RULE_KEYS);
        String reason = node.find("reason").map(DataNode::text).orElse("");
        List<Condition> conditions = node.items("if").stream().map(JsonReader::condition).toList();
        if (conditions.size() > Rule.MAX_CONDITIONS) {
            throw node.wrong("more than " + Rule.MAX_CONDITIONS + " conditions");
        }
        return new Rule(
                entry(node.get("call"), node.get("call").text()).call(),
                conditions,
                action(node.get("action")),
                new Scope(
                        arches(node, "arches"),
                        arches(node, "notArches"),
                        Set.copyOf(node.texts("caps")),
                        Set.copyOf(node.texts("notCaps")),
                        node.find("minKernel").map(JsonReader::kernel),
                        node.find("belowKernel").map(JsonReader::kernel)),
                new Note(node.texts("comments"), reason, node.line()));
    }

    /** Only known ones: a rule for a misspelt architecture would never count. */
    private static Set<String> arches(DataNode node, String key) {
        for (DataNode arch : node.items(key)) {
            if (SyscallDb.get().archByName(arch.text()).isEmpty()) {
                throw arch.wrong(ShownValue.of(arch.text()) + ": unknown architecture");
            }
        }
        return Set.copyOf(node.texts(key));
    }

    static KernelVersion kernel(DataNode node) {
        return KernelVersion.parse(node.text())
                .orElseThrow(
                        () -> node.wrong(ShownValue.of(node.text()) + ": not a kernel version"));
    }

    private static Condition condition(DataNode node) {
        String text = node.text();
        PolicyEntry entry = entry(node, "x(" + text + ")");
        if (entry.conditions().size() != 1) {
            throw node.wrong(ShownValue.of(text) + ": expected one condition");
        }
        return entry.conditions().get(0);
    }

    private static PolicyEntry entry(DataNode node, String text) {
        List<PolicyEntry> entries;
        try {
            entries = PolicyText.parseEntries(text);
        } catch (PolicySyntaxException e) {
            throw PolicyFormatException.at(node.line(), e.getMessage(), e);
        }
        boolean one = entries.size() == 1 && entries.get(0).errno().isEmpty();
        if (!one || !text.startsWith(entries.get(0).call().toString())) {
            throw node.wrong(ShownValue.of(text) + ": neither a name nor a decimal number");
        }
        return entries.get(0);
    }

    private static Action action(DataNode node) {
        try {
            return ActionText.parse(node.text());
        } catch (PolicySyntaxException e) {
            throw PolicyFormatException.at(node.line(), e.getMessage(), e);
        }
    }
}
