// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a policy decides about each call of each architecture, in given circumstances. A call that
 * is logged counts as not allowed, since a policy may log to find what it lacks. For one thread.
 */
public final class PolicyMeaning {
    /** Part of the text for calls of architectures that the policy does not cover. */
    private static final String FOREIGN = ": the policy is not about calls of ";

    /** How the reasons of such rules begin. */
    private static final String ADDED = "added, ";

    private final PolicyDocument document;
    private final Set<String> arches = new LinkedHashSet<>();
    private final Map<String, CallNames> names = new HashMap<>();
    private final Map<String, Map<String, List<Rule>>> rules = new HashMap<>();

    private PolicyMeaning(PolicyDocument document) {
        this.document = document;
    }

    public static PolicyMeaning of(PolicyDocument document, Circumstances here) {
        PolicyMeaning meaning =
                new PolicyMeaning(document.under(here).withNewerValues(here.arch()));
        meaning.arches.add(here.arch());
        meaning.arches.addAll(document.coverage().foreignOn(here.arch()));
        for (String arch : meaning.arches) {
            CallNames calls = CallNames.on(arch);
            meaning.names.put(arch, calls);
            meaning.rules.put(arch, Reduction.byCall(meaning.document, calls));
        }
        return meaning;
    }

    /** Whether calls are refused if no rule mentions them. */
    public boolean isAllowList() {
        return document.otherwise() != Action.ALLOW;
    }

    /** The machine's own architecture, as our tables name it. */
    public String arch() {
        return arches.iterator().next();
    }

    /** Whether the policy's rules count for calls of this architecture. */
    public boolean covers(String arch) {
        return arches.contains(arch);
    }

    /**
     * @param arch as our tables name it
     * @param call by its name, or by its number if it has no name
     */
    public Ruling about(String arch, CallRef call) {
        if (!covers(arch)) {
            return foreign(arch);
        }
        List<Rule> ofCall = rules.get(arch).get(names.get(arch).key(call));
        return ofCall == null
                ? ruling(List.of(), document.unlisted(names.get(arch).find(call)))
                : ruling(ofCall, document.otherwise());
    }

    /** Whether the machine's own architecture has the call. */
    public boolean exists(CallRef call) {
        return names.get(arch()).exist(call);
    }

    /**
     * What happens to calls of the machine's own arch whose arguments fulfil the conditions.
     *
     * @return at least one; each is what happens to a certain call, so with very many rules one may
     *     be missing, and none is wrong
     */
    public List<Outcome> outcomes(CallRef call, List<Condition> where) {
        List<Rule> ofCall = rules.get(arch()).getOrDefault(names.get(arch()).key(call), List.of());
        return new Witnesses(ofCall, where).outcomes(rest(ofCall, call));
    }

    /**
     * With which arguments the kernel makes a call of the machine's own architecture: alternatives,
     * each with conditions that must all hold. If it would take too many, one without conditions.
     */
    public List<List<Condition>> passing(CallRef call) {
        String key = names.get(arch()).key(call);
        List<Rule> all = new ArrayList<>(rules.get(arch()).getOrDefault(key, List.of()));
        all.add(Rule.of(call, List.of(), rest(all, call)));
        return Region.where(all, Action::passes).orElse(List.of(List.of()));
    }

    /** What happens where no rule matches. */
    private Action rest(List<Rule> ofCall, CallRef call) {
        return ofCall.isEmpty()
                ? document.unlisted(names.get(arch()).find(call))
                : document.otherwise();
    }

    /** The ruling on a call that no rule can name, such as one with a negative number. */
    public Ruling aboutUnnameable(String arch) {
        return covers(arch)
                ? ruling(List.of(), document.unlisted(Optional.empty()))
                : foreign(arch);
    }

    private Ruling foreign(String arch) {
        Action refusal = document.logsForeign() ? Action.LOG : Action.KILL;
        return new Ruling(
                Ruling.Extent.NEVER,
                List.of(),
                ActionText.format(refusal) + FOREIGN + arch,
                List.of());
    }

    private static Ruling ruling(List<Rule> ofCall, Action otherwise) {
        String text = new Decision(ofCall, otherwise).text();
        List<Rule> all = new ArrayList<>(ofCall);
        if (otherwise == Action.ALLOW) {
            all.add(Rule.of(new CallRef.Numbered(0), List.of(), Action.ALLOW));
        }
        Optional<List<List<Condition>>> allowed =
                Region.where(all, action -> action == Action.ALLOW);
        if (allowed.isEmpty()) {
            return new Ruling(Ruling.Extent.SOMETIMES, List.of(), text, ofCall);
        }
        if (allowed.get().isEmpty()) {
            return new Ruling(Ruling.Extent.NEVER, List.of(), text, ofCall);
        }
        if (allowed.get().contains(List.<Condition>of())) {
            return new Ruling(Ruling.Extent.ALWAYS, List.of(), text, ofCall);
        }
        return new Ruling(
                Ruling.Extent.SOMETIMES,
                entries(ofCall.get(0).call(), allowed.get()),
                text,
                ofCall);
    }

    private static List<String> entries(CallRef call, List<List<Condition>> alternatives) {
        List<String> entries = new ArrayList<>();
        for (List<Condition> conditions : alternatives) {
            long arguments = conditions.stream().map(Condition::argument).distinct().count();
            if (arguments != conditions.size()) {
                return List.of();
            }
            entries.add(PolicyText.format(call, conditions));
        }
        return entries;
    }

    /**
     * What is allowed with some arguments only, on the machine's own architecture: entries of a
     * list, with those of one call next to each other. A call that no list can express is missing.
     */
    public List<String> conditionalEntries() {
        return rules.get(arch()).values().stream()
                .flatMap(ofCall -> ruling(ofCall, document.otherwise()).entries().stream())
                .toList();
    }

    /**
     * The items that the file allows: each rule that allows something, or all rules of a group as
     * one item, in the order of the file. None for a deny list.
     */
    public List<AllowedItem> allowedItems() {
        if (!isAllowList()) {
            return List.of();
        }
        Map<String, List<Rule>> items = new LinkedHashMap<>();
        for (Rule rule : document.rules()) {
            if (rule.action() == Action.ALLOW && mayExist(rule.call())) {
                items.computeIfAbsent(itemKey(rule), key -> new ArrayList<>()).add(rule);
            }
        }
        return items.values().stream().map(this::item).toList();
    }

    /** Whether it can have an effect: a name that no arch has may be ignored. */
    private boolean mayExist(CallRef call) {
        return !document.ignoresMissing()
                || names.values().stream().anyMatch(calls -> calls.exist(call));
    }

    /** Whether we added it because no run surely shows the call, as the comment says. */
    public boolean isAddition(Rule rule) {
        String call = rule.call() + ": " + ADDED;
        String entry = rule.subject() + ": " + ADDED;
        return rule.note().reason().startsWith(ADDED)
                || document.comments().stream()
                        .anyMatch(each -> each.startsWith(call) || each.startsWith(entry));
    }

    private static boolean isOfGroup(Rule rule) {
        return rule.note().reason().matches("@[a-z0-9-]+");
    }

    private static String itemKey(Rule rule) {
        return isOfGroup(rule)
                ? rule.note().line() + " " + rule.note().reason()
                : rule.note().line() + " " + rule.subject();
    }

    private AllowedItem item(List<Rule> ofItem) {
        Rule first = ofItem.get(0);
        Set<String> keys = new LinkedHashSet<>();
        for (Rule rule : ofItem) {
            names.forEach((arch, calls) -> keys.add(arch + calls.key(rule.call())));
        }
        boolean group = isOfGroup(first) && ofItem.size() > 1;
        return new AllowedItem(
                group ? first.note().reason() : first.subject(),
                first.note().line(),
                ofItem.stream().anyMatch(Rule::isConditional),
                ofItem,
                keys);
    }

    /** The key of a call in {@link AllowedItem#keys}. */
    public String key(String arch, CallRef call) {
        return arch + (covers(arch) ? names.get(arch).key(call) : " " + call);
    }

    /**
     * Something that a policy allows.
     *
     * @param subject the call, with its conditions, or a group
     * @param line its line in the file, from 1; 0 if unknown
     * @param conditional whether it is allowed only with some arguments
     * @param rules the rules after it, one or more
     * @param keys the keys of the calls that it allows
     */
    public record AllowedItem(
            String subject, int line, boolean conditional, List<Rule> rules, Set<String> keys) {
        public AllowedItem {
            rules = List.copyOf(rules);
            keys = Set.copyOf(keys);
        }
    }
}
