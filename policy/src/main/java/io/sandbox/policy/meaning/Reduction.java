// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Reduces a document to a list of allowed or of refused calls for one architecture, for formats
 * that have neither an order of rules nor circumstances.
 */
public final class Reduction {
    /**
     * @param action {@link Action#ALLOW} in an allow list, or an errno of its own for a list of
     *     ours; in a deny list how the call is refused
     */
    public record Entry(CallRef call, List<Condition> conditions, Action action, Note note) {
        /** The call and its conditions, written as in a list. */
        public String subject() {
            return PolicyText.format(call, conditions);
        }
    }

    private static final Set<Action> ENDING = Set.of(Action.KILL, Action.KILL_THREAD, Action.TRAP);

    private static final Pattern ON_CONDITIONS = Pattern.compile("[a-z0-9_]+\\(arg[0-5].*\\): ");

    private final PolicyDocument document;
    private final CallNames names;
    private final boolean ownErrnos;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();

    private Reduction(PolicyDocument document, CallNames names, boolean ownErrnos) {
        this.document = document;
        this.names = names;
        this.ownErrnos = ownErrnos;
    }

    public static Reduction of(PolicyDocument document, Circumstances here) {
        return of(document, here, false);
    }

    /**
     * @param ownErrnos whether an entry can have an errno of its own, as in our lists: of entries
     *     that match a call, the strictest decides
     */
    public static Reduction of(PolicyDocument document, Circumstances here, boolean ownErrnos) {
        CallNames names = CallNames.on(here.arch());
        PolicyDocument counting = document.under(here);
        Reduction reduction = new Reduction(counting, names, ownErrnos);
        byCall(counting, names).values().forEach(reduction::add);
        reduction.reportMultiplexers();
        reduction.losses.addAll(Loss.ofForeign(document, here));
        return reduction;
    }

    /** Hands over the rules of each call that one of two documents mentions, first the first's. */
    static void forEachCall(
            PolicyDocument first,
            PolicyDocument second,
            CallNames names,
            BiConsumer<List<Rule>, List<Rule>> rulesOfBoth) {
        Map<String, List<Rule>> ours = byCall(first, names);
        Map<String, List<Rule>> theirs = byCall(second, names);
        Set<String> calls = new LinkedHashSet<>(ours.keySet());
        calls.addAll(theirs.keySet());
        for (String call : calls) {
            rulesOfBoth.accept(
                    ours.getOrDefault(call, List.of()), theirs.getOrDefault(call, List.of()));
        }
    }

    /**
     * The rules that can decide, by call, in the order of each call's first rule. Without calls
     * that the architecture lacks, if the document ignores these.
     */
    public static Map<String, List<Rule>> byCall(PolicyDocument document, CallNames names) {
        Map<String, List<Rule>> rules = new LinkedHashMap<>();
        for (Rule rule : document.rules()) {
            if (document.ignoresMissing() && !names.exist(rule.call())) {
                continue;
            }
            List<Rule> ofCall =
                    rules.computeIfAbsent(names.key(rule.call()), key -> new ArrayList<>());
            if (ofCall.isEmpty() || !decidesAll(ofCall.get(ofCall.size() - 1))) {
                ofCall.add(rule);
            }
        }
        return rules;
    }

    /** Formats without an order cannot say that a call is refused, and its parts are allowed. */
    private void reportMultiplexers() {
        for (String name : List.of("socketcall", "ipc")) {
            CallRef call = new CallRef.Named(name);
            boolean refused =
                    isAllowList()
                            && document.rules().stream()
                                    .anyMatch(r -> r.call().equals(call) && refusesAll(r));
            if (refused && names.exist(call)) {
                losses.add(new Loss(name, "lets through the calls that are allowed by name"));
            }
        }
    }

    private static boolean refusesAll(Rule rule) {
        return !rule.isConditional() && rule.action() != Action.ALLOW;
    }

    private static boolean decidesAll(Rule rule) {
        return !rule.isConditional() && rule.scope().isAnywhere();
    }

    private void add(List<Rule> rules) {
        boolean allow = isAllowList();
        Rule first = rules.get(0);
        Optional<List<Entry>> ofCall = entriesFor(rules);
        if (ofCall.isEmpty()) {
            losses.add(
                    new Loss(
                            first.call().toString(),
                            "the order of its rules cannot be said; all of it is "
                                    + (allow ? Loss.unlisted(document) : "refused")));
            if (!allow) {
                entries.add(new Entry(first.call(), List.of(), refusal(rules), first.note()));
            }
            return;
        }
        entries.addAll(ofCall.get());
        reportOtherActions(rules);
    }

    /** Empty if they would be too many. */
    private Optional<List<Entry>> entriesFor(List<Rule> rules) {
        List<Entry> found = new ArrayList<>();
        List<Rule> left = new ArrayList<>(rules);
        for (Action action : listedActions(rules)) {
            boolean own = isOwnErrno(action);
            Predicate<Action> wanted = own ? action::equals : this::isListed;
            Optional<List<List<Condition>>> listed = Region.where(left, wanted);
            if (listed.isEmpty()) {
                return Optional.empty();
            }
            Note lead =
                    left.stream()
                            .filter(rule -> wanted.test(rule.action()) || left.equals(rules))
                            .findFirst()
                            .map(Rule::note)
                            .orElse(Note.NONE);
            for (List<Condition> conditions : listed.get()) {
                boolean isFirst = conditions == listed.get().get(0);
                Note note = isFirst ? lead : noteOf(rules, conditions, lead);
                found.add(new Entry(rules.get(0).call(), conditions, action, note));
            }
            // What these entries refuse, later ones that are less strict need not leave out.
            left.removeIf(
                    rule -> own ? rule.action().equals(action) : ENDING.contains(rule.action()));
        }
        return Optional.of(found);
    }

    /**
     * How entries for the rules of a call decide, the strictest first: {@link #isOwnErrno own
     * errnos}, and one action for all that {@link #isListed is listed} without an errno.
     */
    private Set<Action> listedActions(List<Rule> rules) {
        Set<Action> actions = new LinkedHashSet<>();
        if (!isAllowList()) {
            rules.stream().map(Rule::action).filter(this::isListed).limit(1).forEach(actions::add);
        }
        rules.stream()
                .map(Rule::action)
                .filter(this::isOwnErrno)
                .sorted(Comparator.comparingInt(action -> ((Action.Errno) action).number()))
                .forEach(actions::add);
        if (isAllowList()) {
            actions.add(Action.ALLOW);
        }
        return actions;
    }

    private boolean isListed(Action action) {
        return (action == Action.ALLOW) == isAllowList() && !isOwnErrno(action);
    }

    /** Whether an entry can say it. */
    private boolean isOwnErrno(Action action) {
        return ownErrnos && action instanceof Action.Errno errno && errno.isUsual();
    }

    private static Note noteOf(List<Rule> rules, List<Condition> conditions, Note lead) {
        return rules.stream()
                .filter(rule -> rule.conditions().equals(conditions))
                .map(Rule::note)
                .filter(note -> note != lead)
                .findFirst()
                .orElse(Note.NONE);
    }

    private void reportOtherActions(List<Rule> rules) {
        Action expected = isAllowList() ? document.otherwise() : refusal(rules);
        for (Rule rule : rules) {
            boolean said = rule.action() == Action.ALLOW || isOwnErrno(rule.action());
            if (!said && !rule.action().equals(expected)) {
                losses.add(Loss.ofAction(rule.subject(), rule.action(), expected));
            }
        }
    }

    /** The action of the first rule that refuses, if possible without an errno of its own. */
    private Action refusal(List<Rule> rules) {
        Action own = Action.KILL;
        for (Rule rule : rules) {
            if (isOwnErrno(rule.action())) {
                own = rule.action();
            } else if (rule.action() != Action.ALLOW) {
                return rule.action();
            }
        }
        return own;
    }

    public boolean isAllowList() {
        return document.otherwise() != Action.ALLOW;
    }

    /**
     * The calls that an allow list refuses with an errno or a signal of their own, by name, for
     * formats that can say it: what {@link #losses} has about them is taken back.
     */
    public Map<String, Action> refusedOtherwise() {
        Map<String, Action> refused = new LinkedHashMap<>();
        for (List<Rule> rules : byCall(document, names).values()) {
            Rule first = rules.get(0);
            Action action = first.action();
            boolean sayable = action instanceof Action.Errno || action == Action.KILL;
            Optional<String> name = names.nameOf(first.call());
            if (sayable
                    && !first.isConditional()
                    && !action.equals(document.otherwise())
                    && name.isPresent()) {
                refused.put(name.get(), action);
                losses.remove(Loss.ofAction(first.subject(), action, document.otherwise()));
            }
        }
        return refused;
    }

    /**
     * The comments of a whole file without those on conditions, which begin with an entry of a
     * list, such as {@code socket(arg0==2): AF_INET}: for formats without conditions.
     */
    public static List<String> withoutConditions(List<String> comments) {
        return comments.stream().filter(text -> !ON_CONDITIONS.matcher(text).lookingAt()).toList();
    }

    /**
     * The action of most entries of a deny list, for formats with only one action. Where entries
     * can have errnos, these count only if no entry ends a thread or process.
     *
     * @param none the action if there are no entries
     */
    public Action usualRefusal(Action none) {
        Map<Action, Integer> counts = new HashMap<>();
        Action usual = none;
        boolean ending = entries.stream().anyMatch(entry -> ENDING.contains(entry.action()));
        for (Entry entry : entries) {
            if (ending && isOwnErrno(entry.action())) {
                continue;
            }
            int count = counts.merge(entry.action(), 1, Integer::sum);
            if (count > counts.getOrDefault(usual, 0)) {
                usual = entry.action();
            }
        }
        return usual;
    }

    /** The entries in the order of the document, with those of one call next to each other. */
    public List<Entry> entries() {
        return entries;
    }

    /**
     * The entries that our environment variables can express, with at most one condition for each
     * argument, the strictest first. Other calls are refused and reported as losses.
     */
    public List<Entry> entriesForLists() {
        List<Entry> sayable = new ArrayList<>();
        for (Entry entry : entries) {
            List<Condition> conditions = oneForEachArgument(entry.conditions());
            if (conditions.size() == entry.conditions().size()) {
                sayable.add(entry);
                continue;
            }
            String why = ": it has two conditions for one argument";
            if (entry.action() == Action.ALLOW) {
                losses.add(new Loss(entry.subject(), "is " + Loss.unlisted(document) + why));
            } else {
                losses.add(new Loss(entry.subject(), "is refused more often" + why));
                sayable.add(new Entry(entry.call(), conditions, entry.action(), entry.note()));
            }
        }
        sayable.sort(Comparator.comparingInt(this::place));
        return sayable;
    }

    /** As {@link Rule#strictestFirst} sorts them. */
    private int place(Entry entry) {
        return isOwnErrno(entry.action())
                ? ((Action.Errno) entry.action()).number()
                : isAllowList() ? Integer.MAX_VALUE : 0;
    }

    /**
     * The entries for formats without conditions: a call with conditions is allowed with all
     * arguments. {@link LostConditions} tells what that allows.
     */
    public List<Entry> entriesWithoutConditions() {
        Map<CallRef, Entry> whole = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (isAllowList() || entry.conditions().isEmpty()) {
                whole.put(
                        entry.call(),
                        new Entry(entry.call(), List.of(), entry.action(), entry.note()));
            }
        }
        return List.copyOf(whole.values());
    }

    private static List<Condition> oneForEachArgument(List<Condition> conditions) {
        Map<Integer, Condition> first = new LinkedHashMap<>();
        conditions.forEach(condition -> first.putIfAbsent(condition.argument(), condition));
        return List.copyOf(first.values());
    }

    /** The losses of the reduction. A writer adds its own. */
    public List<Loss> losses() {
        return losses;
    }

    public CallNames names() {
        return names;
    }

    /** Reports comments as a loss, for a format without a place for them. */
    public static void reportComments(PolicyDocument document, List<Loss> losses) {
        long count = document.rules().stream().filter(rule -> !rule.note().isSilent()).count();
        if (count > 0 || !document.comments().isEmpty()) {
            losses.add(new Loss("comments", "are left out: the format has no place for them"));
        }
    }
}
