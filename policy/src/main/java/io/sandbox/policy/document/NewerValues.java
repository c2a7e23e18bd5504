// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.ErrnoNames;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.syscalldb.NewerValue;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules for values that the author of a policy cannot have judged: a newer kernel brought them.
 * A C library or a runtime tries a new value first, and goes on without it if the kernel answers as
 * an old one. {@code preload/src/library/rules.c} makes the same.
 */
final class NewerValues {
    /**
     * A rule for each such value of a call of which some rule can hold, but none for the value. Of
     * two that a call has, the smaller errno counts, as in a list.
     *
     * @param machine the name of its architecture, for calls that are given by their numbers
     */
    static List<Rule> rules(List<Rule> rules, UnknownCalls unknown, String machine) {
        List<Rule> made = new ArrayList<>();
        if (!unknown.refused() || unknown.newest().isEmpty()) {
            return made; // each value is judged: a start reads no table of them
        }
        Optional<SyscallTable> table =
                SyscallDb.get().archByName(machine).map(SyscallDb.get()::table);
        for (NewerValue each : SyscallDb.get().newerValues()) {
            if (unknown.judges(each.kernel())) {
                continue;
            }
            Optional<CallRef> call = Optional.empty();
            boolean canHold = false;
            for (Rule rule : rules) {
                if (isFor(rule.call(), each.call(), table)
                        && rule.conditions().stream().noneMatch(Condition::neverHolds)) {
                    call = Optional.of(rule.call());
                    canHold |= canHold(rule, each);
                }
            }
            if (call.isPresent() && !canHold) {
                Condition value = Condition.masked(each.argument(), each.mask(), each.value());
                int errno = ErrnoNames.numberOf(each.errno()).getAsInt();
                made.add(Rule.of(call.get(), List.of(value), Action.errno(errno)));
            }
        }
        return Rule.strictestFirst(made);
    }

    private static boolean isFor(CallRef call, String name, Optional<SyscallTable> table) {
        return call instanceof CallRef.Numbered numbered
                ? table.flatMap(calls -> calls.byNumber(numbered.number()))
                        .filter(found -> found.name().equals(name))
                        .isPresent()
                : call.toString().equals(name);
    }

    private static boolean canHold(Rule rule, NewerValue value) {
        return rule.conditions().stream()
                .filter(each -> each.isOfBits() && each.argument() == value.argument())
                .allMatch(
                        each -> ((each.value() ^ value.value()) & each.mask() & value.mask()) == 0);
    }
}
