// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.explain;

import io.sandbox.enforcer.launch.process.Caller;
import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A call for which a process was killed.
 *
 * @param arguments all six, unsigned
 * @param program the path of what it would have executed, if that is known
 */
public record RefusedCall(
        ObservedCall call, List<Long> arguments, Caller caller, Optional<String> program) {
    /** The path of the program that made the call, or words for an unknown one. */
    public String executable() {
        return caller.executable().orElse("a program that may not be looked at");
    }

    public int process() {
        return caller.process();
    }

    /** The code that made the call; empty if unknown. */
    public Optional<Origin> origin() {
        return caller.origin();
    }

    /**
     * The entry that would allow the call in an allowlist. If the list already has conditions on
     * this call, the entry has conditions on the same arguments, for the values of this call.
     *
     * @param rules that the policy has for the call
     * @param arch the architecture of the list
     * @return empty if no list of that architecture can hold the call
     */
    public Optional<String> missingEntry(List<Rule> rules, Arch arch) {
        TreeMap<Integer, Condition> conditions = new TreeMap<>();
        for (Rule rule : rules) {
            for (Condition condition : rule.conditions()) {
                conditions.putIfAbsent(condition.argument(), valueOf(condition));
            }
        }
        return call.listEntry(arch).map(name -> name + format(conditions));
    }

    private static String format(TreeMap<Integer, Condition> conditions) {
        // The call 0 stands for any: only the conditions are wanted.
        PolicyEntry entry =
                new PolicyEntry(new CallRef.Numbered(0), List.copyOf(conditions.values()));
        return entry.toString().substring(1);
    }

    private Condition valueOf(Condition condition) {
        long value = arguments.get(condition.argument());
        return condition.operator() == Operator.MASKED_EQ
                ? Condition.masked(condition.argument(), condition.mask(), value & condition.mask())
                : Condition.of(condition.argument(), Operator.EQ, value);
    }

    /** The policy's rules for this call, by name or number; may be empty. */
    public List<Rule> rulesOf(PolicyDocument document, Arch arch) {
        return document.rules().stream()
                .filter(rule -> numberOf(rule.call(), arch) == call.number())
                .toList();
    }

    /** Whether one of the policy's rules for this call, or what it says of all others, kills. */
    public boolean isKilledBy(List<Rule> rules, Action otherwise) {
        long[] values = arguments.stream().mapToLong(Long::longValue).toArray();
        return Rule.deciding(rules, values).map(Rule::action).orElse(otherwise).equals(Action.KILL);
    }

    private static int numberOf(CallRef call, Arch arch) {
        if (call instanceof CallRef.Numbered numbered) {
            return numbered.number();
        }
        return SyscallDb.get()
                .table(arch)
                .byName(((CallRef.Named) call).name())
                .map(Syscall::number)
                .orElse(-1);
    }
}
