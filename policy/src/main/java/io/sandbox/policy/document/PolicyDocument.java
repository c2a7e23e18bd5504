// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Everything that a policy file of any format can hold. Immutable.
 *
 * <p>Every filter is made from a document. What the environment variables can say ({@code Policy})
 * becomes a document before anything is compiled, explained or compared, so that there is one way
 * to a filter only.
 *
 * <p>That foreign calls are logged cannot be read from the rules. A list whose action is {@code
 * log} must kill nothing, not even a 32-bit helper, so it logs foreign calls, in a deny list as
 * well. A deny list may be empty, and all other formats kill for foreign calls whatever their rules
 * say. Our own JSON has a word for it, and the other writers report it as a loss.
 *
 * @param otherwise what happens to a call that no rule matches
 * @param rules in the order of the file; of those that match a call, the first decides
 * @param ignoresMissing whether names that an architecture does not have are ignored, as container
 *     runtimes and systemd do; otherwise they are mistakes
 * @param logDenials whether refused calls also leave audit records
 * @param logsForeign whether calls of architectures outside the coverage are logged; otherwise they
 *     kill the process
 * @param unknown what happens to calls that nobody could judge and no rule mentions
 * @param listener who decides about calls that get {@link Action#NOTIFY}, if the file says it
 * @param comments the comment lines on the whole file, without comment characters
 */
public record PolicyDocument(
        Action otherwise,
        List<Rule> rules,
        Coverage coverage,
        boolean ignoresMissing,
        boolean logDenials,
        boolean logsForeign,
        UnknownCalls unknown,
        Optional<Listener> listener,
        List<String> comments) {
    public PolicyDocument {
        Objects.requireNonNull(unknown, "unknown");
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(otherwise, "otherwise");
        Objects.requireNonNull(coverage, "coverage");
        rules = List.copyOf(rules);
        comments = Note.allLinesOf(comments);
    }

    /** For a format that says nothing about foreign calls. */
    public PolicyDocument(
            Action otherwise,
            List<Rule> rules,
            Coverage coverage,
            boolean ignoresMissing,
            boolean logDenials,
            List<String> comments) {
        this(
                otherwise,
                rules,
                coverage,
                ignoresMissing,
                logDenials,
                otherwise == Action.LOG,
                UnknownCalls.AS_OTHERS,
                Optional.empty(),
                comments);
    }

    /** A document for one architecture, with a rule for each entry. */
    public static PolicyDocument of(Policy policy) {
        boolean allow = policy.mode() == Policy.Mode.ALLOW;
        List<Rule> rules = new ArrayList<>(policy.entries().size());
        for (PolicyEntry entry : policy.entries()) {
            Action action = allow && entry.errno().isEmpty() ? Action.ALLOW : policy.action();
            if (entry.errno().isPresent() && policy.action() != Action.LOG) {
                action = Action.errno(entry.errno().getAsInt());
            }
            rules.add(Rule.of(entry.call(), entry.conditions(), action));
        }
        return new PolicyDocument(
                allow ? policy.action() : Action.ALLOW,
                Rule.strictestFirst(rules),
                Coverage.NATIVE,
                false,
                policy.logDenials(),
                policy.action() == Action.LOG,
                policy.unknown(),
                Optional.empty(),
                List.of());
    }

    public PolicyDocument withRules(List<Rule> newRules) {
        return with(parts -> parts.rules = newRules);
    }

    public PolicyDocument withCoverage(Coverage newCoverage) {
        return with(parts -> parts.coverage = newCoverage);
    }

    public PolicyDocument withComments(List<String> newComments) {
        return with(parts -> parts.comments = newComments);
    }

    public PolicyDocument withLogsForeign(boolean newLogsForeign) {
        return with(parts -> parts.logsForeign = newLogsForeign);
    }

    public PolicyDocument withUnknown(UnknownCalls newUnknown) {
        return withDefault(otherwise, newUnknown);
    }

    /** With another decision on calls that no rule mentions. */
    public PolicyDocument withDefault(Action newOtherwise, UnknownCalls newUnknown) {
        return with(
                parts -> {
                    parts.otherwise = newOtherwise;
                    parts.unknown = newUnknown;
                });
    }

    public PolicyDocument withListener(Optional<Listener> newListener) {
        return with(parts -> parts.listener = newListener);
    }

    /** A copy of this document in which each action is replaced by another. */
    public PolicyDocument withActions(UnaryOperator<Action> replacement) {
        List<Rule> replaced =
                rules.stream()
                        .map(rule -> rule.withAction(replacement.apply(rule.action())))
                        .toList();
        return with(
                parts -> {
                    parts.otherwise = replacement.apply(otherwise);
                    parts.rules = replaced;
                });
    }

    /** This document on trial: what it refuses is made, and leaves a record. */
    public PolicyDocument onTrial() {
        return withActions(action -> action.equals(Action.ALLOW) ? action : Action.LOG)
                .with(
                        parts -> {
                            parts.logsForeign = true;
                            parts.unknown = UnknownCalls.AS_OTHERS;
                            parts.listener = Optional.empty();
                        });
    }

    /** Whether it refuses nothing, and has calls logged. */
    public boolean isOnTrial() {
        Set<Action> actions = new HashSet<>(Set.of(otherwise));
        rules.forEach(rule -> actions.add(rule.action()));
        return actions.contains(Action.LOG)
                && Set.of(Action.ALLOW, Action.LOG).containsAll(actions);
    }

    /** Whether refused calls leave records. */
    public PolicyDocument withLogDenials(boolean newLogDenials) {
        return with(parts -> parts.logDenials = newLogDenials);
    }

    /**
     * A copy with a rule for each call that the architectures have and the author can have judged,
     * and ENOSYS for the rest. It is for formats that have no word for such calls.
     *
     * @param machine the name of its architecture
     */
    public PolicyDocument withUnknownSpelledOut(String machine) {
        Set<CallRef> listed = new LinkedHashSet<>();
        Set<String> listedNames = new HashSet<>();
        Set<String> judged = new TreeSet<>();
        rules.forEach(rule -> listed.add(rule.call()));
        for (String name : coverage.archesOn(machine)) {
            Optional<SyscallTable> table =
                    SyscallDb.get().archByName(name).map(SyscallDb.get()::table);
            for (Syscall call : table.map(SyscallTable::all).orElse(List.of())) {
                if (unknown.judges(call)) {
                    judged.add(call.name());
                }
            }
            for (CallRef call : listed) {
                table.flatMap(
                                calls ->
                                        call instanceof CallRef.Numbered numbered
                                                ? calls.byNumber(numbered.number())
                                                : calls.byName(call.toString()))
                        .ifPresent(found -> listedNames.add(found.name()));
            }
        }
        judged.removeAll(listedNames);
        List<Rule> all = new ArrayList<>(rules);
        listed.forEach(call -> all.add(Rule.of(call, List.of(), otherwise)));
        judged.forEach(call -> all.add(Rule.of(new CallRef.Named(call), List.of(), otherwise)));
        return with(
                parts -> {
                    parts.otherwise = UnknownCalls.REFUSAL;
                    parts.rules = all;
                    parts.ignoresMissing = true;
                    parts.unknown = UnknownCalls.AS_OTHERS;
                });
    }

    /** What happens to a call that no rule mentions; empty for a number that no table has. */
    public Action unlisted(Optional<Syscall> call) {
        boolean judged = call.isPresent() && unknown.judges(call.get());
        return unknown.refused() && !judged ? UnknownCalls.REFUSAL : otherwise;
    }

    /** Whether foreign calls are treated as in a format that says nothing about them. */
    public boolean treatsForeignAsUsual() {
        return logsForeign == (otherwise == Action.LOG);
    }

    /** Only the rules that count under the circumstances; they then count anywhere. */
    public PolicyDocument under(Circumstances here) {
        return withRules(
                rules.stream()
                        .filter(rule -> rule.scope().includes(here))
                        .map(rule -> rule.withScope(Scope.ANYWHERE))
                        .toList());
    }

    /** With a rule for each value that nobody could judge, if such calls are refused. */
    public PolicyDocument withNewerValues(String machine) {
        List<Rule> newer = NewerValues.rules(rules, unknown, machine);
        if (newer.isEmpty()) {
            return this;
        }
        newer.addAll(0, rules);
        return withRules(newer);
    }

    /** The components of a document, some of which are to be others in the next one. */
    private static final class Parts {
        private Action otherwise;
        private List<Rule> rules;
        private Coverage coverage;
        private boolean ignoresMissing;
        private boolean logDenials;
        private boolean logsForeign;
        private UnknownCalls unknown;
        private Optional<Listener> listener;
        private List<String> comments;
    }

    private PolicyDocument with(Consumer<Parts> change) {
        Parts parts = new Parts();
        parts.otherwise = otherwise;
        parts.rules = rules;
        parts.coverage = coverage;
        parts.ignoresMissing = ignoresMissing;
        parts.logDenials = logDenials;
        parts.logsForeign = logsForeign;
        parts.unknown = unknown;
        parts.listener = listener;
        parts.comments = comments;
        change.accept(parts);
        return new PolicyDocument(
                parts.otherwise,
                parts.rules,
                parts.coverage,
                parts.ignoresMissing,
                parts.logDenials,
                parts.logsForeign,
                parts.unknown,
                parts.listener,
                parts.comments);
    }
}
