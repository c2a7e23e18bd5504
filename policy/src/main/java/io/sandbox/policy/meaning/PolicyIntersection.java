// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The policy that lets through only what both of two policies let through. A call that both refuse
 * is refused as in the first, all others as in the one that refuses them: so {@code clone3} fails
 * with ENOSYS if the second says so, and the program makes {@code clone}.
 *
 * <p>It lets through less in one case: if one policy tests the lower half of an argument, and the
 * other leaves only values with something in the upper half. The kernel reads no upper half of an
 * {@code int}, and programs put nothing there.
 */
public final class PolicyIntersection {
    /** Nobody could review more rules of one call. */
    private static final int LIMIT = 4 * Region.LIMIT;

    private final PolicyDocument first;
    private final PolicyDocument second;
    private final CallNames names;
    private final List<Rule> rules = new ArrayList<>();

    private PolicyIntersection(PolicyDocument first, PolicyDocument second, CallNames names) {
        this.first = first;
        this.second = second;
        this.names = names;
    }

    /**
     * The rules of the first, with their comments and in their order, as far as the second lets
     * these calls through.
     *
     * @param here the circumstances for rules that depend on them; these rules then count anywhere
     * @throws PolicyFormatException if a call has too many conditions
     */
    public static PolicyDocument of(
            PolicyDocument first, PolicyDocument second, Circumstances here) {
        return new PolicyIntersection(
                        first.under(here), second.under(here), CallNames.on(here.arch()))
                .intersect();
    }

    private PolicyDocument intersect() {
        Reduction.forEachCall(first, second, names, this::add);
        boolean open = first.otherwise().passes();
        return new PolicyDocument(
                otherwise(),
                rules,
                coverage(),
                first.ignoresMissing() || open && second.ignoresMissing(),
                first.logDenials() || second.logDenials(),
                first.logsForeign() && second.logsForeign(),
                open ? first.unknown().and(second.unknown()) : first.unknown(),
                first.listener().or(second::listener),
                first.comments());
    }

    private Action otherwise() {
        return both(first.otherwise(), second.otherwise());
    }

    /** The stricter one; of two that refuse, the first. */
    private static Action both(Action one, Action other) {
        return strictness(other) > strictness(one) ? other : one;
    }

    private static int strictness(Action action) {
        if (action.passes()) {
            return action == Action.ALLOW ? 0 : 1;
        }
        return action.refuses() ? 3 : 2;
    }

    private Coverage coverage() {
        if (first.coverage().equals(second.coverage())) {
            return first.coverage();
        }
        Set<String> machines = new LinkedHashSet<>(first.coverage().byMachine().keySet());
        machines.addAll(second.coverage().byMachine().keySet());
        if (machines.isEmpty()) {
            List<String> also = new ArrayList<>(first.coverage().also());
            also.retainAll(second.coverage().also());
            return new Coverage(also, Map.of());
        }
        Map<String, List<String>> byMachine = new TreeMap<>();
        for (String machine : machines) {
            List<String> arches = first.coverage().foreignOn(machine);
            arches.retainAll(second.coverage().foreignOn(machine));
            byMachine.put(machine, arches);
        }
        return new Coverage(List.of(), byMachine);
    }

    /** Adds the rules of one call: each of ours combined with each of theirs, in this order. */
    private void add(List<Rule> ours, List<Rule> theirs) {
        CallRef call = (ours.isEmpty() ? theirs : ours).get(0).call();
        List<Rule> mine = withRest(ours, first, call);
        List<Rule> others = withRest(theirs, second, call);
        if (ours.isEmpty() && mine.get(0).action().refuses()) {
            return; // as all calls that the first does not list
        }
        List<Rule> found = new ArrayList<>();
        for (Rule one : mine) {
            Note note = one.note();
            for (Rule other : one.action().refuses() ? List.of(one) : others) {
                Optional<List<Condition>> where = conjunction(one, other);
                if (where.isPresent() && !isDecided(found, where.get())) {
                    Action action = both(one.action(), other.action());
                    found.add(Rule.of(call, where.get(), action).withNote(note));
                    note = Note.NONE;
                }
            }
            if (found.size() > LIMIT) {
                throw tooMany(call);
            }
        }
        withoutRest(found);
        rules.addAll(allowedFirst(found));
    }

    private List<Rule> withRest(List<Rule> rules, PolicyDocument document, CallRef call) {
        List<Rule> all = new ArrayList<>(rules);
        Action rest = rules.isEmpty() ? document.unlisted(names.find(call)) : document.otherwise();
        all.add(Rule.of(call, List.of(), rest));
        return all;
    }

    private static Optional<List<Condition>> conjunction(Rule one, Rule other) {
        try {
            return Conjunction.of(one.conditions(), other.conditions())
                    .filter(conditions -> !hasUpperHalf(conditions));
        } catch (IllegalArgumentException e) {
            throw tooMany(one.call());
        }
    }

    /** Whether they need something in the upper half though one is about the lower half. */
    private static boolean hasUpperHalf(List<Condition> conditions) {
        return conditions.stream()
                .filter(half -> half.mask() == Condition.LOWER_HALF)
                .anyMatch(
                        half ->
                                conditions.stream()
                                        .filter(each -> each.argument() == half.argument())
                                        .anyMatch(each -> !each.holds(half.value())));
    }

    private static PolicyFormatException tooMany(CallRef call) {
        return PolicyFormatException.ofWhole(call + ": too many conditions to intersect");
    }

    /** Whether an earlier rule decides whenever these conditions hold. */
    private static boolean isDecided(List<Rule> earlier, List<Condition> conditions) {
        return earlier.stream().anyMatch(rule -> conditions.containsAll(rule.conditions()));
    }

    /**
     * Removes rules that say what happens without them; and of those that refuse, also what is left
     * of an argument's lower half after a rule about the whole argument.
     */
    private void withoutRest(List<Rule> found) {
        for (int i = found.size() - 1; i >= 0; i--) {
            Rule rule = found.get(i);
            List<Rule> next =
                    found.subList(i + 1, found.size()).stream()
                            .filter(each -> overlap(each, rule))
                            .toList();
            boolean asUnlisted = next.isEmpty() && rule.action().equals(otherwise());
            boolean isRefusedAnyway =
                    otherwise().refuses()
                            && next.stream().allMatch(each -> each.action().refuses());
            if (asUnlisted
                    || isRefusedAnyway
                            && rule.action().refuses()
                            && isDecidedForNumbers(found.subList(0, i), rule.conditions())) {
                found.remove(i);
            }
        }
    }

    /** Whether an earlier rule decides if nothing is in the upper halves. */
    private static boolean isDecidedForNumbers(List<Rule> earlier, List<Condition> conditions) {
        List<Condition> whole = whole(conditions);
        return earlier.stream().anyMatch(rule -> whole.containsAll(whole(rule.conditions())));
    }

    /** As far as the order says nothing, since lists cannot say a refusal among what is allowed. */
    private static List<Rule> allowedFirst(List<Rule> found) {
        List<Rule> sorted = new ArrayList<>();
        for (Rule rule : found) {
            int place = sorted.size();
            while (rule.action().passes()
                    && place > 0
                    && !sorted.get(place - 1).action().passes()
                    && !overlap(sorted.get(place - 1), rule)) {
                place--;
            }
            sorted.add(place, rule);
        }
        return sorted;
    }

    private static boolean overlap(Rule one, Rule other) {
        return Region.overlap(one.conditions(), other.conditions());
    }

    private static List<Condition> whole(List<Condition> conditions) {
        return conditions.stream().map(Condition::asNumber).toList();
    }
}
