// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.util.Collections.disjoint;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.meaning.Region;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a filter for seccompiler, the library of rust-vmm and the tool of Firecracker:
 *
 * <pre> { THREAD: { "default_action" or "mismatch_action": ACTION, "filter_action" or
 * "match_action": ACTION, "filter": [{ "syscall": NAME, "args": [CONDITION...], "comment": TEXT
 * }...] } } ACTION = "allow", "kill_process", "kill_thread", "log", "trap", { "errno": NUMBER }
 * CONDITION = { "index": 0 to 5, "type": "dword" or "qword", "val": NUMBER, "comment": TEXT, "op":
 * "eq", "ne", "lt", "le", "gt", "ge", { "masked_eq": MASK } }
 * </pre>
 *
 * All conditions of an entry must hold, and one of a call's entries. A file with filters for
 * several threads is refused unless one of them is chosen: a document has one filter, and the
 * filter of one thread would allow or refuse too much for the others.
 *
 * <p>From docs/json_format.md, frontend/json.rs and backend/condition.rs of seccompiler 0.5, and
 * types.rs of Firecracker's seccompiler of 2024, which is built on libseccomp.
 */
final class SeccompilerReader implements FormatReader {
    /** The thread's name in files that we write. */
    static final String THREAD = "main";

    private static final Set<String> FILTER_KEYS =
            Set.of("default_action", "mismatch_action", "filter_action", "match_action", "filter");
    private static final Set<String> ENTRY_KEYS = Set.of("syscall", "args", "comment");
    private static final Set<String> CONDITION_KEYS =
            Set.of("index", "type", "op", "val", "comment");

    private final List<Rule> rules = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();

    @Override
    public Fit fit(UnknownText text) {
        return text.json().filter(SeccompilerReader::hasFilter).isPresent() ? Fit.WHOLE : Fit.NONE;
    }

    private static boolean hasFilter(DataNode root) {
        return root.keys().stream()
                .flatMap(key -> root.find(key).stream())
                .anyMatch(thread -> thread.isMap() && !disjoint(thread.keys(), FILTER_KEYS));
    }

    @Override
    public Reading read(String text, Surroundings around) {
        DataNode root = JsonTree.parse(text);
        String thread = thread(root.keys(), around);
        SeccompilerReader reader = new SeccompilerReader();
        if (!thread.equals(THREAD)) {
            reader.losses.add(
                    new Loss(
                            "thread " + ShownValue.of(thread),
                            "its filter becomes one for the whole program"));
        }
        return reader.read(root.get(thread));
    }

    private static String thread(Set<String> threads, Surroundings around) {
        if (threads.isEmpty()) {
            throw PolicyFormatException.ofWhole("has no filter");
        }
        if (around.part().isEmpty() && threads.size() > 1) {
            throw Parts.several("threads", threads);
        }
        String wanted = around.part().orElseGet(() -> threads.iterator().next());
        if (!threads.contains(wanted)) {
            throw PolicyFormatException.ofWhole(
                    ShownValue.of(wanted) + ": no such thread in this file");
        }
        return wanted;
    }

    private Reading read(DataNode filter) {
        filter.requireKeysAmong(FILTER_KEYS);
        Action otherwise = action(either(filter, "default_action", "mismatch_action"));
        DataNode matching = either(filter, "filter_action", "match_action");
        Action listed = action(matching);
        if (listed.equals(otherwise)) {
            throw matching.wrong("the same action as for all other calls");
        }
        Set<CallRef> whole = new HashSet<>();
        Set<CallRef> conditional = new HashSet<>();
        for (DataNode entry : filter.get("filter").items()) {
            CallRef call = add(entry, listed);
            (entry.find("args").isPresent() ? conditional : whole).add(call);
        }
        conditional.retainAll(whole);
        for (CallRef call : conditional) {
            losses.add(
                    new Loss(
                            call.toString(),
                            "is in the list with and without args: all of it is, as in Firecracker;"
                                    + " the library of rust-vmm obeys only the entries with args"));
        }
        PolicyDocument document =
                new PolicyDocument(otherwise, rules, Coverage.NATIVE, false, false, List.of());
        return new Reading(document, losses);
    }

    private static DataNode either(DataNode filter, String key, String alias) {
        Optional<DataNode> second = filter.find(alias);
        if (second.isPresent() && filter.find(key).isPresent()) {
            throw filter.wrong("both " + key + " and " + alias);
        }
        return second.orElseGet(() -> filter.get(key));
    }

    private CallRef add(DataNode entry, Action action) {
        entry.requireKeysAmong(ENTRY_KEYS);
        CallRef call = entry.get("syscall").call();
        List<String> comments = new ArrayList<>();
        entry.find("comment").map(DataNode::text).ifPresent(comments::add);
        List<List<Condition>> alternatives = List.of(List.of());
        Optional<DataNode> args = entry.find("args");
        if (args.isPresent()) {
            if (args.get().items().isEmpty()) {
                throw args.get().wrong("empty (leave args out)");
            }
            for (DataNode arg : args.get().items()) {
                alternatives =
                        Region.product(alternatives, condition(arg))
                                .orElseThrow(() -> arg.wrong("too many alternatives"));
                arg.find("comment").map(DataNode::text).ifPresent(comments::add);
            }
        }
        Note note = new Note(List.of(), String.join(", ", comments), entry.line());
        for (List<Condition> conditions : alternatives) {
            rules.add(Rule.of(call, conditions, action).withNote(note));
            note = Note.at(entry.line());
        }
        return call;
    }

    private List<List<Condition>> condition(DataNode node) {
        node.requireKeysAmong(CONDITION_KEYS);
        int argument = node.get("index").integer(Condition.ARGUMENTS - 1);
        boolean low = isLow(node.get("type"));
        node.get("val");
        long value = node.unsigned("val");
        DataNode op = node.get("op");
        if (op.isMap()) {
            op.requireKeysAmong(Set.of("masked_eq"));
            op.get("masked_eq");
            long mask = op.unsigned("masked_eq") & (low ? LowHalf.MASK : -1);
            return List.of(List.of(Condition.masked(argument, mask, value & mask)));
        }
        Operator operator = operator(op);
        if (!low) {
            return List.of(List.of(Condition.of(argument, operator, value)));
        }
        if (operator != Operator.EQ) {
            losses.add(
                    new Loss(
                            "line " + node.line(),
                            "compares 32 bits, as in the library of rust-vmm; Firecracker since"
                                    + " 2024 compares 64"));
        }
        return LowHalf.compare(argument, operator, value);
    }

    private static boolean isLow(DataNode type) {
        return switch (type.text()) {
            case "dword" -> true;
            case "qword" -> false;
            default -> throw type.wrong("neither dword nor qword");
        };
    }

    private static Operator operator(DataNode node) {
        for (Operator operator : Operator.values()) {
            boolean named = operator.name().toLowerCase(Locale.ROOT).equals(node.text());
            if (named && operator != Operator.MASKED_EQ) {
                return operator;
            }
        }
        throw node.wrong(ShownValue.of(node.text()) + ": unknown operator");
    }

    private static Action action(DataNode node) {
        if (node.isMap()) {
            node.requireKeysAmong(Set.of("errno", "trace"));
            Optional<DataNode> trace = node.find("trace");
            return trace.isPresent()
                    ? new Action.Trace(trace.get().integer(Action.MAX_DATA))
                    : Action.errno(node.get("errno").integer(Action.MAX_DATA));
        }
        return switch (node.text()) {
            case "allow" -> Action.ALLOW;
            case "kill_process" -> Action.KILL;
            case "kill_thread" -> Action.KILL_THREAD;
            case "log" -> Action.LOG;
            case "trap" -> Action.TRAP;
            default -> throw node.wrong(ShownValue.of(node.text()) + ": unknown action");
        };
    }
}
