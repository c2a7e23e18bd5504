// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the words for a decoded filter that answers ENOSYS to all numbers that it does not know. It
 * lists every other call, of which most get one action: what the policy says of calls that are not
 * listed. Calls of newer kernels get ENOSYS ({@link UnknownCalls}).
 */
final class JudgedCalls {
    private final PolicyDocument document;
    private final Map<String, List<Rule>> rules = new LinkedHashMap<>();
    private final Map<String, Syscall> calls = new LinkedHashMap<>();

    /** {@code document} names each call that does not get ENOSYS. */
    JudgedCalls(PolicyDocument document, Arch machine) {
        this.document = document;
        for (Rule rule : document.rules()) {
            rules.computeIfAbsent(rule.call().toString(), name -> new ArrayList<>()).add(rule);
        }
        for (String name : document.coverage().archesOn(machine.name())) {
            SyscallDb.get()
                    .archByName(name)
                    .map(SyscallDb.get()::table)
                    .ifPresent(
                            table ->
                                    table.all()
                                            .forEach(call -> calls.putIfAbsent(call.name(), call)));
        }
    }

    /** The document with the fewest rules. The given one is preferred to others as short. */
    PolicyDocument shortest() {
        PolicyDocument shortest = document;
        for (Action action : commonActions()) {
            for (UnknownCalls unknown : candidates()) {
                if (action == Action.ALLOW && refusesJudged(unknown)) {
                    continue; // an allow list is not turned into a deny list
                }
                List<Rule> needed = needed(action, unknown);
                if (needed.size() < shortest.rules().size()) {
                    shortest = document.withDefault(action, unknown).withRules(needed);
                }
            }
        }
        return shortest;
    }

    private Set<Action> commonActions() {
        Set<Action> actions = new LinkedHashSet<>();
        rules.values().stream()
                .filter(JudgedCalls::isPlain)
                .forEach(ofCall -> actions.add(ofCall.get(0).action()));
        actions.remove(UnknownCalls.REFUSAL);
        return actions;
    }

    private List<UnknownCalls> candidates() {
        List<UnknownCalls> candidates = new ArrayList<>(List.of(UnknownCalls.ABOVE_TABLES));
        Set<KernelVersion> versions = new TreeSet<>();
        calls.keySet().forEach(name -> versions.add(SyscallDb.get().firstKernels().get(name)));
        versions.forEach(version -> candidates.add(UnknownCalls.after(version)));
        return candidates;
    }

    private boolean refusesJudged(UnknownCalls unknown) {
        return calls.values().stream()
                .anyMatch(call -> unknown.judges(call) && !rules.containsKey(call.name()));
    }

    private List<Rule> needed(Action otherwise, UnknownCalls unknown) {
        PolicyDocument shorter = document.withDefault(otherwise, unknown);
        List<Rule> needed = new ArrayList<>();
        rules.forEach(
                (name, ofCall) -> {
                    Action unlisted = shorter.unlisted(Optional.ofNullable(calls.get(name)));
                    if (!isPlain(ofCall) || !ofCall.get(0).action().equals(unlisted)) {
                        needed.addAll(ofCall);
                        Rule last = ofCall.get(ofCall.size() - 1);
                        if (last.isConditional()) {
                            needed.add(Rule.of(last.call(), List.of(), document.otherwise()));
                        }
                    }
                });
        for (Syscall call : calls.values()) {
            boolean listed = rules.containsKey(call.name());
            if (!listed && !shorter.unlisted(Optional.of(call)).equals(document.otherwise())) {
                needed.add(
                        Rule.of(new CallRef.Named(call.name()), List.of(), document.otherwise()));
            }
        }
        return needed;
    }

    private static boolean isPlain(List<Rule> ofCall) {
        return ofCall.size() == 1 && !ofCall.get(0).isConditional();
    }
}
