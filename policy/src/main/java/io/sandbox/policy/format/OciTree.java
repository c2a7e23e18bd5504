// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Listener;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.document.Scope;
import io.sandbox.policy.meaning.CallNames;
import io.sandbox.policy.meaning.Reduction;
import io.sandbox.policy.meaning.Region;
import io.sandbox.syscalldb.KernelVersion;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Translates a document to the form that container runtimes read, see {@link OciProfile}: maps,
 * lists, texts and numbers, for JSON or YAML.
 */
final class OciTree {
    private static final int EPERM = 1;

    private final PolicyDocument document;
    private final Circumstances here;
    private final boolean docker;
    private final CallNames names;
    private final List<Loss> losses = new ArrayList<>();
    private final List<Map<String, Object>> syscalls = new ArrayList<>();
    private final SkippedNames skipped = new SkippedNames();
    private Set<String> namesOfLast = new HashSet<>();
    private List<String> listOfLast = new ArrayList<>();
    private Map<String, Object> last = Map.of();

    /**
     * @param docker whether to use Docker's additions: archMap, includes, excludes, comment,
     *     defaultErrnoRet
     */
    OciTree(PolicyDocument document, Circumstances here, boolean docker) {
        PolicyDocument counting = docker ? document : document.under(here);
        this.document =
                counting.withRules(counting.rules().stream().map(OciTree::simplified).toList());
        this.here = here;
        this.docker = docker;
        names = CallNames.on(here.arch());
    }

    private static Rule simplified(Rule rule) {
        return new Rule(
                rule.call(),
                rule.conditions().stream().filter(OciProfile::asksSomething).toList(),
                rule.action(),
                rule.scope(),
                rule.note());
    }

    List<Loss> losses() {
        return losses;
    }

    Map<String, Object> build() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("defaultAction", actionText(document.otherwise()));
        data(document.otherwise()).ifPresent(data -> putDefault(tree, data));
        putArchitectures(tree);
        document.listener().ifPresent(listener -> putListener(tree, listener));
        if (document.logDenials()) {
            tree.put("flags", List.of("SECCOMP_FILTER_FLAG_LOG"));
        }
        for (List<Rule> rules : Reduction.byCall(document, CallNames.on("")).values()) {
            add(rules);
        }
        tree.put("syscalls", syscalls);
        losses.addAll(skipped.losses("a container runtime"));
        reportComments();
        return tree;
    }

    private void reportComments() {
        if (!docker) {
            Reduction.reportComments(document, losses);
        } else if (!document.comments().isEmpty()) {
            losses.add(new Loss("comments", "of the whole file are left out"));
        }
    }

    private void putDefault(Map<String, Object> tree, int data) {
        if (docker) {
            tree.put("defaultErrnoRet", data);
        } else if (data != EPERM) {
            Action given =
                    document.otherwise() instanceof Action.Errno
                            ? Action.errno(EPERM)
                            : new Action.Trace(EPERM);
            losses.add(Loss.ofAction("other calls", document.otherwise(), given));
        }
    }

    /** What the runtimes add to the action in the filter; they take EPERM if it is absent. */
    private static OptionalInt data(Action action) {
        if (action instanceof Action.Errno errno) {
            return OptionalInt.of(errno.number());
        }
        return action instanceof Action.Trace trace
                ? OptionalInt.of(trace.number())
                : OptionalInt.empty();
    }

    private void putArchitectures(Map<String, Object> tree) {
        Coverage coverage = document.coverage();
        if (!coverage.also().isEmpty()) {
            tree.put("architectures", libseccompNames(coverage.also()));
        } else if (docker && !coverage.byMachine().isEmpty()) {
            List<Map<String, Object>> machines = new ArrayList<>();
            coverage.byMachine()
                    .forEach(
                            (machine, others) -> {
                                Map<String, Object> entry = new LinkedHashMap<>();
                                entry.put("architecture", ArchNames.toLibseccomp(machine));
                                entry.put("subArchitectures", libseccompNames(others));
                                machines.add(entry);
                            });
            tree.put("archMap", machines);
        } else if (!coverage.foreignOn(here.arch()).isEmpty()) {
            tree.put("architectures", libseccompNames(coverage.foreignOn(here.arch())));
        }
    }

    private static void putListener(Map<String, Object> tree, Listener listener) {
        tree.put(JsonReader.LISTENER, listener.path());
        if (!listener.metadata().isEmpty()) {
            tree.put(JsonReader.METADATA, listener.metadata());
        }
    }

    private static List<String> libseccompNames(List<String> arches) {
        return arches.stream().map(ArchNames::toLibseccomp).toList();
    }

    /** Adds the rules of one call. */
    private void add(List<Rule> rules) {
        List<Rule> sayable = rules;
        if (!isSaidInAnyOrder(rules)) {
            if (rules.stream().anyMatch(rule -> !rule.scope().isAnywhere())) {
                losses.add(
                        new Loss(
                                rules.get(0).call().toString(),
                                "is decided for this machine: its rules depend on their order"));
            }
            sayable = disjoint(document.withRules(rules).under(here).rules());
        }
        for (Rule rule : sayable) {
            if (!rule.action().equals(document.otherwise())) {
                for (List<Condition> conditions : Region.spelledOut(rule.conditions())) {
                    addRule(rule, conditions);
                }
            }
        }
    }

    /** Whether runtimes, which order rules themselves, decide by the first that holds. */
    private boolean isSaidInAnyOrder(List<Rule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            for (int j = i + 1; j < rules.size(); j++) {
                if (!isFirstObeyed(rules.get(i), rules.get(j))) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isFirstObeyed(Rule first, Rule second) {
        if (first.action().equals(second.action())
                || second.action().equals(document.otherwise())
                || first.scope().excludes(second.scope())
                || !Region.overlap(first.conditions(), second.conditions())) {
            return true;
        }
        return !first.isConditional() && !first.action().equals(document.otherwise());
    }

    /** Rules that do not overlap: for each action the arguments for which it is the result. */
    private List<Rule> disjoint(List<Rule> rules) {
        Set<Action> actions = new LinkedHashSet<>();
        rules.forEach(rule -> actions.add(rule.action()));
        actions.remove(document.otherwise());
        List<Rule> disjoint = new ArrayList<>();
        for (Action action : actions) {
            Optional<List<List<Condition>>> region = Region.where(rules, action::equals);
            if (region.isEmpty()) {
                losses.add(
                        new Loss(
                                rules.get(0).call().toString(),
                                "the order of its rules cannot be said; all of it is refused"));
                return document.otherwise() == Action.ALLOW
                        ? List.of(Rule.of(rules.get(0).call(), List.of(), refusal(rules)))
                        : List.of();
            }
            for (List<Condition> conditions : region.get()) {
                disjoint.add(
                        Rule.of(rules.get(0).call(), conditions, action)
                                .withNote(disjoint.isEmpty() ? rules.get(0).note() : Note.NONE));
            }
        }
        return disjoint;
    }

    private static Action refusal(List<Rule> rules) {
        return rules.stream()
                .map(Rule::action)
                .filter(action -> action != Action.ALLOW)
                .findFirst()
                .orElse(Action.KILL);
    }

    private void addRule(Rule rule, List<Condition> all) {
        Optional<String> name = names.nameOf(rule.call());
        if (name.isEmpty()) {
            losses.add(
                    new Loss(
                            rule.subject(),
                            "is left out: container runtimes know calls by name only"));
            return;
        }
        List<Condition> conditions = all;
        Set<Integer> arguments = new LinkedHashSet<>();
        conditions.forEach(condition -> arguments.add(condition.argument()));
        if (arguments.size() < conditions.size()) {
            boolean allows = rule.action() == Action.ALLOW;
            losses.add(
                    new Loss(
                            rule.subject(),
                            (allows ? "is " + Loss.unlisted(document) : "is refused more often")
                                    + ": it has two conditions for one argument"));
            if (allows) {
                return;
            }
            conditions = List.of(conditions.get(0));
        }
        skipped.add(name.get());
        append(name.get(), rule, conditions);
    }

    /** Adds a name to the last entry if everything else is equal; otherwise adds an entry. */
    private void append(String name, Rule rule, List<Condition> conditions) {
        Map<String, Object> rest = withoutNames(rule, conditions, docker);
        if (!rest.equals(last)) {
            namesOfLast = new HashSet<>();
            last = rest;
            listOfLast = new ArrayList<>();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("names", listOfLast);
            entry.putAll(rest);
            syscalls.add(entry);
        }
        if (namesOfLast.add(name)) {
            listOfLast.add(name);
        }
    }

    /** An entry without the names of its calls. */
    static Map<String, Object> withoutNames(Rule rule, List<Condition> conditions, boolean docker) {
        Map<String, Object> rest = new LinkedHashMap<>();
        rest.put("action", actionText(rule.action()));
        data(rule.action()).ifPresent(data -> rest.put("errnoRet", data));
        if (!conditions.isEmpty()) {
            rest.put("args", conditions.stream().map(OciTree::argument).toList());
        }
        if (docker) {
            putNote(rest, rule.note());
            putScope(rest, rule.scope());
        }
        return rest;
    }

    private static void putNote(Map<String, Object> entry, Note note) {
        List<String> lines = new ArrayList<>(note.comments());
        if (!note.reason().isEmpty()) {
            lines.add(note.reason());
        }
        String comment = new Note(List.of(), String.join("\n", lines), 0).reason();
        if (!comment.isEmpty()) {
            entry.put("comment", comment);
        }
    }

    private static void putScope(Map<String, Object> entry, Scope scope) {
        putLimits(entry, "includes", scope.arches(), scope.capabilities(), scope.minKernel());
        putLimits(
                entry, "excludes", scope.notArches(), scope.notCapabilities(), scope.belowKernel());
    }

    private static void putLimits(
            Map<String, Object> entry,
            String key,
            Set<String> arches,
            Set<String> capabilities,
            Optional<KernelVersion> kernel) {
        Map<String, Object> limits = new LinkedHashMap<>();
        if (!capabilities.isEmpty()) {
            limits.put("caps", List.copyOf(capabilities));
        }
        if (!arches.isEmpty()) {
            limits.put("arches", arches.stream().map(ArchNames::toContainer).toList());
        }
        kernel.ifPresent(version -> limits.put("minKernel", version.toString()));
        if (!limits.isEmpty()) {
            entry.put(key, limits);
        }
    }

    private static Map<String, Object> argument(Condition condition) {
        boolean masked = condition.operator() == Operator.MASKED_EQ;
        Map<String, Object> argument = new LinkedHashMap<>();
        argument.put("index", condition.argument());
        argument.put("value", unsigned(masked ? condition.mask() : condition.value()));
        if (masked) {
            argument.put("valueTwo", unsigned(condition.value()));
        }
        argument.put("op", "SCMP_CMP_" + condition.operator().name());
        return argument;
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    private static String actionText(Action action) {
        if (action instanceof Action.Errno) {
            return "SCMP_ACT_ERRNO";
        }
        if (action instanceof Action.Trace) {
            return "SCMP_ACT_TRACE";
        }
        return action == Action.KILL
                ? "SCMP_ACT_KILL_PROCESS"
                : "SCMP_ACT_" + ((Action.Plain) action).name();
    }
}
