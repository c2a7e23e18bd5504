// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.ErrnoNames;
import io.sandbox.policy.Operator;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.document.Scope;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a profile of the OCI runtime specification, with the additions of Docker and of the
 * Security Profiles Operator. It means what runc and crun make of it (seccomp.c of crun 1.21,
 * seccomp_linux.go of runc):
 *
 * <ul>
 *   <li>a rule with the default action has no effect;
 *   <li>if a call has rules without arguments, only the first of these counts (libseccomp);
 *   <li>such a rule for socketcall or ipc decides before those for their parts (libseccomp);
 *   <li>rules with arguments that overlap are tested in the order of {@link RuntimeOrder};
 *   <li>if an entry has two conditions for one argument, each of its conditions becomes a rule of
 *       its own;
 *   <li>names that the architecture does not have are ignored.
 * </ul>
 *
 * <p>Runtimes ignore keys that they do not know. Here such a key is a mistake, since it may be a
 * misspelt condition.
 */
final class OciProfile {
    private static final Set<String> KEYS =
            Set.of(
                    """
                    defaultAction defaultErrnoRet defaultErrno architectures archMap syscalls
                    listenerPath listenerMetadata flags
                    """
                            .split("\\s"));

    private static final Set<String> CALL_KEYS =
            Set.of(
                    """
                    names name action errnoRet errno args comment includes excludes
                    """
                            .split("\\s"));
    private static final Set<String> ARGUMENT_KEYS = Set.of("index", "value", "valueTwo", "op");
    private static final Set<String> SCOPE_KEYS = Set.of("arches", "caps", "minKernel");
    private static final Set<String> ARCHITECTURE_KEYS = Set.of("architecture", "subArchitectures");
    private static final String LOG_FLAG = "SECCOMP_FILTER_FLAG_LOG";
    private static final Set<String> HARMLESS_FLAGS =
            Set.of(
                    "SECCOMP_FILTER_FLAG_TSYNC",
                    "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
                    "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");

    private static final int EPERM = 1;

    private final DataNode root;
    private final List<DataNode> calls;
    private final Set<String> known;
    private final List<Loss> losses = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final Action otherwise;

    OciProfile(DataNode root) {
        this(root, root.items("syscalls"), Set.of());
    }

    /**
     * @param calls in place of those of the root
     * @param extraKeys further keys that the caller reads
     */
    OciProfile(DataNode root, List<DataNode> calls, Set<String> extraKeys) {
        this.root = root;
        this.calls = calls;
        known = new HashSet<>(KEYS);
        known.addAll(extraKeys);
        otherwise = action(root, "defaultAction", "defaultErrnoRet");
    }

    Reading read() {
        requireKeysAmong(root, known);
        calls.forEach(this::add);
        PolicyDocument document =
                new PolicyDocument(
                        otherwise, inOrder(), coverage(), true, logsDenials(), List.of());
        return new Reading(document.withListener(JsonReader.listener(root)), losses);
    }

    /** Refuses unknown keys, except those that are marked as not meant for the runtime. */
    private static void requireKeysAmong(DataNode node, Set<String> keys) {
        Set<String> accepted = new HashSet<>(keys);
        node.keys().stream().filter(key -> key.matches("(x-|_|\\$).*")).forEach(accepted::add);
        node.requireKeysAmong(accepted);
    }

    private boolean logsDenials() {
        boolean log = false;
        for (DataNode flag : root.items("flags")) {
            log |= flag.text().equals(LOG_FLAG);
            if (!flag.text().equals(LOG_FLAG) && !HARMLESS_FLAGS.contains(flag.text())) {
                throw flag.wrong(ShownValue.of(flag.text()) + ": unknown flag");
            }
        }
        return log;
    }

    private Coverage coverage() {
        List<String> also = new ArrayList<>();
        for (DataNode arch : root.items("architectures")) {
            if (!arch.text().equals("SCMP_ARCH_NATIVE")) {
                also.add(arch(arch));
            }
        }
        Map<String, List<String>> byMachine = new LinkedHashMap<>();
        for (DataNode entry : root.items("archMap")) {
            entry.requireKeysAmong(ARCHITECTURE_KEYS);
            byMachine.putIfAbsent(
                    arch(entry.get("architecture")),
                    entry.items("subArchitectures").stream().map(OciProfile::arch).toList());
        }
        if (!also.isEmpty() && !byMachine.isEmpty()) {
            throw root.wrong("both architectures and archMap");
        }
        return new Coverage(also, byMachine);
    }

    private static String arch(DataNode node) {
        return ArchNames.ofLibseccomp(node.text())
                .orElseThrow(
                        () -> node.wrong(ShownValue.of(node.text()) + ": unknown architecture"));
    }

    private void add(DataNode node) {
        requireKeysAmong(node, CALL_KEYS);
        Action action = action(node, "action", "errnoRet");
        Scope scope = scope(node);
        String comment = node.find("comment").map(DataNode::text).orElse("");
        Note note = new Note(List.of(), comment, node.line());
        List<List<Condition>> alternatives = alternatives(node);
        for (DataNode name : names(node)) {
            CallRef call = name.call();
            for (List<Condition> conditions : alternatives) {
                rules.add(new Rule(call, conditions, action, scope, note));
            }
        }
    }

    private static List<DataNode> names(DataNode node) {
        Optional<DataNode> name = node.find("name").filter(n -> !n.text().isEmpty());
        List<DataNode> names = node.items("names");
        if (name.isPresent() && !names.isEmpty()) {
            throw node.wrong("both name and names");
        }
        if (name.isEmpty() && names.isEmpty()) {
            throw node.wrong("names is missing");
        }
        return name.isPresent() ? List.of(name.get()) : names;
    }

    private static List<List<Condition>> alternatives(DataNode node) {
        List<Condition> conditions = new ArrayList<>();
        Set<Integer> arguments = new HashSet<>();
        for (DataNode arg : node.items("args")) {
            conditions.add(condition(arg));
            arguments.add(conditions.get(conditions.size() - 1).argument());
        }
        return arguments.size() == conditions.size()
                ? List.of(conditions.stream().filter(OciProfile::asksSomething).toList())
                : conditions.stream()
                        .map(c -> asksSomething(c) ? List.of(c) : List.<Condition>of())
                        .toList();
    }

    /** False for a mask of 0, with which libseccomp makes a rule without arguments. */
    static boolean asksSomething(Condition condition) {
        return condition.operator() != Operator.MASKED_EQ || condition.mask() != 0;
    }

    private static Condition condition(DataNode node) {
        node.requireKeysAmong(ARGUMENT_KEYS);
        int argument = node.get("index").integer(Condition.ARGUMENTS - 1);
        long value = node.unsigned("value");
        long second = node.unsigned("valueTwo");
        DataNode op = node.get("op");
        if (op.text().equals("SCMP_CMP_MASKED_EQ")) {
            // libseccomp ignores bits outside the mask.
            return Condition.masked(argument, value, second & value);
        }
        return Condition.of(argument, operator(op), value);
    }

    private static Operator operator(DataNode node) {
        return Stream.of(Operator.values())
                .filter(each -> node.text().equals("SCMP_CMP_" + each.name()))
                .findFirst()
                .orElseThrow(() -> node.wrong(ShownValue.of(node.text()) + ": unknown operator"));
    }

    private static Scope scope(DataNode node) {
        Optional<DataNode> includes = node.find("includes");
        Optional<DataNode> excludes = node.find("excludes");
        includes.ifPresent(n -> n.requireKeysAmong(SCOPE_KEYS));
        excludes.ifPresent(n -> n.requireKeysAmong(SCOPE_KEYS));
        return new Scope(
                arches(includes),
                arches(excludes),
                texts(includes, "caps"),
                texts(excludes, "caps"),
                kernel(includes),
                kernel(excludes));
    }

    private static Set<String> arches(Optional<DataNode> node) {
        Set<String> arches = new HashSet<>();
        texts(node, "arches").forEach(arch -> arches.add(ArchNames.ofContainer(arch)));
        return arches;
    }

    private static Set<String> texts(Optional<DataNode> node, String key) {
        return node.map(n -> Set.copyOf(n.texts(key))).orElse(Set.of());
    }

    private static Optional<KernelVersion> kernel(Optional<DataNode> node) {
        return node.flatMap(n -> n.find("minKernel"))
                .filter(n -> !n.text().isEmpty())
                .map(JsonReader::kernel);
    }

    private Action action(DataNode node, String key, String errnoKey) {
        DataNode name = node.get(key);
        Optional<DataNode> errno = node.find(errnoKey);
        if (name.text().equals("SCMP_ACT_ERRNO")) {
            Optional<DataNode> errnoName = node.find(errnoKey.replace("Ret", ""));
            return Action.errno(errno.or(() -> errnoName).map(this::errno).orElse(EPERM));
        }
        if (name.text().equals("SCMP_ACT_TRACE")) {
            return new Action.Trace(errno.map(this::data).orElse(EPERM));
        }
        String meaningless =
                "has no meaning with " + ShownValue.of(name.text()) + "; crun refuses it";
        errno.map(value -> new Loss("line " + value.line() + ": " + errnoKey, meaningless))
                .ifPresent(losses::add);
        return switch (name.text()) {
            case "SCMP_ACT_ALLOW" -> Action.ALLOW;
            case "SCMP_ACT_LOG" -> Action.LOG;
            case "SCMP_ACT_TRAP" -> Action.TRAP;
            case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD" -> Action.KILL_THREAD;
            case "SCMP_ACT_KILL_PROCESS" -> Action.KILL;
            case "SCMP_ACT_NOTIFY" -> Action.NOTIFY;
            default -> throw name.wrong(ShownValue.of(name.text()) + ": unknown action");
        };
    }

    private int errno(DataNode node) {
        int number = data(node);
        if (number > Action.Errno.MAX) {
            told(
                    node,
                    "container runtimes do not start with it; the kernel would take it for 4095");
        }
        return number;
    }

    /** A number that a filter returns; as text in what this product wrote for SPO once. */
    private int data(DataNode node) {
        long number = node.isText() ? dataText(node) : node.unsigned();
        if (number > Action.MAX_DATA) {
            told(node, "only the last 16 bits have a meaning");
        }
        return (int) number & Action.MAX_DATA;
    }

    /** An errno as text: a number in old profiles for SPO, a name in Podman. */
    private static long dataText(DataNode node) {
        OptionalInt named = ErrnoNames.numberOf(node.text());
        if (named.isPresent()) {
            return named.getAsInt();
        }
        if (!node.text().matches("[0-9]{1,18}")) {
            throw node.wrong(ShownValue.of(node.text()) + ": not an errno");
        }
        return Long.parseLong(node.text());
    }

    private void told(DataNode node, String effect) {
        losses.add(new Loss("line " + node.line() + ": " + node.shown(), effect));
    }

    /** Sorts the rules so that the first one that holds is the one that libseccomp obeys. */
    private List<Rule> inOrder() {
        Map<CallRef, Set<Action>> withoutArguments = new HashMap<>();
        Map<CallRef, List<Rule>> withArguments = new LinkedHashMap<>();
        for (Rule rule : rules) {
            if (counts(rule) && rule.isConditional()) {
                withArguments.computeIfAbsent(rule.call(), call -> new ArrayList<>()).add(rule);
            } else if (counts(rule)) {
                withoutArguments
                        .computeIfAbsent(rule.call(), call -> new HashSet<>())
                        .add(rule.action());
            }
        }
        Map<CallRef, Iterator<Rule>> conditional = new HashMap<>();
        withArguments.forEach(
                (call, ofCall) -> conditional.put(call, decided(call, ofCall).iterator()));
        List<Rule> first = new ArrayList<>();
        List<Rule> second = new ArrayList<>();
        List<Rule> never = new ArrayList<>();
        for (Rule given : rules) {
            if (!counts(given)) {
                never.add(given);
                continue;
            }
            Rule rule = given.isConditional() ? conditional.get(given.call()).next() : given;
            Set<Action> others = withoutArguments.getOrDefault(rule.call(), Set.of());
            boolean later = rule.isConditional() && !Set.of(rule.action()).containsAll(others);
            (later ? second : first).add(rule);
        }
        first.addAll(second);
        List<Rule> ordered = MultiplexerRules.first(first);
        ordered.addAll(never);
        return ordered;
    }

    /** The rules with arguments of one call in the order in which libseccomp tests them. */
    private List<Rule> decided(CallRef call, List<Rule> ofCall) {
        if (!RuntimeOrder.matters(ofCall)) {
            return ofCall;
        }
        if (!RuntimeOrder.isKnown(ofCall)) {
            losses.add(
                    new Loss(
                            call.toString(),
                            "its rules overlap, and libseccomp refuses them or merges them"
                                    + " wrongly; here the first counts"));
            return ofCall;
        }
        List<Rule> sorted = RuntimeOrder.of(ofCall);
        if (!sorted.equals(ofCall)) {
            losses.add(
                    new Loss(
                            call.toString(),
                            "its rules overlap, and container runtimes test them in another order"
                                    + " than that of the file: first "
                                    + sorted.get(0).subject()));
        }
        return sorted;
    }

    private boolean counts(Rule rule) {
        return !rule.action().equals(otherwise);
    }
}
